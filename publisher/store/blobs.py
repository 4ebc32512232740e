"""Bytes by their SHA-256: attachments, pictures, renditions, evidence; each stored once."""

import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from publisher.store.tables import blobs

_PACKS_WELL = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom",
    "application/rss",
)

_KNOWN = select(blobs.c.sha256).where(blobs.c.sha256.in_(bindparam("names", expanding=True)))
_ADD = insert(blobs)
_READ = select(blobs.c.sha256, blobs.c.packed, blobs.c.data).where(
    blobs.c.sha256.in_(bindparam("names", expanding=True))
)


def put(connection: Connection, data: bytes, media_type: str = "") -> str:
    """Store the bytes unless they are there already; return their hash."""
    name = sha256(data).hexdigest()
    put_all(connection, {name: (data, media_type)})
    return name


def put_all(connection: Connection, things: Mapping[str, tuple[bytes, str]]) -> None:
    """Store bytes with their media type, by their hash, where they are not there already."""
    known = set(connection.execute(_KNOWN, {"names": list(things)}).scalars())
    rows = [_row(name, *thing) for name, thing in things.items() if name not in known]
    if rows:
        connection.execute(_ADD, rows)


def get(connection: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each name asked for; a missing one is a KeyError for the caller to meet."""
    rows = connection.execute(_READ, {"names": list(set(names))})
    return {row.sha256: zlib.decompress(row.data) if row.packed else row.data for row in rows}


def _row(name: str, data: bytes, media_type: str) -> dict[str, Any]:
    packed = media_type.startswith(_PACKS_WELL)
    return {
        "sha256": name,
        "size": len(data),
        "packed": packed,
        "data": zlib.compress(data, 1) if packed else data,
    }
