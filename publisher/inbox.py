"""The inbox: where files wait for the item that will name them.

What was handed over lies in <area>/<beginning of its SHA-256>/<name>, and only that is ever taken
away again: what the city puts into the folder by itself stays.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from errno import ENOTDIR
from hashlib import file_digest
from pathlib import Path

from publisher.intake.uploads import Upload

KEPT_FOR = timedelta(days=30)
"""After it was last handed over. What an item has named is in the database by then."""
_DIGITS = 16
_AREA = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SWEPT_EVERY = timedelta(hours=1)
_PART = re.compile(r"\.[0-9a-f]{16}\.new")
_FOLDER = re.compile(f"[0-9a-f]{{{_DIGITS}}}")


@dataclass(slots=True)
class Inbox:
    folder: Path
    _swept_at: datetime | None = field(default=None, init=False)

    def put(self, area: str, upload: Upload, now: datetime) -> str:
        """Put a file there, whole or not at all; the path that an item's JSON may give in "file".

        The same file again has the same path, and waits from now on. Raises OSError.
        """
        if not _AREA.fullmatch(area):
            raise ValueError(f"no name of an area: {area!r}")
        with self._alone():
            path = self._folder_for(area, upload.sha256[:_DIGITS]) / upload.name
            if not (path.is_file() and _sha256(path) == upload.sha256):
                _write(path, upload.data)
            os.utime(path, (now.timestamp(), now.timestamp()))
        return path.relative_to(self.folder).as_posix()

    def sweep(self, now: datetime) -> int:
        """Take away what was handed over and has waited too long; how many files that were.

        Looks once an hour, however often it is asked.
        """
        if self._swept_at and self._swept_at <= now < self._swept_at + _SWEPT_EVERY:
            return 0
        self._swept_at = now
        if not self.folder.is_dir():
            return 0
        with self._alone():
            old = list(self._handed_over_before((now - KEPT_FOR).timestamp()))
            for path in old:
                path.unlink()
                with suppress(OSError):  # something else is in it
                    path.parent.rmdir()
        return len(old)

    def _folder_for(self, *names: str) -> Path:
        """Folders within the inbox: real ones, not links that lead out of it."""
        folder = self.folder
        for name in names:
            folder /= name
            folder.mkdir(exist_ok=True)
            if folder.is_symlink():
                raise NotADirectoryError(ENOTDIR, "收件文件夹里有一个链接占了位置", str(folder))
        return folder

    def _handed_over_before(self, moment: float) -> Iterator[Path]:
        """What is old and surely ours: it lies in a folder that is called by what it holds."""
        for folder in self.folder.glob("*/*"):
            ours = _FOLDER.fullmatch(folder.name) and _AREA.fullmatch(folder.parent.name)
            if not ours or folder.is_symlink() or folder.parent.is_symlink():
                continue
            for path in folder.iterdir():
                old = path.lstat().st_mtime < moment
                if old and path.is_file() and not path.is_symlink() and _is_named_by(path):
                    yield path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody takes a file away while somebody else is told that it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        held = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)


def _write(path: Path, data: bytes) -> None:
    beside = path.parent / f".{secrets.token_hex(8)}.new"
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        _settle(folder)


def _settle(folder: Path) -> None:
    """Make what a folder lists survive a power cut."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _is_named_by(path: Path) -> bool:
    """Whether its folder has its name from this file; or it is what a power cut has left of one."""
    return bool(_PART.fullmatch(path.name)) or _sha256(path).startswith(path.parent.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
