"""The newsroom's folder: whole files, the same bytes twice, plain words when the disk says no."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from channels._files import refused, write_atomic
from channels.broadcast import Options, build
from publisher.channel import TemporaryError
from publisher.model import Action, ReasonClass, Status
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


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("status", [Status.AWAITING, Status.DELIVERED])
@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_no_old_script_stays_to_be_aired(tmp_path: Path, action: Action, status: Status) -> None:
    channel = build("广播", Options(), a_house(tmp_path))
    later = items.later(action, status)
    old = "本稿作废前的标准为每户一万两千元。"
    text = items.document(old)
    first = replace(later, action=Action.PUBLISH, notices=(), traces=())
    first = replace(first, revision=replace(first.revision, document=text))
    reference = channel.send(channel.render([first]), "B1").reference
    folder = (tmp_path / "output" / reference).parent
    assert any("一万两千元" in said for said in texts(folder).values())
    channel.send(channel.render([later]), "B2")
    found = texts(folder)
    assert len(found) == 3
    assert not any("一万两千元" in said for said in found.values())


def test_broken_off_half_way_the_old_script_is_gone_first_and_once_more_ends_the_same(
    tmp_path: Path,
) -> None:
    channel = build("广播", Options(), a_house(tmp_path))
    channel.send(channel.render([items.correction()]), "B1")
    folder = tmp_path / "output" / "broadcast" / "130181-2026-00001"
    withdrawn = channel.render([items.withdrawal()])
    screen = folder / "电视字幕单.txt"
    screen.unlink()
    screen.mkdir()
    with pytest.raises(TemporaryError):
        channel.send(withdrawn, "B2")
    assert (folder / "广播稿.txt").read_text(encoding="utf-8").startswith("撤回说明")
    screen.rmdir()
    channel.send(withdrawn, "B2")
    assert texts(folder) == {
        file.name.rpartition("/")[2]: file.data.decode() for file in withdrawn.files
    }


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
