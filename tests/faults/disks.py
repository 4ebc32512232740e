"""Disks that misbehave, for one thread only: mounts in a namespace of its own that end with it.

What is written elsewhere, the database above all, is untouched; and whoever looks from outside
sees the folder as it was before.
"""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_CLONE_NEWNS = 0x00020000
_MS_RDONLY, _MS_REC, _MS_PRIVATE = 1, 16384, 1 << 18
_LIBC = ctypes.CDLL(None, use_errno=True)


class NotAllowed(Exception):
    """This machine lets us mount nothing."""


def on_a_full_disk(folder: Path, work: Callable[[], object]) -> None:
    _elsewhere(folder, 0, "size=4k", work)


def on_a_read_only_disk(folder: Path, work: Callable[[], object]) -> None:
    _elsewhere(folder, _MS_RDONLY, "", work)


def _elsewhere(folder: Path, flags: int, data: str, work: Callable[[], object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as alone:
        alone.submit(_mounted, folder, flags, data, work).result()


def _mounted(folder: Path, flags: int, data: str, work: Callable[[], object]) -> None:
    _must(_LIBC.unshare(_CLONE_NEWNS))
    _must(_LIBC.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))
    where = os.fsencode(folder)
    _must(_LIBC.mount(b"tmpfs", where, b"tmpfs", ctypes.c_ulong(flags), data.encode()))
    work()


def _must(result: int) -> None:
    if result:
        raise NotAllowed(os.strerror(ctypes.get_errno()))
