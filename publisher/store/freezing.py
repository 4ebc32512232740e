"""Freezing: a batch with its key, its members, its recipients and its exact bytes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from publisher.channel import File, Rendition
from publisher.model import Status
from publisher.planning import Parcel
from publisher.store import blobs
from publisher.store.tables import batch_deliveries, batches, deliveries, recipients, renditions

# Statements of the daily walk are built once: building one costs more than running it.
_ADD_BATCHES = insert(batches)
_IDS = select(batches.c.key, batches.c.id).where(
    batches.c.key.in_(bindparam("keys", expanding=True))
)
_ADD_MEMBERS = insert(batch_deliveries)
_ADD_FILES = insert(renditions)
_ADD_RECIPIENTS = insert(recipients)
_QUEUED = select(deliveries.c.id).where(
    deliveries.c.id.in_(bindparam("ids", expanding=True)), deliveries.c.status == Status.QUEUED
)
_FILES = (
    select(renditions)
    .where(renditions.c.batch_id == bindparam("batch"))
    .order_by(renditions.c.position)
)
_NOTES = select(batches.c.notes).where(batches.c.id == bindparam("batch"))


@dataclass(frozen=True, slots=True)
class Frozen:
    """A batch as it was stored."""

    id: int
    key: str
    parcel: Parcel
    rendition: Rendition


def freeze(
    connection: Connection, channel: str, parcels: Mapping[Parcel, Rendition], now: datetime
) -> list[Frozen]:
    """Store these as batches, without those of which a delivery is queued no more."""
    wanted = [one.id for parcel in parcels for one in parcel.deliveries]
    queued = set(connection.execute(_QUEUED, {"ids": wanted}).scalars())
    ready = [parcel for parcel in parcels if queued.issuperset(one.id for one in parcel.deliveries)]
    if not ready:
        return []
    named = {secrets.token_hex(16): parcel for parcel in ready}
    rows = [_batch(channel, key, one, parcels[one], now) for key, one in named.items()]
    connection.execute(_ADD_BATCHES, rows)
    ids = {row.key: row.id for row in connection.execute(_IDS, {"keys": list(named)})}
    frozen = [Frozen(ids[key], key, one, parcels[one]) for key, one in named.items()]
    connection.execute(_ADD_MEMBERS, [row for one in frozen for row in _members(one)])
    files = [file for one in frozen for file in one.rendition.files]
    blobs.put_all(connection, {file.sha256: (file.data, file.media_type) for file in files})
    connection.execute(_ADD_FILES, [row for one in frozen for row in _files(one)])
    if people := [row for one in frozen for row in _recipients(one, now)]:
        connection.execute(_ADD_RECIPIENTS, people)
    return frozen


def _batch(
    channel: str, key: str, parcel: Parcel, rendition: Rendition, now: datetime
) -> dict[str, Any]:
    return {
        "channel": channel,
        "key": key,
        "status": Status.QUEUED,
        "due_at": now,
        "frozen_at": now,
        "rendition_sha256": rendition.sha256,
        "notes": list(rendition.notes),
        "claim": "",
        "tries": max(one.tries for one in parcel.deliveries),
        "checks": 0,
        "reference": "",
        "url": "",
        "reason": "",
        "reason_class": "",
    }


def _members(frozen: Frozen) -> list[dict[str, Any]]:
    return [
        {
            "batch_id": frozen.id,
            "delivery_id": one.id,
            "position": place,
            "counts": True,
            "url": "",
        }
        for place, one in enumerate(frozen.parcel.deliveries)
    ]


def _files(frozen: Frozen) -> list[dict[str, Any]]:
    return [
        {
            "batch_id": frozen.id,
            "position": place,
            "name": file.name,
            "media_type": file.media_type,
            "sha256": file.sha256,
        }
        for place, file in enumerate(frozen.rendition.files)
    ]


def _recipients(frozen: Frozen, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "batch_id": frozen.id,
            "subscriber_id": one,
            "status": Status.QUEUED,
            "code": "",
            "updated_at": now,
        }
        for one in frozen.parcel.recipients
    ]


def read_rendition(connection: Connection, batch_id: int) -> Rendition:
    """The frozen files of a batch, in their order, with the notes for staff."""
    rows = connection.execute(_FILES, {"batch": batch_id}).all()
    data = blobs.get(connection, [row.sha256 for row in rows])
    notes = connection.execute(_NOTES, {"batch": batch_id}).scalar_one()
    return Rendition(
        files=tuple(File(row.name, row.media_type, data[row.sha256]) for row in rows),
        notes=tuple(notes),
    )
