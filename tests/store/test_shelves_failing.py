"""A send that failed, a database that breaks off: the shelf says what is out, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from publisher.model import Status
from tests.support.shelf_city import ShelfCity, contents, shelf_city

ALL = "all"


@pytest.fixture
def city(database: str, tmp_path: Path) -> Iterator[ShelfCity]:
    """A city with two places on a page."""
    assert database
    with shelf_city(tmp_path / "city") as found:
        yield found


def test_a_send_that_failed_shows_nothing_and_the_next_shows_what_stands_then(
    city: ShelfCity,
) -> None:
    city.publish_each("A-1", "A-2")
    pages, beside = city.pages(), city.near("A-2")
    with city.in_the_way("atom.xml"):
        city.publish("A-3", title="关于A-3的通知")
        assert city.status("A-3") is Status.QUEUED
        assert city.pages() == pages
        assert city.near("A-2") == beside
    city.publish_each("B-1")
    assert city.pages()[ALL, None] == ["B-1"], "a place is kept for what failed, and not shown"
    assert "关于A-3的通知" not in city.read("catalogue/index.html")
    city.clock.advance(hours=1)
    city.city.flush()
    assert city.status("A-3") is Status.DELIVERED
    assert city.pages()[ALL, None] == ["B-1", "A-3"]
    found = contents(city.files())
    assert not [name for name in found if name.endswith(".part")]
    city.rebuild()
    assert contents(city.files()) == found


def test_what_is_called_delivered_is_on_the_shelf_in_the_same_step(city: ShelfCity) -> None:
    """The database breaks off at the card: the send was not settled either, and is made again."""
    city.publish_each("A-1")
    database = city.city.publisher.store.database
    with database.write() as connection:
        connection.execute(text("CREATE UNIQUE INDEX only_one ON cards (channel)"))
    city.submit("A-2", title="关于A-2的通知")
    with pytest.raises(SQLAlchemyError):
        city.city.flush()
    assert city.status("A-2") is Status.SENDING
    with database.write() as connection:
        connection.execute(text("DROP INDEX only_one"))
    for _ in range(2):
        city.clock.advance(hours=1)
        city.city.flush()
    assert city.status("A-2") is Status.DELIVERED
    assert city.pages()[ALL, None] == ["A-2", "A-1"]
    assert "关于A-2的通知" in city.read("catalogue/index.html")
