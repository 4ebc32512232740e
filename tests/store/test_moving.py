"""Moving house: everything arrives, or the target is as it was."""

import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from publisher.model import Status
from publisher.store import StoreError
from publisher.store.copying import MOVED, move
from publisher.store.engine import Database
from publisher.submit import Outcome
from tests.factories import NOW
from tests.store.rows import a_pause, everything, is_untouched
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator
from tests.support.postgres import PostgresServer


def test_everything_arrives_and_the_old_database_stands_still(city: City, target: Database) -> None:
    source = city.publisher.store.database
    before = everything(source)
    copied = move(source, target, ["post", "other"], by="赵值", now=NOW)
    assert everything(target) == before
    assert copied == {name: len(rows) for name, rows in before.items()}
    assert copied["items"] == 3
    assert copied["refusals"] == 1
    left = {row.channel: (row.reason, row.paused_by) for row in everything(source)["pauses"]}
    assert left == {"post": (MOVED, "赵值"), "other": (MOVED, "赵值")}


def test_work_goes_on_where_it_stood(
    database: str, city: City, postgres: PostgresServer, tmp_path: Path
) -> None:
    """New rows get new numbers: the counters of the target go on from the highest."""
    assert database
    address = postgres.bare()
    with closing(Database(address)) as target:
        move(city.publisher.store.database, target, ["post"], by="赵值", now=NOW)
    with PostboxSimulator() as box:
        settings = settings_for(tmp_path, {"post": postbox(box.url)})
        storage = settings.storage.model_dump() | {"database": address}
        there = City(settings_for(tmp_path, {"post": postbox(box.url)}, storage=storage))
        assert there.submit("A-1").outcome is Outcome.KNOWN
        assert there.submit("A-4").outcome is Outcome.ACCEPTED
        there.flush()
        assert there.status("A-1", "post") is Status.DELIVERED
        assert there.status("A-2", "post") is Status.UNKNOWN
        assert there.status("A-4", "post") is Status.DELIVERED
        assert [letter["text"].split()[0] for letter in box.letters] == ["A-3", "A-4"]
        there.close()


def test_a_channel_at_work_stops_the_move(city: City, target: Database) -> None:
    source = city.publisher.store.database
    taken, enough = threading.Event(), threading.Event()

    def work() -> None:
        with source.channel_lock("post"):
            taken.set()
            enough.wait(30)

    worker = threading.Thread(target=work)
    worker.start()
    taken.wait(30)
    with pytest.raises(StoreError, match="post 正在工作"):
        move(source, target, [], by="赵值", now=NOW)
    enough.set()
    worker.join()
    assert is_untouched(target)
    assert everything(source)["pauses"] == []


def test_a_target_that_is_not_empty_stays_as_it_is(city: City, target: Database) -> None:
    target.upgrade()
    with target.write() as connection:
        connection.execute(a_pause("mine"))
    before = everything(target)
    with pytest.raises(StoreError, match="里已有数据"):
        move(city.publisher.store.database, target, ["post"], by="赵值", now=NOW)
    assert everything(target) == before
    assert everything(city.publisher.store.database)["pauses"] == []


def test_an_empty_target_with_our_tables_will_do(city: City, target: Database) -> None:
    target.upgrade()
    move(city.publisher.store.database, target, ["post"], by="赵值", now=NOW)
    assert len(everything(target)["items"]) == 3


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("CREATE TABLE theirs (id integer)", "别的程序的表"),
        ("UPDATE alembic_version SET version_num = '9999'", "不是本程序认识的"),
    ],
)
def test_a_target_of_others_or_of_the_future_stays_as_it_is(
    city: City, target: Database, statement: str, sentence: str
) -> None:
    target.upgrade()
    with target.write() as connection:
        connection.execute(text(statement))
    with pytest.raises(StoreError, match=sentence):
        move(city.publisher.store.database, target, ["post"], by="赵值", now=NOW)
    assert everything(city.publisher.store.database)["pauses"] == []


def test_the_same_database_under_another_address_is_known(
    database: str, city: City, tmp_path: Path
) -> None:
    source = city.publisher.store.database
    address = (
        tmp_path / "data" / ".." / "data" / "publisher.db"
        if database == "sqlite"
        else source.engine.url.set(host="localhost").render_as_string(hide_password=False)
    )
    with (
        closing(Database(address)) as itself,
        pytest.raises(StoreError, match="就是现在用的数据库"),
    ):
        move(source, itself, ["post"], by="赵值", now=NOW)


def test_what_breaks_off_leaves_no_half_copy(city: City, target: Database) -> None:
    """The source fails in the middle: a table that comes late is not to be had."""
    source = city.publisher.store.database
    with source.write() as connection:
        connection.execute(text("ALTER TABLE subscriptions RENAME TO hidden"))
    with pytest.raises(StoreError):
        move(source, target, ["post"], by="赵值", now=NOW)
    assert is_untouched(target)
