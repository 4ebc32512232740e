"""The database: opening it, its transactions, its schema version, its locks that die with us."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

_BUSY_SECONDS = 30


class StoreError(Exception):
    """The database cannot be used; one Chinese sentence for the operator."""


class Database:
    """One SQLite file in WAL mode. Reads see a snapshot, writes take the write lock at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = create_engine(
            f"sqlite:///{path}",
            connect_args={"timeout": _BUSY_SECONDS},
            pool_size=20,
            hide_parameters=True,  # contents and numbers do not belong in the text of an error
        )
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _plain_errors(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its first moment (BEGIN IMMEDIATE)."""
        with _plain_errors(self.path), self.engine.connect() as connection:
            writing = connection.execution_options(write=True)
            with writing.begin():
                yield writing

    def upgrade(self) -> str:
        """Make the database, or bring it to the version of this program; return that version."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)  # it holds what is not public yet
        except OSError as error:
            raise StoreError(f"建不了数据库 {self.path}：{error.strerror}") from None
        with _plain_errors(self.path), self.engine.connect() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return self.version()

    def version(self) -> str:
        with _plain_errors(self.path), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""

    def require_current(self) -> None:
        """Raise StoreError unless the schema is the one that this program was written for."""
        if not self.path.exists():
            raise StoreError(f"还没有数据库 {self.path}，请先运行 publisher db upgrade")
        found, wanted = self.version(), ScriptDirectory.from_config(_alembic()).get_current_head()
        if found != wanted:
            raise StoreError(
                f"数据库结构版本为 {found or '空'}，本程序需要 {wanted}，"
                "请先运行 publisher db upgrade"
            )

    @contextmanager
    def channel_lock(self, channel: str) -> Iterator[bool]:
        """The lock of a channel; yields whether we got it. It dies with its holder's process."""
        folder = self.path.parent / "locks"
        folder.mkdir(exist_ok=True)
        with (folder / f"{channel}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def _prepare(connection: object, _record: object) -> None:
    # The driver must not open transactions by itself: _begin says which kind we want.
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreError(f"数据库 {path} 暂时不能用：{_cause(error)}") from error


def _cause(error: DBAPIError) -> str:
    word = str(error.orig)
    known = {
        "database is locked": "被别的程序占用，请稍候再试",
        "unable to open database file": "打不开文件，请检查文件夹是否存在、可写",
        "attempt to write a readonly database": "只读，请检查文件和文件夹的权限",
        "database or disk is full": "磁盘已满，请清出空间",
        "disk I/O error": "读写磁盘出错，请检查磁盘",
    }
    return known.get(word, word)
