"""SQLite: one file in WAL mode, and locks that are files beside it."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from publisher.store import errors
from publisher.store.errors import StoreError

_BUSY_SECONDS = 30
_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    "wal_autocheckpoint=8000",  # pages, 32 MB: one checkpoint where there would be eight
)


class Sqlite:
    """Reads see a snapshot; a write holds the file's write lock from its first moment."""

    cause = staticmethod(errors.of_sqlite)

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or str(path)
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            connect_args={"timeout": _BUSY_SECONDS},
            pool_size=20,
            hide_parameters=True,  # contents and numbers do not belong in the text of an error
        )
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)

    def exists(self) -> bool:
        return self.path.exists()

    def make(self) -> None:
        """Make the file, for our eyes only: it holds what is not public yet."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreError(f"建不了数据库 {self.name}：{errors.of_files(error)}") from None

    def remove(self) -> None:
        """Take away a file that was made in vain."""
        for end in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    def own_connection(self) -> Connection | None:
        """The connection that this thread must use; SQLite's locks hang on none."""
        return None

    def take_turn(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE has done it."""

    def identity(self, connection: Connection) -> object:  # noqa: ARG002 - PostgreSQL must ask
        """The same for two addresses of one database."""
        return self.path.resolve()

    def clock(self, connection: Connection) -> datetime | None:  # noqa: ARG002 - as above
        """There is no other clock than ours."""
        return None

    @contextmanager
    def channel_lock(self, channel: str) -> Iterator[bool]:
        """An OS lock on a file: it dies with its holder's process."""
        folder = self.path.parent / "locks"
        try:
            folder.mkdir(exist_ok=True)
            file = (folder / f"{channel}.lock").open("a")
        except OSError as error:
            why = errors.of_files(error)
            raise StoreError(f"建不了渠道 {channel} 的锁文件（在 {folder}）：{why}") from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def make_plain(path: Path) -> None:
    """Leave WAL mode, so that the one file is all there is and can be read from any medium."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(f"写不了 {path}：{errors.of_sqlite_driver(error)}") from None


def _prepare(connection: object, _record: object) -> None:
    # The driver must not open transactions by itself: _begin says which kind we want.
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
