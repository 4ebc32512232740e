"""The package: a ZIP that says of every file in it what it is, and can be checked with sha256sum.

The same files at the same times make the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from publisher.evidence.names import Places

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_PACKED = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp3", ".m4a", ".pdf", ".ofd"}
    | {".docx", ".xlsx", ".zip", ".wps"}
)
"""What does not get smaller."""
_MODE = 0o644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What a file of the package is."""

    role: str
    """One word, the same for all files of a kind."""
    origin: str
    """One Chinese sentence: where it comes from."""
    at: datetime
    """When the thing came to be."""
    facts: Mapping[str, Any]


class Package:
    """Files are written one by one; the lists of them come last."""

    def __init__(self, out: IO[bytes], zone: tzinfo, as_of: datetime) -> None:
        self._zip = ZipFile(out, "w")
        self._zone = zone
        self._as_of = as_of
        self._places = Places()
        self._listed: list[dict[str, Any]] = []

    def add(self, place: Sequence[str], data: bytes, thing: Thing) -> str:
        """Put a file in; the path that it got."""
        path = self._places.take(place)
        self._listed.append(
            {
                "path": path,
                "sha256": sha256(data).hexdigest(),
                "size": len(data),
                "role": thing.role,
                "origin": thing.origin,
                "at": thing.at.astimezone(self._zone).isoformat(),
                **thing.facts,
            }
        )
        self._write(path, data, thing.at)
        return path

    def finish(self, of: Mapping[str, Any]) -> None:
        """Write the lists; `of` says what the whole is about."""
        at = self._as_of.astimezone(self._zone).isoformat()
        manifest = to_json({"format": 1, "as_of": at, **of, "files": self._listed})
        self._write(MANIFEST, manifest, self._as_of)
        named = [(one["sha256"], one["path"]) for one in self._listed]
        named.append((sha256(manifest).hexdigest(), MANIFEST))
        sums = "".join(f"{digest}  {path}\n" for digest, path in named)
        self._write(SUMS, sums.encode(), self._as_of)
        self._zip.close()

    def _write(self, path: str, data: bytes, at: datetime) -> None:
        there = at.astimezone(self._zone)
        info = ZipInfo(path, (max(there.year, 1980), *there.timetuple()[1:6]))
        info.compress_type = (
            ZIP_STORED if PurePosixPath(path).suffix.lower() in _PACKED else ZIP_DEFLATED
        )
        info.create_system = _UNIX  # else it depends on where this runs
        info.external_attr = _MODE
        self._zip.writestr(info, data)


def to_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
