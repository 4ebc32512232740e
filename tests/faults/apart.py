"""A full disk, a read-only disk, no network: for one thread only, by namespaces that end with it.

What is written elsewhere, the database above all, is untouched; and whoever looks from outside
sees the folder and the network as they were before.
"""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000
_MS_RDONLY, _MS_REC, _MS_PRIVATE = 1, 1 << 14, 1 << 18
_LIBC = ctypes.CDLL(None, use_errno=True)


class _NotAllowed(Exception):
    """We get no namespace of our own on this machine."""


def on_a_full_disk(folder: Path, work: Callable[[], object]) -> None:
    _apart(lambda: _mount(folder, 0, "size=4k"), work)


def on_a_read_only_disk(folder: Path, work: Callable[[], object]) -> None:
    _apart(lambda: _mount(folder, _MS_RDONLY, ""), work)


def without_network(work: Callable[[], object]) -> None:
    _apart(lambda: _must(_LIBC.unshare(_CLONE_NEWNET)), work)


def _apart(prepare: Callable[[], None], work: Callable[[], object]) -> None:
    def run() -> None:
        prepare()
        work()

    with ThreadPoolExecutor(1) as alone:
        try:
            alone.submit(run).result()
        except _NotAllowed as error:
            pytest.skip(f"this machine lets us have no disk or network of our own: {error}")


def _mount(folder: Path, flags: int, options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _must(_LIBC.unshare(_CLONE_NEWNS))
    private = ctypes.c_ulong(_MS_REC | _MS_PRIVATE)
    _must(_LIBC.mount(b"none", b"/", None, private, None))
    where, how = os.fsencode(folder), ctypes.c_ulong(flags)
    _must(_LIBC.mount(b"tmpfs", where, b"tmpfs", how, options.encode()))


def _must(result: int) -> None:
    if result:
        raise _NotAllowed(os.strerror(ctypes.get_errno()))
