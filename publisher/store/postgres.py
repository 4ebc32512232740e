"""PostgreSQL: one writer at a time, and channel locks that live and die with a connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError

from publisher.extras import how_to_install
from publisher.store import errors
from publisher.store.errors import StoreError, plain_errors

# A server that is gone is noticed within half a minute, whatever the network does.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# And a client machine that is gone loses its locks within half a minute.
_SESSION = """
SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s';
SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = '25s'; SET timezone = 'UTC';
SELECT set_config('synchronous_commit', 'on', false)
 WHERE current_setting('synchronous_commit') = 'off'
"""


def key_of(name: str) -> int:
    """The 64-bit key of an advisory lock: the same on every machine and in every version."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


_ONE_WRITER = f"SELECT pg_advisory_xact_lock({key_of('publisher writer')})"


class Postgres:
    """Reads see a snapshot; a write waits until no other write is at work (ADR 10)."""

    cause = staticmethod(errors.of_postgres)

    def __init__(self, url: URL, name: str = "") -> None:
        self.name = name or f"PostgreSQL {url.database}"
        self._mine = _Mine()
        try:
            self.engine: Engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                connect_args={k: v for k, v in _PATIENCE.items() if k not in url.query},
                pool_size=5,
                max_overflow=25,
                pool_pre_ping=True,  # a server that was restarted is noticed before a transaction
                hide_parameters=True,
            )
        except ModuleNotFoundError:
            raise StoreError(f"用 PostgreSQL 还要驱动程序：{how_to_install('psycopg')}") from None
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)
        event.listen(self.engine, "handle_error", _without_values)

    def exists(self) -> bool:
        return True  # connecting will tell

    def make(self) -> None:
        """An administrator makes databases of a server."""

    def remove(self) -> None:
        """What is not committed is not there."""

    def own_connection(self) -> Connection | None:
        """The one that holds this thread's channel lock, if it holds one: no lock, no claim.

        SQLAlchemy would open a lost connection anew, and work on without the lock.
        """
        found = self._mine.connection
        if found is not None and found.invalidated:
            raise StoreError(f"数据库 {self.name}：{errors.CUT_OFF}")
        return found

    def take_turn(self, connection: Connection) -> None:
        connection.exec_driver_sql(_ONE_WRITER)

    def identity(self, connection: Connection) -> object:
        """The same for two addresses of one database."""
        return connection.exec_driver_sql(
            "SELECT (pg_control_system()).system_identifier, oid"
            " FROM pg_database WHERE datname = current_database()"
        ).one()

    def clock(self, connection: Connection) -> datetime | None:
        """What time it is where the database is."""
        now: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return now

    @contextmanager
    def channel_lock(self, channel: str) -> Iterator[bool]:
        """A lock of the session: it dies with its connection, whoever cuts it."""
        if channel in self._mine.channels:  # the server would give it to its holder once more
            yield False
            return
        with self._connection_of_this_thread() as connection:
            with plain_errors(self.name, self.cause):
                held = _ask(connection, "pg_try_advisory_lock", channel)
            if not held:
                yield False
                return
            self._mine.channels.add(channel)
            try:
                yield True
            finally:
                self._mine.channels.discard(channel)
                _unlock(connection, channel)

    @contextmanager
    def _connection_of_this_thread(self) -> Iterator[Connection]:
        if (mine := self.own_connection()) is not None:
            yield mine
            return
        with plain_errors(self.name, self.cause):
            connection = self.engine.connect()
        self._mine.connection = connection
        try:
            yield connection
        finally:
            self._mine.connection = None
            connection.close()


class _Mine(threading.local):
    """What this thread holds."""

    connection: Connection | None = None

    def __init__(self) -> None:
        self.channels: set[str] = set()


def _ask(connection: Connection, function: str, channel: str) -> bool:
    with connection.begin():
        key = key_of(f"publisher channel {channel}")
        return bool(connection.exec_driver_sql(f"SELECT {function}({key})").scalar())


def _unlock(connection: Connection, channel: str) -> None:
    """Give the lock back; where that cannot be said any more, the connection goes with it."""
    try:
        given_back = not connection.invalidated and _ask(connection, "pg_advisory_unlock", channel)
    except DBAPIError:
        given_back = False
    if not given_back and not connection.invalidated:
        connection.invalidate()


def _prepare(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: _begin says which kind we want.
    connection.autocommit = True
    connection.execute(_SESSION)


def _begin(connection: Connection) -> None:
    # A write must see what the writer before it committed, so its snapshot is taken after its
    # turn has come, statement by statement; a read sees one moment throughout.
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        if write
        else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )


def _without_values(context: ExceptionContext) -> None:
    """Take out of an error the row that the server shows in its details."""
    diagnosis = getattr(context.original_exception, "diag", None)
    if diagnosis is not None and diagnosis.message_primary and context.sqlalchemy_exception:
        context.original_exception.args = (diagnosis.message_primary,)
        name = type(context.original_exception).__name__
        context.sqlalchemy_exception.args = (f"({name}) {diagnosis.message_primary}",)
