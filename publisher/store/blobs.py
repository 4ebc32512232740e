"""Bytes by their SHA-256: attachments, pictures, renditions, evidence; each stored once."""

import zlib
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from publisher.store.tables import blobs

_PACKS_WELL = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom",
    "application/rss",
)


def put(connection: Connection, data: bytes, media_type: str = "") -> str:
    """Store the bytes unless they are there already; return their hash."""
    name = sha256(data).hexdigest()
    packed = media_type.startswith(_PACKS_WELL)
    connection.execute(
        insert(blobs)
        .values(
            sha256=name,
            size=len(data),
            packed=packed,
            data=zlib.compress(data, 1) if packed else data,
        )
        .on_conflict_do_nothing()
    )
    return name


def get(connection: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each name asked for; a missing one is a KeyError for the caller to meet."""
    rows = connection.execute(
        select(blobs.c.sha256, blobs.c.packed, blobs.c.data).where(blobs.c.sha256.in_(set(names)))
    )
    return {row.sha256: zlib.decompress(row.data) if row.packed else row.data for row in rows}
