"""Kept: what was approved of an item, version by version, and the exact bytes made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from publisher.channel import File
from publisher.model import Status
from publisher.store import blobs
from publisher.store.engine import Database
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    renditions,
    revisions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an item; `approval` as it came: who, in which role, when."""

    number: int
    title: str
    content_hash: str
    approval: Mapping[str, Any]
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of a rendition, by its place in it."""

    position: int
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRendition:
    """What went out, or is to go out, in one call; `key` is that of its batch."""

    key: str
    channel: str
    status: Status
    frozen_at: datetime
    files: tuple[KeptFile, ...]


class Kept:
    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self, item_id: str) -> list[Version]:
        """All versions of an item, the newest first."""
        with self._database.read() as connection:
            return [
                Version(
                    number=row.number,
                    title=row.title,
                    content_hash=row.content_hash,
                    approval=row.approval,
                    received_at=row.received_at,
                    received_by=row.received_by,
                )
                for row in connection.execute(_VERSIONS, {"item": item_id})
            ]

    def renditions(self, item_id: str) -> list[KeptRendition]:
        """All renditions that an item had a part in, the oldest first."""
        found: dict[int, KeptRendition] = {}
        with self._database.read() as connection:
            for row in connection.execute(_RENDITIONS, {"item": item_id}):
                known = found.get(row.id)
                file = KeptFile(
                    position=row.position,
                    name=row.name,
                    media_type=row.media_type,
                    sha256=row.sha256,
                )
                found[row.id] = KeptRendition(
                    key=row.key,
                    channel=row.channel,
                    status=Status(row.status),
                    frozen_at=row.frozen_at,
                    files=(*(known.files if known else ()), file),
                )
        return list(found.values())

    def file(self, item_id: str, key: str, position: int) -> File | None:
        """One file of a rendition that the item had a part in."""
        asked = {"item": item_id, "key": key, "position": position}
        with self._database.read() as connection:
            row = connection.execute(_FILE, asked).first()
            if row is None:
                return None
            (data,) = blobs.get(connection, [row.sha256]).values()
            return File(row.name, row.media_type, data)


_VERSIONS = (
    select(revisions)
    .where(revisions.c.item_id == bindparam("item"))
    .order_by(revisions.c.number.desc())
)
_RENDITIONS = (
    select(
        batches.c.id,
        batches.c.key,
        batches.c.channel,
        batches.c.status,
        batches.c.frozen_at,
        renditions.c.position,
        renditions.c.name,
        renditions.c.media_type,
        renditions.c.sha256,
    )
    .join(renditions, renditions.c.batch_id == batches.c.id)
    .where(
        batches.c.id.in_(
            select(batch_deliveries.c.batch_id)
            .join(deliveries, deliveries.c.id == batch_deliveries.c.delivery_id)
            .join(orders, orders.c.id == deliveries.c.order_id)
            .where(orders.c.item_id == bindparam("item"))
        )
    )
    .order_by(batches.c.id, renditions.c.position)
)
_FILE = _RENDITIONS.where(
    batches.c.key == bindparam("key"), renditions.c.position == bindparam("position")
)
