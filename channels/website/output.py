"""Putting the files out: whole, in an order in which nothing links to what is not there.

What is linked to is written before what links; what no page links to any more is removed last. So a
crash leaves at worst a file too many, which the same rendition sent again takes away.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from channels._files import refused, remove_files, write_files
from channels.website.places import GONE_MARK, LIST_FOLDERS, is_statement, own_folders, own_pages
from publisher.channel import File, PermanentError, Rendition, TemporaryError
from publisher.model import ReasonClass


def put_out(rendition: Rendition, folder: Path) -> list[str]:
    """Write what differs, remove what no longer belongs, then read back what was written; the
    names of what has changed.

    What an item itself says comes first, whole: no fault elsewhere keeps a withdrawn text up.
    Raises TemporaryError, PermanentError.
    """
    # Every place is known to be ours before the first byte is written.
    root = Path(os.path.realpath(folder))
    placed = {_place(root, file.name): file for file in rendition.every}
    owned = {_own(root, name): names for name, names in own_folders(rendition).items()}
    turn = _turn(rendition)
    changed = _withdraw(list(_statements(rendition, root)))
    for step in _STEPS:
        changed += write_files(
            (path, file.data) for path, file in placed.items() if turn(file) == step
        )
        if step == _MARKS:
            for path, names in owned.items():
                _keep_only(path, names)
    for path in changed:
        _read_back(path, placed[path].data)
    return [placed[path].name for path in changed]


def _statements(rendition: Rendition, root: Path) -> Iterator[tuple[Path, bytes, Path]]:
    """What says that an item is withdrawn: where, in which words, and the folder of its files."""
    for page in own_pages(rendition):
        if is_statement(page, rendition):
            yield _place(root, page.name), page.data, root / page.name.removesuffix(".html")


def _withdraw(statements: Sequence[tuple[Path, bytes, Path]]) -> list[Path]:
    """Each before anything else and whole: none is kept up because another cannot be written."""
    try:
        changed = write_files((path, data) for path, data, _ in statements)
        changed += write_files((folder / GONE_MARK, b"") for *_, folder in statements)
        for *_, folder in statements:
            _keep_only(folder, frozenset({GONE_MARK}))
    except TemporaryError:
        for one in statements if len(statements) > 1 else ():
            with suppress(TemporaryError):  # the first is told
                _withdraw([one])
        raise
    return changed


def sweep(folder: Path, kept: Collection[str]) -> None:
    """Remove what lies in the folders of the lists and is none of these. Raises TemporaryError."""
    for top in LIST_FOLDERS:
        for inner, _, names in os.walk(folder / top):
            here = Path(inner).relative_to(folder)
            doomed = {name for name in names if (here / name).as_posix() not in kept}
            if doomed:
                remove_files(Path(inner), doomed.__contains__)


_ASSETS, _PAGES, _MARKS, _LISTS, _FEEDS = _STEPS = range(5)
"""What is linked to, pages of items, what says that they are withdrawn; then lists, then feeds,
since readers come by those.
"""


def _turn(rendition: Rendition) -> Callable[[File], int]:
    own = {file.name for file in rendition.files}

    def turn(file: File) -> int:
        if file.name in own:
            if file.name.endswith(f"/{GONE_MARK}"):
                return _MARKS
            return _PAGES if is_page(file) else _ASSETS
        if is_page(file):
            return _LISTS
        return _FEEDS if file.media_type.startswith("application/") else _ASSETS

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
