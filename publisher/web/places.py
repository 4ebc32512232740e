"""Which file an address means, in a folder that is shown: none outside it and none that hides."""

import os
from pathlib import Path

_INDEX = "index.html"
_UNFINISHED = ".part"


def is_plain(address: str) -> bool:
    """Whether nothing on the way to it hides, is unfinished or leads back up.

    `address` is decoded and without the leading slash.
    """
    return all(map(_is_plain, _names(address)))


def find(folder: Path, address: str) -> Path | None:
    """The file or folder at an address below `folder`; None where there is none to be shown."""
    if not is_plain(address):
        return None
    root = Path(os.path.realpath(folder))
    try:
        found = Path(os.path.realpath(root.joinpath(*_names(address))))
        if not found.is_relative_to(root) or not found.exists():
            return None
    except (OSError, ValueError):  # a name too long or holding NUL, a folder that is not to be read
        return None
    return None if address.endswith("/") and found.is_file() else found


def page_of(folder: Path) -> Path | None:
    """The page that stands for a folder."""
    page = folder / _INDEX
    return page if page.is_file() else None


def _names(address: str) -> list[str]:
    return address.removesuffix("/").split("/") if address else []


def _is_plain(name: str) -> bool:
    hides = name.startswith(".") or name.endswith(_UNFINISHED) or "\\" in name
    return bool(name) and not hides
