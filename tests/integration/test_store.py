"""What a store promises of its rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from publisher.model import Status
from publisher.planning import Parcel
from publisher.settle import Kind, Settlement, Times
from publisher.store import StoreError
from publisher.store.history import Try
from publisher.store.queue import Batch
from publisher.store.tables import APPEND_ONLY
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox(box.url)}))
    yield found
    found.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_history_cannot_be_changed(
    city: City, box: PostboxSimulator, table: str, statement: str
) -> None:
    city.submit()
    city.flush()
    city.submit_bytes(b"{}")
    assert box.letters
    with (
        pytest.raises(IntegrityError, match="append-only"),
        city.publisher.store.database.write() as connection,
    ):
        connection.execute(text(statement.format(table)))


def test_an_old_schema_stops_the_start_with_the_command_to_run(tmp_path: Path) -> None:
    city = City(settings_for(tmp_path, {}))
    city.publisher.store.database.require_current()
    with city.publisher.store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(StoreError, match="publisher db upgrade"):
        city.publisher.store.database.require_current()
    city.close()


def test_a_write_does_not_wait_for_readers_nor_they_for_it(city: City) -> None:
    city.submit("A-1")
    with city.publisher.store.database.read() as reader:
        before = reader.execute(text("SELECT count(*) FROM items")).scalar()
        city.submit("A-2")
        assert reader.execute(text("SELECT count(*) FROM items")).scalar() == before


def test_only_one_claim_wins(city: City) -> None:
    city.submit()
    batch = _freeze(city)
    assert batch.claim, "whoever freezes it holds it"
    assert city.publisher.store.queue.claim(batch, city.clock()) is None


def test_who_lost_the_claim_cannot_write_a_result(city: City, box: PostboxSimulator) -> None:
    """A worker that hung comes back after its batch was settled as stranded by another one."""
    city.submit()
    late = _freeze(city)
    city.clock.advance(minutes=3)  # its holder may only be cut off from the database
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    settled = _settle_as_delivered(city, late)
    assert settled is False
    assert city.status("A-1", "post") is Status.UNKNOWN
    assert box.letters == []


def _freeze(city: City) -> Batch:
    queue = city.publisher.store.queue
    (due,) = queue.due("post", city.clock(), 10, repeatable=False)
    rendition = city.publisher.routes["post"].channel.render(queue.load([due], city.clock()))
    (batch,) = queue.freeze("post", {Parcel((due,)): rendition}, city.clock(), city.clock())
    return batch


def _settle_as_delivered(city: City, batch: Batch) -> bool:
    now = city.clock()
    return city.publisher.store.outcomes.settle(
        batch,
        Settlement(status=Status.DELIVERED),
        Try(kind=Kind.SEND, actor="late", started_at=now, ended_at=now),
        lambda _: Times(),
        addressed=False,
    )
