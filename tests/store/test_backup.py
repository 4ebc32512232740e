"""Backups: one file of one moment, and the way back from it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.store import StoreError
from publisher.store.copying import RESTORED, backup, restore
from publisher.store.engine import Database
from tests.factories import NOW, ROOT
from tests.store.disks import CAN_MOUNT, NAMESPACE
from tests.store.rows import a_pause, everything, is_untouched
from tests.support.city import City


def test_a_backup_is_one_private_file_of_one_moment(city: City, tmp_path: Path) -> None:
    source = city.publisher.store.database
    before = everything(source)
    file = tmp_path / "backups" / "monday.db"
    with source.channel_lock("post"):  # work may go on
        backup(source, file, ["post"], by="timer", now=NOW)
    assert [one.name for one in file.parent.iterdir()] == ["monday.db"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert everything(source) == before, "nothing changes where it was taken"
    copy = Database(file)
    found = everything(copy)
    copy.close()
    assert [(row.channel, row.reason) for row in found.pop("pauses")] == [("post", RESTORED)]
    before.pop("pauses")
    assert found == before


def test_a_backup_does_not_pause_twice_and_does_not_overwrite(city: City, tmp_path: Path) -> None:
    source = city.publisher.store.database
    with source.write() as connection:
        connection.execute(a_pause("post"))
    file = tmp_path / "monday.db"
    backup(source, file, ["post"], by="timer", now=NOW)
    copy = Database(file)
    assert [row.reason for row in everything(copy)["pauses"]] == ["说明"]
    copy.close()
    whole = file.read_bytes()
    with pytest.raises(StoreError, match="不会覆盖"):
        backup(source, file, ["post"], by="timer", now=NOW)
    assert file.read_bytes() == whole


def test_a_place_where_no_file_can_be_is_said(city: City, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="写不了备份"):
        backup(city.publisher.store.database, tmp_path / "file" / "b.db", [], by="timer", now=NOW)


def test_a_backup_comes_back_whole_and_stays_as_it_is(
    city: City, target: Database, tmp_path: Path
) -> None:
    file, scratch = tmp_path / "monday.db", tmp_path / "scratch"
    backup(city.publisher.store.database, file, ["post"], by="timer", now=NOW)
    file.chmod(0o400)
    whole = file.read_bytes()
    restore(file, target, scratch, ["post", "web"], by="赵值", now=NOW)
    assert target.version() == city.publisher.store.database.version()
    assert len(everything(target)["items"]) == 3
    paused = [(row.channel, row.paused_by) for row in everything(target)["pauses"]]
    assert paused == [("post", "timer"), ("web", "赵值")], "also what has come since the backup"
    assert file.read_bytes() == whole
    assert list(scratch.iterdir()) == []
    with pytest.raises(StoreError, match="移走或改名"):
        restore(file, target, scratch, [], by="", now=NOW)


def test_what_is_no_backup_is_said_and_nothing_is_made(target: Database, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    with pytest.raises(StoreError, match="没有文件"):
        restore(tmp_path / "nowhere.db", target, scratch, [], by="", now=NOW)
    other = tmp_path / "other.db"
    other.write_bytes(b"PK\3\4" * 2000)
    with pytest.raises(StoreError, match=r"other\.db.*不是数据库"):
        restore(other, target, scratch, [], by="", now=NOW)
    other.write_bytes(b"")
    with pytest.raises(StoreError, match="不是本程序的备份"):
        restore(other, target, scratch, [], by="", now=NOW)
    with pytest.raises(StoreError, match="读不了备份"):
        restore(tmp_path, target, scratch, [], by="", now=NOW)
    assert is_untouched(target)


def test_a_database_in_use_is_no_backup(target: Database, tmp_path: Path) -> None:
    busy = Database(tmp_path / "busy.db")
    busy.upgrade()
    with busy.read(), pytest.raises(StoreError, match="publisher db backup"):
        restore(tmp_path / "busy.db", target, tmp_path / "scratch", [], by="", now=NOW)
    busy.close()


@CAN_MOUNT
@pytest.mark.parametrize("step", ["backup", "move", "restore"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, step: str) -> None:
    program = f"""
from datetime import UTC, datetime
from pathlib import Path
from publisher.store import StoreError
from publisher.store.copying import backup, move, restore
from publisher.store.engine import Database
folder, now = Path({str(tmp_path)!r}), datetime.now(UTC)
disk = folder / "disk"
source, target = Database(folder / "source.db"), Database(disk / "new.db")
source.upgrade()
if "{step}" == "restore":
    backup(source, folder / "backup.db", [], by="", now=now)
try:
    match "{step}":
        case "backup":
            backup(source, disk / "backup.db", [], by="", now=now)
        case "move":
            move(source, target, [], by="", now=now)
        case "restore":
            restore(folder / "backup.db", target, disk, [], by="", now=now)
except StoreError as error:
    print(error)
print([one.name for one in disk.iterdir()])
"""
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        [
            *NAMESPACE,
            *("sh", "-ec", 'mount -t tmpfs -o size=64k none "$2"; "$0" -c "$1"'),
            *(sys.executable, program, str(tmp_path / "disk")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said, left = done.stdout.splitlines()
    assert "磁盘已满" in said
    assert left == "[]"


def test_whoever_was_in_at_the_backup_is_out_after_a_restore(
    city: City, target: Database, tmp_path: Path
) -> None:
    accounts = city.publisher.accounts
    accounts.people.add("wang", name="王芳", role="viewer", password=None, by="测试", now=NOW)
    accounts.entrance.enter_as("wang", address="127.0.0.1", now=NOW)
    file = tmp_path / "monday.db"
    backup(city.publisher.store.database, file, [], by="timer", now=NOW)
    assert [row.ended_at for row in everything(city.publisher.store.database)["sessions"]] == [None]
    restore(file, target, tmp_path / "scratch", [], by="李办", now=NOW)
    assert [row.ended_at for row in everything(target)["sessions"]] == [NOW]
