"""Copying a whole database into an empty one: to move, to keep a backup, to come back from one.

A copy happens in one transaction of the target: it is there whole, or the target is as it was.
"""

import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, delete, func, insert, inspect, literal, select, update

from publisher.store import errors
from publisher.store.base import metadata
from publisher.store.engine import Database, migrate
from publisher.store.errors import StoreError
from publisher.store.office_tables import changes, sessions, webhooks
from publisher.store.sqlite import make_plain
from publisher.store.tables import deliveries, pauses

MOVED = "已迁移到另一个数据库"
RESTORED = "从备份恢复：先核对发出过什么，重新下达备份之后的更正和撤回，再恢复渠道"

_AT_ONCE = 1000
_BYTES_AT_ONCE = 8  # rows with a file in each; one may be as large as an attachment


def move(
    source: Database, target: Database, channels: Collection[str], *, by: str, now: datetime
) -> dict[str, int]:
    """Copy everything, then pause every channel in the source; rows copied, by table.

    Nobody can work or write in the source meanwhile: we hold all channels' locks, and its turn to
    write. The source's pauses become true with its commit, after the target's.
    """
    _refuse_same(source, target)
    with ExitStack() as locks:
        every = sorted({*channels, *_channels_of(source)})
        for channel in every:
            if not locks.enter_context(source.channel_lock(channel)):
                raise StoreError(f"渠道 {channel} 正在工作，请先停止所有的 publisher work，再复制")
        way_out = "请换一个空的数据库"
        with source.write() as old, _filling(target, way_out) as new:
            copied = _copy(old, new)
            _pause(old, every, MOVED, by, now)
    return copied


def backup(
    source: Database, file: Path, channels: Collection[str], *, by: str, now: datetime
) -> dict[str, int]:
    """Copy one moment of the database into a new file, while work goes on.

    In the copy these channels are paused: whoever restores it does not know yet what went out, and
    what was taken back, after that moment.
    """
    beside = file.with_name(f".{file.name}.part")
    target = Database(beside, str(file))
    try:
        if file.exists():
            raise StoreError(f"已有 {file}，不会覆盖，请换一个文件名")
        target.kind.remove()
        try:
            with source.read() as old, _filling(target, "") as new:
                copied = _copy(old, new)
                _pause(new, channels, RESTORED, by, now)
            make_plain(beside)
            beside.rename(file)
        finally:
            target.kind.remove()
    except OSError as error:
        raise StoreError(f"写不了备份 {file}：{errors.of_files(error)}") from None
    return copied


def restore(
    file: Path,
    target: Database,
    scratch: Path,
    channels: Collection[str],
    *,
    by: str,
    now: datetime,
) -> dict[str, int]:
    """Copy a backup into a database that is empty or not there yet.

    The backup itself is only read: a copy of it, in `scratch`, is brought to our version. These
    channels are paused: the backup may be older than the configuration that will serve them.
    """
    if file.with_name(file.name + "-wal").exists():
        raise StoreError(f"{file} 正在使用，不是备份；备份请用 publisher db backup 来做")
    with _copy_of(file, scratch) as source:
        _refuse_damaged(source, file)
        if not source.version():
            raise StoreError(f"{file} 不是本程序的备份")
        source.upgrade()
        way_out = (
            "请先停止 publisher work，把旧数据库移走或改名"
            "（SQLite：publisher.db 和同名的 -wal、-shm 文件；PostgreSQL：另建一个空库并改配置）"
        )
        with source.read() as old, _filling(target, way_out) as new:
            copied = _copy(old, new)
            _pause(new, channels, RESTORED, by, now)
            # Who has been sent away since the backup must not be in again.
            new.execute(update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=now))
    return copied


@contextmanager
def _filling(target: Database, way_out: str) -> Iterator[Connection]:
    """A transaction in an empty database that has our tables; what comes to nothing leaves none."""
    was_there = target.kind.exists()
    target.kind.make()
    try:
        with target.write() as connection:
            _refuse_full(connection, target.name, way_out)
            migrate(connection, target.name)
            yield connection
    except BaseException:
        target.close()
        if not was_there:
            target.kind.remove()
        raise
    target.close()


