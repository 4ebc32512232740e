"""SQLite on a bad day: each trouble is one clear sentence, and nothing is half written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from publisher.store import StoreError
from publisher.store.engine import Database
from tests.factories import ROOT
from tests.store.disks import CAN_MOUNT, NAMESPACE

ON_A_DISK = """
import sys
from contextlib import suppress
from pathlib import Path
from publisher.store import StoreError
from publisher.store.engine import Database
folder, step = Path(sys.argv[1]), sys.argv[2]
database = Database(folder / "publisher.db")
def fill():
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE bulk AS SELECT randomblob(9000000)")
def lock():
    with database.channel_lock("post"):
        pass
def fill_up_and_lock():
    with suppress(OSError):
        for number in range(100):
            (folder / f"fill-{number}").touch()
    lock()
try:
    {"upgrade": database.upgrade, "fill": fill, "lock": lock,
     "check": database.require_current, "fill_up_and_lock": fill_up_and_lock}[step]()
except StoreError as error:
    print(error)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "publisher.db"


def test_wal_foreign_keys_and_full_synchronisation_are_on(path: Path) -> None:
    database = Database(path)
    database.upgrade()
    with database.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
    assert path.stat().st_mode & 0o777 == 0o600
    database.close()


def test_what_stands_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "publisher.db").mkdir()
    with pytest.raises(StoreError, match="打不开文件"):
        Database(tmp_path / "publisher.db").upgrade()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="应为文件夹的地方有一个文件"):
        Database(tmp_path / "file" / "publisher.db").upgrade()


def test_a_file_that_is_something_else_is_left_alone(path: Path) -> None:
    path.write_bytes(b"PK\3\4" * 2000)
    with pytest.raises(StoreError, match="不是数据库"):
        Database(path).upgrade()
    assert path.read_bytes() == b"PK\3\4" * 2000


def test_no_database_yet_and_an_empty_one_name_the_command(path: Path) -> None:
    database = Database(path)
    with pytest.raises(StoreError, match="还没有数据库"):
        database.require_current()
    path.touch()
    with pytest.raises(StoreError, match="请先运行 publisher db upgrade"):
        database.require_current()
    database.close()


def test_a_table_that_is_gone_is_said_without_the_statement(path: Path) -> None:
    database = Database(path)
    database.upgrade()
    with pytest.raises(StoreError) as caught, database.read() as connection:
        connection.execute(text("SELECT secret FROM nowhere"))
    assert "publisher db upgrade" in str(caught.value)
    assert "SELECT" not in str(caught.value)
    database.close()


def test_a_writer_that_holds_on_is_waited_for_and_then_said(path: Path) -> None:
    first, second = Database(path), Database(path)
    first.upgrade()
    with second.engine.connect() as impatient:  # it goes back to the pool: the write gets this one
        impatient.exec_driver_sql("PRAGMA busy_timeout = 50")
        impatient.rollback()
    with first.write(), pytest.raises(StoreError, match="被别的程序占用"), second.write():
        pytest.fail("two writers")
    first.close()
    second.close()


@CAN_MOUNT
@pytest.mark.parametrize(
    ("how", "step", "sentence"),
    [
        ("size=64k", "upgrade", "磁盘已满"),
        ("size=2m", "fill", "磁盘已满"),
        ("size=2m", "fill_up_and_lock", "磁盘已满"),
        ("ro", "upgrade", "可写"),
        ("ro", "lock", "只读"),
        ("ro", "check", "可写"),
    ],
)
def test_a_full_or_read_only_disk_is_one_sentence(
    tmp_path: Path, how: str, step: str, sentence: str
) -> None:
    """On a disk of its own: one that is small, or one that turned read-only with a database on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    run = f'"{sys.executable}" -c "$PROGRAM" "{disk}"'
    steps = {
        "size": f"mount -t tmpfs -o {how},nr_inodes=8 none {disk}; ",
        "ro": f"mount -t tmpfs none {disk}; {run} upgrade; mount -o remount,ro {disk}; ",
    }[how.split("=", maxsplit=1)[0]]
    ready = f"{run} upgrade; " if step.startswith("fill") else ""
    done = subprocess.run(
        [*NAMESPACE, "sh", "-ec", f"{steps} {ready} {run} {step}"],
        cwd=ROOT,
        env={**os.environ, "PROGRAM": ON_A_DISK},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert sentence in done.stdout
    assert len(done.stdout.splitlines()) == 1
