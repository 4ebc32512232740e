"""What the database itself promises."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from publisher.model import Status
from publisher.planning import Parcel
from publisher.settle import Kind, Settlement
from publisher.store import StoreError
from publisher.store.history import Try
from publisher.store.outcomes import Times
from publisher.store.queue import Batch
from publisher.store.subscribers import Wish
from publisher.store.tables import APPEND_ONLY, metadata
from tests.simulators.server import Fault
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


def test_the_migrations_make_exactly_the_tables_of_the_code(city: City) -> None:
    with city.publisher.store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_wal_foreign_keys_and_full_synchronisation_are_on(city: City) -> None:
    with city.publisher.store.database.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


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
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
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
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    settled = _settle_as_delivered(city, late)
    assert settled is False
    assert city.status("A-1", "post") is Status.UNKNOWN
    assert box.letters == []


def test_the_channel_lock_dies_with_its_holder(city: City, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from publisher.store.engine import Database\n"
        "with Database(Path(sys.argv[1])).channel_lock('post') as held:\n"
        "    print(held, flush=True); sys.stdin.read()\n"
    )
    path = tmp_path / "data" / "publisher.db"
    database = city.publisher.store.database
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        with database.channel_lock("post") as held:
            assert held is False
        holder.kill()
        holder.wait()
    with database.channel_lock("post") as held:
        assert held is True


def test_a_database_that_cannot_be_opened_is_one_plain_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "publisher.db"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match="打不开"):
        City(settings_for(tmp_path, {}))


def test_numbers_are_sealed_at_rest(tmp_path: Path, box: PostboxSimulator) -> None:
    stanza = postbox(box.url, options={"addressed": True})
    city = City(settings_for(tmp_path, {"post": stanza}))
    vault = city.publisher.vault
    assert vault
    wish = Wish(vault.index("13900010101"), "13900010101", frozenset({"财政预决算"}))
    city.publisher.store.subscribers.take([wish], vault.seal, city.clock())
    box.plan(Fault.LATE_ERROR)
    city.submit()
    city.flush()
    assert box.letters[0]["to"] == ["13900010101"]
    city.close()
    with closing(sqlite3.connect(tmp_path / "data" / "publisher.db")) as raw:
        dump = "\n".join(raw.iterdump())
    assert "13900010101" not in dump
    assert b"13900010101" not in (tmp_path / "data" / "publisher.db").read_bytes()


def _freeze(city: City) -> Batch:
    queue = city.publisher.store.queue
    (due,) = queue.due("post", city.clock(), 10)
    rendition = city.publisher.routes["post"].channel.render(queue.load([due], city.clock()))
    (batch,) = queue.freeze("post", {Parcel((due,)): rendition}, city.clock(), city.clock())
    return batch


def _settle_as_delivered(city: City, batch: Batch) -> bool:
    now = city.clock()
    return city.publisher.store.outcomes.settle(
        batch,
        Settlement(status=Status.DELIVERED),
        Try(kind=Kind.SEND, actor="late", started_at=now, ended_at=now),
        Times(),
    )