def _refuse_same(source: Database, target: Database) -> None:
    if not target.kind.exists():
        return
    with source.read() as one, target.read() as other:
        if source.kind.identity(one) == target.kind.identity(other):
            raise StoreError("目标就是现在用的数据库，不用复制")


def _refuse_full(connection: Connection, name: str, way_out: str) -> None:
    there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if there - metadata.tables.keys():
        raise StoreError(f"数据库 {name} 里有别的程序的表，{way_out}")
    for table in sorted(there):
        one = select(literal(1)).select_from(metadata.tables[table]).limit(1)
        if connection.execute(one).first():
            raise StoreError(f"数据库 {name} 里已有数据，{way_out}")


def _copy(old: Connection, new: Connection) -> dict[str, int]:
    copied = {}
    for table in metadata.sorted_tables:
        if table is changes:
            new.execute(delete(changes))  # the copied deliveries have written some of their own
        _copy_table(old, new, table)
        counts = [
            one.execute(select(func.count()).select_from(table)).scalar() for one in (old, new)
        ]
        if counts[0] != counts[1]:
            raise StoreError(f"{table.name} 应有 {counts[0]} 行，只复制了 {counts[1]} 行，没有保存")
        copied[table.name] = counts[0] or 0
    return copied


def _copy_table(old: Connection, new: Connection, table: Table) -> None:
    most = _BYTES_AT_ONCE if table.name in {"blobs", "uploads"} else _AT_ONCE
    query = select(table).order_by(*table.primary_key)
    with old.execute(query, execution_options={"yield_per": most}) as rows:
        for part in rows.mappings().partitions():
            new.execute(insert(table), [dict(row) for row in part])
    counter = table.autoincrement_column
    if counter is None or new.dialect.name != "postgresql":
        return  # SQLite goes on from the highest id by itself
    highest = new.execute(select(func.max(counter))).scalar()
    if highest:
        sequence = func.pg_get_serial_sequence(table.name, counter.name)
        new.execute(select(func.setval(sequence, highest)))


def _pause(
    connection: Connection, channels: Collection[str], reason: str, by: str, now: datetime
) -> None:
    """Pause these channels, except those that are paused already; stop all webhooks likewise."""
    still = select(pauses.c.channel).where(pauses.c.resumed_at.is_(None))
    for channel in sorted(set(channels) - set(connection.execute(still).scalars())):
        connection.execute(
            insert(pauses).values(
                channel=channel, reason=reason, paused_by=by, paused_at=now, resumed_by=""
            )
        )
    connection.execute(
        update(webhooks).where(webhooks.c.active).values(active=False, stopped=reason)
    )


def _channels_of(source: Database) -> list[str]:
    """Every channel that has ever had a delivery, configured or not."""
    with source.read() as connection:
        return list(connection.execute(select(deliveries.c.channel).distinct()).scalars())


def _refuse_damaged(source: Database, file: Path) -> None:
    """Whoever comes with a backup must not be told to come with a backup."""
    try:
        with source.read() as connection:
            sound = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
    except StoreError as error:
        if errors.DAMAGED not in str(error):
            raise
        sound = False
    if not sound:
        raise StoreError(f"备份文件 {file} 已损坏，请换一份备份")


@contextmanager
def _copy_of(file: Path, scratch: Path) -> Iterator[Database]:
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=scratch, prefix="restore-") as folder:
            copy = Path(folder) / "backup.db"
            shutil.copyfile(file, copy)
            source = Database(copy, str(file))
            try:
                yield source
            finally:
                source.close()
    except FileNotFoundError:
        raise StoreError(f"没有文件 {file}") from None
    except OSError as error:
        raise StoreError(f"读不了备份 {file}：{errors.of_files(error)}") from None
