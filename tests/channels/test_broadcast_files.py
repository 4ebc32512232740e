"""The newsroom's folder: whole files, the same bytes twice, plain words when the disk says no."""

import errno
from pathlib import Path

import pytest

from channels._files import refused, write_atomic
from channels.broadcast import Options, build
from publisher.channel import TemporaryError
from publisher.model import ReasonClass, Status
from tests.channels import broadcast_items as items
from tests.factories import a_house


def test_the_script_lies_in_the_folder_and_waits_for_the_announcer(tmp_path: Path) -> None:
    channel = build("广播", Options(), a_house(tmp_path))
    rendition = channel.render([items.storm()])
    receipt = channel.send(rendition, "B1")
    assert receipt.status is Status.AWAITING
    assert receipt.reference == "broadcast/130181-2025-00001/广播稿.txt"
    assert (tmp_path / "output" / receipt.reference).read_bytes() == rendition.files[0].data
    assert channel.check(receipt) is receipt


def test_sending_again_touches_nothing(tmp_path: Path) -> None:
    channel = build("广播", Options(), a_house(tmp_path))
    rendition = channel.render([items.storm()])
    channel.send(rendition, "B1")
    folder = tmp_path / "output" / "broadcast" / "130181-2025-00001"
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}
    channel.send(rendition, "B1")
    after = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}
    assert after == before
    assert len(after) == 3


def test_says_whether_the_file_changed(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    assert write_atomic(path, b"one")
    assert not write_atomic(path, b"one")
    assert write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]  # no temporary file stays


def test_a_file_in_the_folders_place_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("in the way", encoding="utf-8")
    channel = build("广播", Options(), a_house(tmp_path))
    with pytest.raises(TemporaryError) as caught:
        channel.send(channel.render([items.storm()]), "B1")
    assert caught.value.kind is ReasonClass.INTERNAL
    assert "是文件而不是文件夹" in caught.value.reason
    assert str(tmp_path) not in caught.value.reason
    assert (tmp_path / "output").read_text(encoding="utf-8") == "in the way"


def test_a_folder_in_the_files_place_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(TemporaryError) as caught:
        write_atomic(tmp_path / "b.txt", b"x" * (tmp_path / "b.txt").stat().st_size)
    assert "文件夹" in caught.value.reason
    assert list(tmp_path.iterdir()) == [tmp_path / "b.txt"]


def test_a_full_disk_is_called_a_full_disk() -> None:
    with pytest.raises(OSError) as full, Path("/dev/full").open("wb", buffering=0) as file:  # noqa: PT011 - errno is checked below
        file.write(b"x")
    assert full.value.errno == errno.ENOSPC
    error = refused(Path("/somewhere/secret/广播稿.txt"), full.value)
    assert error.reason == "无法写入文件“广播稿.txt”：磁盘已满，请清理磁盘空间"
    assert error.raw == "ENOSPC"


def test_unknown_options_are_refused() -> None:
    with pytest.raises(ValueError, match="folder"):
        Options(folder="../elsewhere")
    with pytest.raises(ValueError, match="speed"):
        Options.model_validate({"speed": 1})
