"""A rebuild goes part by part; what a later part adds to the page of an earlier one is not lost."""

import shutil
from pathlib import Path

from sqlalchemy import delete

from publisher.store.shelf_tables import cards, lists, places, relations
from tests.support.shelf_city import contents, shelf_city

MANY = 42
"""More than two parts."""


def test_neighbours_and_partners_in_other_parts_are_linked_both_ways(tmp_path: Path) -> None:
    with shelf_city(tmp_path / "city") as city:
        for number in range(1, MANY + 1):
            city.submit(
                f"A-{number}",
                title=f"关于A-{number}的通知",
                related=["A-2"] if number == MANY else [],
            )
            city.clock.advance(minutes=1)
        city.city.flush()
        before = contents(city.files())
        with city.city.publisher.store.database.write() as connection:
            for table in (relations, places, lists, cards):
                connection.execute(delete(table))
        shutil.rmtree(city.site)
        city.rebuild()
        assert f"关于A-{MANY}的通知" in city.text("A-2")
        assert contents(city.files()) == before
