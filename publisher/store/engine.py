"""The database: opening it, its transactions, its schema version, its locks that die with us."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from publisher.store.errors import StoreError, plain_errors
from publisher.store.postgres import Postgres
from publisher.store.sqlite import Sqlite

__all__ = ["Database", "StoreError"]


class Database:
    """A SQLite file, or a PostgreSQL database by its address, postgresql://…

    Both keep the same promises: a read sees one moment; one write is at work at a time, so that
    what it reads is still so when it writes; a channel's lock dies with its holder.
    """

    def __init__(self, address: Path | str, name: str = "") -> None:
        self.kind = _kind(address, name)
        self.engine = self.kind.engine
        self.name = self.kind.name
        """What to call it before people; never its address."""
        self._mine = _Mine()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees the database as it was at one moment."""
        if (mine := self._mine.writing) is not None:
            yield mine
            return
        with self._plain_errors(), self._connection() as connection:
            reading = connection.execution_options(write=False)
            with reading.begin():
                yield reading

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is the only writer from its first moment.

        What the same thread reads and writes within it is part of it: all of it stands, or nothing.
        """
        if (mine := self._mine.writing) is not None:
            yield mine
            return
        with self._plain_errors(), self._connection() as connection:
            writing = connection.execution_options(write=True)
            with writing.begin():
                self.kind.take_turn(writing)
                self._mine.writing = writing
                try:
                    yield writing
                finally:
                    self._mine.writing = None

    def channel_lock(self, channel: str) -> AbstractContextManager[bool]:
        """The lock of a channel, not waited for; gives whether we got it."""
        return self.kind.channel_lock(channel)

    def clock(self) -> datetime | None:
        """What time it is where the database is; None if that is here."""
        with self.read() as connection:
            return self.kind.clock(connection)

    @property
    def lock_dies_with_process(self) -> bool:
        """Whether who has lost a channel's lock is surely dead; else he may only be cut off."""
        return isinstance(self.kind, Sqlite)

    def upgrade(self) -> str:
        """Make the database, or bring it to the version of this program; return that version."""
        self.kind.make()
        if self.version() != current_version():
            with self.write() as connection:
                migrate(connection, self.name)
        return self.version()

    def version(self) -> str:
        with self.read() as connection:
            return version_of(connection)

    def require_current(self) -> None:
        """Raise StoreError unless the schema is the one that this program was written for."""
        if not self.kind.exists():
            raise StoreError(f"还没有数据库 {self.name}，请先运行 publisher db upgrade")
        found, wanted = self.version(), current_version()
        if found == wanted:
            return
        if found and found not in known_versions():
            raise StoreError(_NEWER.format(name=self.name, version=found))
        raise StoreError(
            f"数据库结构版本为 {found or '空'}，本程序需要 {wanted}，请先运行 publisher db upgrade"
        )

    def _connection(self) -> AbstractContextManager[Connection]:
        mine = self.kind.own_connection()
        return self.engine.connect() if mine is None else nullcontext(mine)

    def _plain_errors(self) -> AbstractContextManager[None]:
        return plain_errors(self.name, self.kind.cause)


class _Mine(threading.local):
    """What this thread has open."""

    writing: Connection | None = None


@cache
def current_version() -> str:
    """The schema version that this program was written for."""
    return ScriptDirectory.from_config(_alembic()).get_current_head() or ""


def known_versions() -> set[str]:
    """Every schema version that this program can bring up to date."""
    return {one.revision for one in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def version_of(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(connection: Connection, name: str) -> None:
    """Bring the schema to our version within the transaction that is open: whole, or not at all."""
    config = _alembic()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreError(_NEWER.format(name=name, version=version_of(connection))) from None


def _kind(address: Path | str, name: str) -> Sqlite | Postgres:
    if isinstance(address, Path):
        return Sqlite(address, name)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(_WANTED) from None
    if url.get_backend_name() not in {"postgresql", "postgres"} or not url.database:
        raise StoreError(_WANTED)
    return Postgres(url, name)


_NEWER = "数据库 {name} 的结构版本 {version} 不是本程序认识的，请用更新的程序"
_WANTED = "数据库地址的写法不对，应为 postgresql://用户名:密码@主机:端口/数据库名"


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
