"""PostgreSQL on a bad day: cut connections, restarts, closed doors; and what its errors show."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from publisher.store import StoreError
from publisher.store.engine import Database
from publisher.store.postgres import key_of
from publisher.store.tables import pauses
from tests.factories import NOW, ROOT
from tests.support.postgres import PostgresServer

PAUSE = insert(pauses).values(channel="post", reason="", paused_by="", paused_at=NOW, resumed_by="")


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    found = postgres.fresh()
    yield found
    postgres.drop(found)


@pytest.fixture
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def test_a_connection_cut_in_mid_transaction_takes_all_of_it_along(
    postgres: PostgresServer, opened: Database, url: str
) -> None:
    def write() -> None:
        with opened.write() as connection:
            connection.execute(PAUSE)
            cut(postgres, url)
            connection.execute(PAUSE)

    with pytest.raises(StoreError) as caught:
        write()
    says_little(caught.value, postgres, url)
    assert how_many(opened) == 0
    with opened.write() as connection:
        connection.execute(PAUSE)
    assert how_many(opened) == 1


def test_a_commit_that_was_cut_off_is_an_error(
    postgres: PostgresServer, opened: Database, url: str
) -> None:
    def write() -> None:
        with opened.write() as connection:
            connection.execute(PAUSE)
            cut(postgres, url)

    with pytest.raises(StoreError):
        write()
    assert how_many(opened) == 0


def test_who_loses_the_lock_can_write_no_more_and_another_gets_it(
    postgres: PostgresServer, opened: Database, url: str
) -> None:
    with opened.channel_lock("post") as held:
        assert held
        with opened.write() as connection:
            connection.execute(PAUSE)
        cut(postgres, url)
        for _ in range(3):  # not only the first time: it must never connect anew without the lock
            with pytest.raises(StoreError, match="数据库 PostgreSQL"), opened.write():
                pytest.fail("it writes without the lock")
            with pytest.raises(StoreError, match="连接中断"), opened.read():
                pytest.fail("it reads on without the lock")
        assert locked_by_another(opened, "post")
    with opened.channel_lock("post") as held:
        assert held, "and afterwards it works again"
        with opened.write() as connection:
            connection.execute(PAUSE)
    assert how_many(opened) == 2
    assert advisory_locks(postgres) == []


def test_every_statement_under_the_lock_runs_on_the_connection_that_holds_it(
    opened: Database,
) -> None:
    mine = text("SELECT pg_backend_pid()")
    holding = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")
    with opened.channel_lock("post"):
        with opened.read() as connection:
            first = connection.execute(mine).scalar_one()
            assert connection.execute(holding).scalars().all() == [first]
        with opened.write() as connection:
            assert connection.execute(mine).scalar_one() == first
        with opened.channel_lock("other"), opened.read() as connection:
            assert connection.execute(mine).scalar_one() == first
        assert elsewhere(opened) != first


def test_a_server_that_was_restarted_is_noticed(postgres: PostgresServer, opened: Database) -> None:
    assert how_many(opened) == 0
    with opened.channel_lock("post") as held:
        assert held
        postgres.stop()
        with pytest.raises(StoreError), opened.read():
            pytest.fail("there is no server")
    with pytest.raises(StoreError, match="连不上"), opened.channel_lock("post"):
        pytest.fail("there is no server")
    with pytest.raises(StoreError, match="连不上"):
        how_many(opened)
    postgres.start()
    assert how_many(opened) == 0
    with opened.channel_lock("post") as held:
        assert held
    postgres.stop()
    postgres.start()
    assert how_many(opened) == 0, "a restart between two transactions is not even felt"


def test_a_writer_that_takes_too_long_is_said(opened: Database, postgres: PostgresServer) -> None:
    """What a waiting writer meets after half a minute; here after a twentieth of a second."""
    name = opened.engine.url.database
    with psycopg.connect(str(postgres.url(str(name)))) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({key_of('publisher writer')})".encode())
        with opened.engine.connect() as connection:  # ours says thirty seconds; say less here
            connection.exec_driver_sql("SET lock_timeout = '50ms'")
            connection.commit()
        with pytest.raises(StoreError, match="被别的程序占用"), opened.write():
            pytest.fail("two writers")
    with opened.write() as connection:
        connection.execute(PAUSE)
    assert how_many(opened) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, "账号或密码不对"),
        ({"user": "nobody"}, "账号或密码不对"),
        ({"port": "1"}, "连不上"),
        ({"database": "nowhere"}, "没有这个数据库"),
    ],
)
def test_a_closed_door_is_one_sentence_without_the_address(
    postgres: PostgresServer, change: dict[str, str], sentence: str
) -> None:
    url = postgres.url(change.pop("database", "postgres"), **change)
    for ask in (Database(url).version, Database(url).upgrade, Database(url).require_current):
        with pytest.raises(StoreError, match=sentence) as caught:
            ask()
        says_little(caught.value, postgres, url)


@pytest.mark.parametrize(
    "address",
    ["mysql://a:secret@b/c", "postgresql://u:secret@host", "nonsense", "postgresql://a:b@c:x/d"],
)
def test_an_address_that_is_none_is_said_without_it(address: str) -> None:
    with pytest.raises(StoreError, match="postgresql://") as caught:
        Database(address)
    assert "secret" not in str(caught.value)


def test_an_account_without_rights_is_said(postgres: PostgresServer, url: str) -> None:
    postgres.administer(f"CREATE ROLE guest LOGIN PASSWORD '{postgres.password}'")
    database = Database(url.replace("tester:", "guest:"))
    with pytest.raises(StoreError, match="权限不够"), database.read() as connection:
        connection.execute(select(pauses))
    database.close()


def test_what_does_not_fit_is_said_and_not_shown(opened: Database) -> None:
    for value in ("x" * 65, "a\0b"):
        with pytest.raises(StoreError) as caught, opened.write() as connection:
            connection.execute(PAUSE.values(channel=value))
        assert value not in str(caught.value)
        assert "太长" in str(caught.value) or "不能保存的字符" in str(caught.value)


def test_an_error_does_not_show_the_row_it_is_about(opened: Database) -> None:
    """The server would add «Failing row contains (…)»."""
    with pytest.raises(IntegrityError) as caught, opened.write() as connection:
        connection.execute(
            text(
                "INSERT INTO subscribers (ref, sealed, blind_index) VALUES ('13900010101', '', '')"
            )
        )
    assert "13900010101" not in str(caught.value.orig)
    assert "13900010101" not in caught.value.args[0]


def test_a_dead_client_machine_is_noticed_within_half_a_minute(opened: Database) -> None:
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
    with opened.read() as connection:
        idle, interval, count = (
            int(connection.execute(select(func.current_setting(name))).scalar_one())
            for name in names
        )
    assert idle + interval * count <= 30


def test_without_the_driver_the_command_to_install_it_is_said(url: str) -> None:
    program = (
        "import os, sys; sys.modules['psycopg'] = None\n"
        "from publisher.store.engine import Database, StoreError\n"
        "try: Database(os.environ['URL'])\n"
        "except StoreError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "缺少 Python 软件包 psycopg，请" in done.stdout
    assert "requirements-distributed.lock" in done.stdout


def cut(postgres: PostgresServer, url: str) -> None:
    """End every connection to a database, as a failing network or an administrator does."""
    database = url.rsplit("/", 1)[1]
    for pid, name in postgres.administer("SELECT pid, datname FROM pg_stat_activity"):
        if name == database:
            postgres.administer(f"SELECT pg_terminate_backend({pid}, 5000)")


def how_many(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(pauses)).scalar_one()


def elsewhere(database: Database) -> int:
    """The connection that another thread gets."""
    found: list[int] = []

    def ask() -> None:
        with database.read() as connection:
            found.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    return found[0]


def locked_by_another(database: Database, channel: str) -> bool:
    """Whether another thread gets the lock now."""
    got: list[bool] = []

    def take() -> None:
        with database.channel_lock(channel) as held:
            got.append(held)

    other = threading.Thread(target=take)
    other.start()
    other.join()
    return got == [True]


def advisory_locks(postgres: PostgresServer) -> list[tuple[object, ...]]:
    return postgres.administer("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")


def says_little(error: StoreError, postgres: PostgresServer, url: str) -> None:
    """Nothing of the address, the password or a statement, not even in the traceback."""
    assert not isinstance(error.__cause__, DBAPIError)
    for secret in (postgres.password, url, "tester", "127.0.0.1", "SELECT", "INSERT", "BEGIN"):
        assert secret not in str(error)
