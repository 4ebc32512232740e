"""Putting the files out: whole, in an order in which nothing links to what is not there.

What is linked to is written before what links; what no page links to any more is removed last. So a
crash leaves at worst a file too many, which the same rendition sent again takes away.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from channels._files import refused, remove_files, write_files
from channels.website.places import own_folders
from publisher.channel import File, PermanentError, Rendition, TemporaryError
from publisher.model import ReasonClass


def put_out(rendition: Rendition, folder: Path) -> None:
    """Write what differs, remove what no longer belongs, then read back what was written.

    Raises TemporaryError, PermanentError.
    """
    # Every place is known to be ours before the first byte is written.
    root = Path(os.path.realpath(folder))
    files = sorted(rendition.every, key=_turn(rendition))
    placed = {_place(root, file.name): file.data for file in files}
    owned = {_own(root, name): names for name, names in own_folders(rendition).items()}
    changed = write_files(placed.items())
    for path, names in owned.items():
        _keep_only(path, names)
    for path in changed:
        _read_back(path, placed[path])


def _turn(rendition: Rendition) -> Callable[[File], int]:
    """What is linked to, then pages of items, then lists, then feeds: readers come by those."""
    own = {file.name for file in rendition.files}

    def turn(file: File) -> int:
        if file.name in own:
            return 1 if is_page(file) else 0
        if is_page(file):
            return 2
        return 3 if file.media_type.startswith("application/") else 0

    return turn


def is_page(file: File) -> bool:
    return file.media_type.startswith("text/html")


def _place(root: Path, name: str) -> Path:
    """The path for a file's name, with every symbolic link followed; it must stay inside."""
    path = Path(os.path.realpath(root / name))
    if root not in path.parents:
        raise PermanentError(
            f"文件“{Path(name).name}”的位置在网站文件夹之外，已拒绝写入；请检查网页地址和文件名",
            kind=ReasonClass.INTERNAL,
            field="url",
        )
    return path


def _own(root: Path, name: str) -> Path:
    """The folder of a page, from which files are removed: no link may lead to it from elsewhere."""
    if _place(root, name) != root / name:
        raise PermanentError(
            f"网站中的文件夹“{name}”经由符号链接指向别处，无法安全清理旧附件；请改为普通文件夹",
            kind=ReasonClass.INTERNAL,
        )
    return root / name


def _keep_only(folder: Path, names: frozenset[str]) -> None:
    remove_files(folder, lambda name: name not in names)
    if not names:
        with suppress(OSError):  # never there, or holding what is not ours: nothing more to do
            folder.rmdir()


def _read_back(path: Path, data: bytes) -> None:
    try:
        found = path.read_bytes()
    except OSError as error:
        raise refused(path, error) from None
    if found != data:
        raise TemporaryError(
            f"文件“{path.name}”写入后读回的内容与成稿不一致，请检查磁盘，或是否有别的程序在改动网站文件夹",
            kind=ReasonClass.INTERNAL,
        )
