"""What both databases promise: one writer, true snapshots, locks that die with their holder."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Insert, select, text, update
from sqlalchemy.exc import IntegrityError

from publisher.model import Status
from publisher.store import StoreError
from publisher.store.engine import Database
from publisher.store.subscribing import Wish
from publisher.store.tables import items, pauses
from tests.factories import NOW, ROOT
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

HOLD = """
import os, sys
from pathlib import Path
from publisher.store.engine import Database
given = os.environ["ADDRESS"]
database = Database(given if given.startswith("postgresql") else Path(given))
with database.channel_lock("post") as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(address: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of the channel «post»."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=ROOT,
        env={"ADDRESS": str(address)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_the_channel_lock_dies_with_its_process(opened: Database, address: str | Path) -> None:
    with another_process(address) as holder:
        with opened.channel_lock("post") as held:
            assert held is False
        with opened.channel_lock("other") as held:
            assert held is True
        holder.kill()
        holder.wait()
        assert _free_in_the_end(opened, "post")


def test_a_lock_is_given_once_even_to_the_same_thread(opened: Database) -> None:
    with opened.channel_lock("post") as first, opened.channel_lock("post") as again:
        assert (first, again) == (True, False)
        with opened.channel_lock("other") as other:
            assert other is True
    with opened.channel_lock("post") as held:
        assert held is True


def test_a_body_that_fails_gives_the_lock_back(opened: Database) -> None:
    with pytest.raises(ZeroDivisionError), opened.channel_lock("post"):
        raise ZeroDivisionError
    with opened.channel_lock("post") as held:
        assert held is True


def test_staff_write_from_other_threads_while_a_channel_is_at_work(opened: Database) -> None:
    def write() -> None:
        with opened.write() as connection:
            connection.execute(_pause("staff"))

    with opened.channel_lock("post"):
        with opened.write() as connection:
            connection.execute(_pause("worker"))
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        with opened.read() as connection:
            assert len(connection.execute(select(pauses)).all()) == 2


def test_who_reads_and_then_writes_loses_no_update(opened: Database) -> None:
    """Four threads add one to the same number, each reading it first."""
    with opened.write() as connection:
        connection.execute(
            items.insert().values(id="A", year=0, serial=0, number="", url="", created_at=NOW)
        )

    def count() -> None:
        for _ in range(25):
            with opened.write() as connection:
                seen = connection.execute(select(items.c.serial)).scalar_one()
                connection.execute(update(items).values(serial=seen + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with opened.read() as connection:
        assert connection.execute(select(items.c.serial)).scalar_one() == 100


def test_a_read_sees_one_moment_and_cannot_write(opened: Database) -> None:
    with opened.read() as reader:
        before = reader.execute(select(pauses)).all()
        with opened.write() as connection:
            connection.execute(_pause("somebody"))
        assert reader.execute(select(pauses)).all() == before == []


def test_what_fails_leaves_nothing_behind(opened: Database) -> None:
    def write() -> None:
        with opened.write() as connection:
            connection.execute(_pause("somebody"))
            connection.execute(text("INSERT INTO subscriptions VALUES (1, 'nobody')"))

    with pytest.raises(IntegrityError):
        write()
    with opened.read() as connection:
        assert connection.execute(select(pauses)).all() == []


def test_a_version_from_the_future_is_left_alone(opened: Database) -> None:
    with opened.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="9999 不是本程序认识的"):
        opened.upgrade()


def test_numbers_are_sealed_at_rest(database: str, tmp_path: Path) -> None:
    with PostboxSimulator() as box:
        stanza = postbox(box.url, options={"addressed": True})
        city = City(settings_for(tmp_path, {"post": stanza}))
        vault = city.publisher.vault
        assert vault
        wish = Wish(vault.index("13900010101"), "13900010101", frozenset({"财政预决算"}))
        city.publisher.store.subscribers.take([wish], vault.seal, by="李办", now=city.clock())
        box.plan(Fault.LATE_ERROR)
        city.submit()
        city.flush()
        assert box.letters[0]["to"] == ["13900010101"]
        assert city.status("A-1", "post") is Status.UNKNOWN
        assert b"13900010101" not in _everything(city.publisher.store.database), database
        city.close()
    if database == "sqlite":
        assert b"13900010101" not in (tmp_path / "data" / "publisher.db").read_bytes()


def _everything(database: Database) -> bytes:
    tables = items.metadata.sorted_tables
    with database.read() as connection:
        rows = [str(connection.execute(select(table)).all()) for table in tables]
    return "\n".join(rows).encode()


def test_a_write_within_a_write_is_part_of_it(opened: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_twice_and_fail(opened)
    with opened.read() as reading:
        assert reading.execute(select(pauses.c.id)).all() == []
    with opened.write() as alone:
        alone.execute(_pause("alone"))
    with opened.read() as reading:
        assert len(reading.execute(select(pauses.c.id)).all()) == 1


def _write_twice_and_fail(opened: Database) -> None:
    with opened.write() as outer:
        with opened.write() as inner:
            inner.execute(_pause("inner"))
        with opened.read() as reading:
            assert len(reading.execute(select(pauses.c.id)).all()) == 1, "it sees what it wrote"
        outer.execute(_pause("outer"))
        raise ZeroDivisionError


def _pause(channel: str) -> Insert:
    return pauses.insert().values(
        channel=channel, reason="", paused_by="", paused_at=NOW, resumed_by=""
    )


def _free_in_the_end(database: Database, channel: str) -> bool:
    """A server notices within moments that a client's machine has closed its connection."""
    for _ in range(100):
        with database.channel_lock(channel) as held:
            if held:
                return True
        threading.Event().wait(0.05)
    return False
