"""Freezing: a batch with its key, its members, its recipients and its exact bytes."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from publisher.channel import File, Rendition
from publisher.model import Status
from publisher.planning import Parcel
from publisher.store import blobs
from publisher.store.tables import batch_deliveries, batches, deliveries, recipients, renditions

# Statements of the daily walk are built once: building one costs more than running it.
_ADD_BATCH = insert(batches).returning(batches.c.id)
_ADD_MEMBER = insert(batch_deliveries)
_ADD_FILE = insert(renditions)
_ADD_RECIPIENT = insert(recipients)
_STATUSES = select(deliveries.c.status).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
_FILES = (
    select(renditions)
    .where(renditions.c.batch_id == bindparam("batch"))
    .order_by(renditions.c.position)
)
_NOTES = select(batches.c.notes).where(batches.c.id == bindparam("batch"))


def freeze(
    connection: Connection, channel: str, parcel: Parcel, rendition: Rendition, now: datetime
) -> tuple[int, str] | None:
    """Store one batch; its id and key, or None if a delivery of it is queued no more."""
    ids = [one.id for one in parcel.deliveries]
    statuses = connection.execute(_STATUSES, {"ids": ids}).scalars()
    if any(status != Status.QUEUED for status in statuses):
        return None
    key = secrets.token_hex(16)
    batch_id: int = connection.execute(
        _ADD_BATCH,
        {
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
        },
    ).scalar_one()
    connection.execute(
        _ADD_MEMBER,
        [
            {
                "batch_id": batch_id,
                "delivery_id": one,
                "position": place,
                "counts": True,
                "url": "",
            }
            for place, one in enumerate(ids)
        ],
    )
    connection.execute(
        _ADD_FILE,
        [
            {
                "batch_id": batch_id,
                "position": place,
                "name": file.name,
                "media_type": file.media_type,
                "sha256": blobs.put(connection, file.data, file.media_type),
            }
            for place, file in enumerate(rendition.files)
        ],
    )
    if parcel.recipients:
        connection.execute(
            _ADD_RECIPIENT,
            [
                {
                    "batch_id": batch_id,
                    "subscriber_id": one,
                    "status": Status.QUEUED,
                    "code": "",
                    "updated_at": now,
                }
                for one in parcel.recipients
            ],
        )
    return batch_id, key


def read_rendition(connection: Connection, batch_id: int) -> Rendition:
    """The frozen files of a batch, in their order, with the notes for staff."""
    rows = connection.execute(_FILES, {"batch": batch_id}).all()
    data = blobs.get(connection, [row.sha256 for row in rows])
    notes = connection.execute(_NOTES, {"batch": batch_id}).scalar_one()
    return Rendition(
        files=tuple(File(row.name, row.media_type, data[row.sha256]) for row in rows),
        notes=tuple(notes),
    )
