"""Names inside the package: fit for every file system, whatever somebody called a file. Pure."""

import re
import unicodedata
from collections.abc import Sequence

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST = 60
_LONGEST_SUFFIX = 10
_DEEPEST = 4
UNNAMED = "未命名"


def safe(name: str) -> str:
    """One name of a file or folder: nothing that hides, leads elsewhere, or is too long."""
    seen = "".join(
        char
        for char in unicodedata.normalize("NFC", name)
        if unicodedata.category(char) not in _UNSEEN
    )
    plain = _FORBIDDEN.sub("_", seen).strip(" .")
    stem, suffix = split(plain)
    short = stem[:_LONGEST].rstrip(" .") + suffix
    return f"_{short}" if _RESERVED.match(short) else short or UNNAMED


def split(name: str) -> tuple[str, str]:
    """A name and its ending; one that is too long for an ending is none."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        return name, ""
    return stem, dot + suffix


def safe_path(path: str) -> tuple[str, ...]:
    """The folders and the name of a path as a channel writes it: never upwards, not too deep."""
    parts = [part for part in re.split(r"[/\\]", path) if part.strip(" .")]
    return tuple(map(safe, parts[-_DEEPEST:])) or (UNNAMED,)


class Places:
    """The paths that are taken; two that differ only in case are one on Windows."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folders: set[str] = set()

    def take(self, parts: Sequence[str]) -> str:
        """A path for these folders and this name that nothing else has."""
        *folders, name = parts
        path = self._free([*self._folders_of(folders), name])
        self._taken.add(_key(path))
        return path

    def _folders_of(self, folders: Sequence[str]) -> list[str]:
        """A folder cannot be called as a file is."""
        found: list[str] = []
        for folder in folders:
            one, number = [*found, folder], 2
            while _key("/".join(one)) in self._taken:
                one, number = [*found, f"{folder}({number})"], number + 1
            found = one
            self._folders.add(_key("/".join(found)))
        return found

    def _free(self, parts: Sequence[str]) -> str:
        *folders, name = parts
        stem, suffix = split(name)
        path, number = "/".join(parts), 2
        while _key(path) in self._taken | self._folders:
            path = "/".join([*folders, f"{stem}({number}){suffix}"])
            number += 1
        return path


def _key(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()
