"""Files put out whole or not at all: a reader never meets half a file, a repeat changes nothing.

The new bytes are written beside the target, made safe on the disk and moved over it; so a crash
leaves either the old file or the new one, and at worst stray parts (`is_stray`). A part has its
target's name, since one writer at a time is at work: the next write of the same file takes it away.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from publisher.channel import TemporaryError
from publisher.model import ReasonClass

_PART = ".part"
_TOGETHER = 4 * 1024 * 1024  # bytes that are written before they are made safe and moved
_AT_ONCE = 8  # a disk makes several files safe in about the time of one
_LONGEST = 200  # bytes of a name that still leave room for what makes it a part
_MODE = 0o644  # the web server and the announcer's machine read what we write
_WHY = {
    errno.ENOSPC: "磁盘已满，请清理磁盘空间",
    errno.EDQUOT: "磁盘配额已用完，请清理空间或调整配额",
    errno.EROFS: "磁盘是只读的，请检查挂载方式",
    errno.EACCES: "没有写入权限，请检查文件夹权限",
    errno.EPERM: "没有写入权限，请检查文件夹权限",
    errno.ENOTDIR: "路径中有一段是文件而不是文件夹，请改名或移走该文件",
    errno.EEXIST: "应为文件夹的位置已有同名文件，请改名或移走该文件",
    errno.EISDIR: "应为文件的位置是一个文件夹，请改名或移走该文件夹",
    errno.ENAMETOOLONG: "文件名过长，请缩短索引号或输出路径",
    errno.EIO: "磁盘读写出错，请检查硬盘",
}


def write_atomic(path: Path, data: bytes) -> bool:
    """Make `path` hold exactly `data`; return whether anything had to change.

    Raises TemporaryError: when this fails, `path` is as it was before.
    """
    return bool(write_files([(path, data)]))


def write_files(files: Iterable[tuple[Path, bytes]]) -> list[Path]:
    """The same for several, in this order, each by itself; those that had to change.

    Raises TemporaryError: then the files before the one that failed are written, or not begun.
    """
    changed: list[Path] = []
    for some in _parted(files):
        changed += _replace(some)
    for folder in dict.fromkeys(path.parent for path in changed):
        try:
            _sync(folder)  # or the new names may be lost with the power, though the bytes are safe
        except OSError as error:
            raise refused(folder, error) from None
    return changed


def remove_files(folder: Path, doomed: Callable[[str], bool]) -> None:
    """Remove the files of `folder` whose names are doomed; folders in it are left alone.

    `folder` must not be a symbolic link; a link in it is removed and never followed. A folder that
    is not there holds nothing. Raises TemporaryError; asked again, it removes what is left.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    except OSError as error:
        raise refused(folder, error, "清理文件夹") from None
    try:
        for name in filter(doomed, os.listdir(handle)):  # noqa: PTH208 - Path knows no handles
            if not stat.S_ISDIR(os.lstat(name, dir_fd=handle).st_mode):
                os.unlink(name, dir_fd=handle)
        os.fsync(handle)
    except OSError as error:
        raise refused(folder, error, "清理文件夹") from None
    finally:
        os.close(handle)


def is_stray(name: str) -> bool:
    """Whether a file of this name is what a crash left half-written."""
    return name.startswith(".") and name.endswith(_PART)


def refused(path: Path, error: OSError, deed: str = "写入文件") -> TemporaryError:
    """The plain reason why the disk would not take `path`; the machine's folders stay untold."""
    why = _WHY.get(error.errno or 0, "磁盘操作失败，请检查输出文件夹所在磁盘")
    code = errno.errorcode.get(error.errno or 0, "OSError")
    return TemporaryError(f"无法{deed}“{path.name}”：{why}", kind=ReasonClass.INTERNAL, raw=code)


def _holds(path: Path, data: bytes) -> bool:
    # The size answers first, so a large file is read only when it is probably the same.
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _parted(files: Iterable[tuple[Path, bytes]]) -> Iterator[list[tuple[Path, bytes]]]:
    """The files in parts of about the size that is written together."""
    some: list[tuple[Path, bytes]] = []
    size = 0
    for path, data in files:
        some.append((path, data))
        size += len(data)
        if size >= _TOGETHER:
            yield some
            some, size = [], 0
    yield some


def _replace(files: Iterable[tuple[Path, bytes]]) -> list[Path]:
    """Those that had to change."""
    parts: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files:
            part = _part_of(path)
            part.unlink(missing_ok=True)  # a link would lead elsewhere
            if not _holds(path, data):
                path.parent.mkdir(parents=True, exist_ok=True)
                parts[path] = part
                _write(part, data, path)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            safe = [(path, pool.submit(_sync, part)) for path, part in parts.items()]
        for path, done in safe:  # noqa: B007 - the error names it
            done.result()
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(parts)


def _write(part: Path, data: bytes, path: Path) -> None:
    with part.open("xb") as file:
        file.write(data)
        os.fchmod(file.fileno(), _MODE)
        file.flush()
        _be_newer(file.fileno(), path)


def _be_newer(handle: int, path: Path) -> None:
    """HTTP tells times to the second: a reader takes two texts of one second for one and the same.
    So what replaces a file is a second younger at least.
    """
    with suppress(FileNotFoundError):
        second = 1_000_000_000
        old, new = path.stat().st_mtime_ns // second, os.fstat(handle).st_mtime_ns // second
        if new <= old:
            os.utime(handle, ns=((old + 1) * second, (old + 1) * second))


def _part_of(path: Path) -> Path:
    name = path.name.encode()
    short = path.name if len(name) <= _LONGEST else sha256(name).hexdigest()
    return path.with_name(f".{short}{_PART}")


def _sync(path: Path) -> None:
    """Make a file or a folder safe on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
