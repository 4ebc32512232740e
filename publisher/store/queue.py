"""The queue that the delivery rows are: what is due, what is frozen, who holds what."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select, update

from publisher.channel import File, Receipt, Rendition
from publisher.model import Item, Status
from publisher.planning import Due, Parcel
from publisher.record import topics_of
from publisher.store import blobs
from publisher.store.engine import Database
from publisher.store.items import load
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    recipients,
    renditions,
    revisions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as a worker meets it. `claim` is empty unless the worker holds it."""

    id: int
    key: str
    status: Status
    frozen_at: datetime
    """When it was rendered: the publication time that its bytes carry."""
    tries: int
    checks: int = 0
    claim: str = ""
    reference: str = ""
    url: str = ""
    deadline_at: datetime | None = None

    def claimed(self, claim: str) -> "Batch":
        """The same, in the hands of the one who got this claim."""
        return replace(self, status=Status.SENDING, claim=claim)

    @property
    def receipt(self) -> Receipt:
        """What the outside gave when it accepted the batch."""
        return Receipt(status=self.status, reference=self.reference, url=self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What goes before what: the first channel, and how long the others wait for it."""

    first: str
    patience: timedelta


class Queue:
    def __init__(self, database: Database, going: Going) -> None:
        self._database = database
        self._going = going

    def due(self, channel: str, now: datetime, most: int) -> list[Due]:
        """Deliveries whose time has come and that no open batch holds, oldest first."""
        open_batch = exists().where(
            batch_deliveries.c.delivery_id == deliveries.c.id,
            batch_deliveries.c.counts,
            batches.c.id == batch_deliveries.c.batch_id,
            batches.c.status.in_([Status.QUEUED, Status.SENDING]),
        )
        query = (
            select(deliveries.c.id, deliveries.c.urgent, deliveries.c.tries, orders.c.revision_id)
            .add_columns(revisions.c.item_id, revisions.c.content)
            .join(orders, orders.c.id == deliveries.c.order_id)
            .join(revisions, revisions.c.id == orders.c.revision_id)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.status == Status.QUEUED,
                deliveries.c.due_at <= now,
                ~open_batch,
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(most)
        )
        if channel != self._going.first:
            query = query.where(self._not_waiting(now))
        with self._database.read() as connection:
            return [
                Due(
                    id=row.id,
                    item_id=row.item_id,
                    revision_id=row.revision_id,
                    urgent=row.urgent,
                    tries=row.tries,
                    topics=topics_of(json.loads(row.content)),
                )
                for row in connection.execute(query)
            ]

    def load(self, due: Sequence[Due], now: datetime) -> list[Item]:
        """The items of these deliveries, in the same order, with the bytes of their assets."""
        with self._database.read() as connection:
            return [load(connection, one.revision_id, now) for one in due]

    def freeze(self, channel: str, parcels: Mapping[Parcel, Rendition], now: datetime) -> list[int]:
        """Store each parcel as a batch with its key, members, recipients and rendition.

        A parcel with a delivery that meanwhile is queued no more is left out whole.
        """
        with self._database.write() as connection:
            return [
                _freeze_one(connection, channel, parcel, rendition, now)
                for parcel, rendition in parcels.items()
                if _all_queued(connection, parcel)
            ]

    def ready(self, channel: str, now: datetime) -> list[Batch]:
        """Frozen batches whose time has come, oldest first."""
        return self._batches(
            channel,
            batches.c.status == Status.QUEUED,
            batches.c.due_at <= now,
        )

    def stranded(self, channel: str) -> list[Batch]:
        """Batches in somebody's hands. Asked under the channel's lock: their holder is dead."""
        return self._batches(channel, batches.c.status == Status.SENDING)

    def unfinished(self, channel: str, now: datetime) -> list[Batch]:
        """Accepted batches about which it is time to ask again."""
        return self._batches(
            channel, batches.c.status == Status.ACCEPTED, batches.c.check_at <= now
        )

    def claim(self, batch: Batch, now: datetime) -> str | None:
        """Compare and set: queued -> sending, intent committed. The claim, or None if too late."""
        claim = secrets.token_hex(16)
        with self._database.write() as connection:
            taken = connection.execute(
                update(batches)
                .where(batches.c.id == batch.id, batches.c.status == Status.QUEUED)
                .values(status=Status.SENDING, claim=claim, intent_at=now)
            ).rowcount
            if not taken:
                return None
            members = select(batch_deliveries.c.delivery_id).where(
                batch_deliveries.c.batch_id == batch.id
            )
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(members), deliveries.c.status == Status.QUEUED)
                .values(status=Status.SENDING, updated_at=now)
            )
        return claim

    def rendition(self, batch: Batch) -> Rendition:
        """The frozen bytes of a batch."""
        with self._database.read() as connection:
            return read_rendition(connection, batch.id)

    def _not_waiting(self, now: datetime) -> ColumnElement[bool]:
        lead = deliveries.alias("lead")
        leading = exists().where(
            lead.c.order_id == deliveries.c.order_id,
            lead.c.channel == self._going.first,
            lead.c.status.in_([Status.QUEUED, Status.SENDING]),
        )
        return or_(orders.c.created_at <= now - self._going.patience, ~leading)

    def _batches(self, channel: str, *conditions: ColumnElement[bool]) -> list[Batch]:
        query = (
            select(batches).where(batches.c.channel == channel, *conditions).order_by(batches.c.id)
        )
        with self._database.read() as connection:
            return [
                Batch(
                    id=row.id,
                    key=row.key,
                    status=Status(row.status),
                    frozen_at=row.frozen_at,
                    tries=row.tries,
                    checks=row.checks,
                    claim=row.claim,
                    reference=row.reference,
                    url=row.url,
                    deadline_at=row.deadline_at,
                )
                for row in connection.execute(query)
            ]


def read_rendition(connection: Connection, batch_id: int) -> Rendition:
    """The frozen files of a batch, in their order, with the notes for staff."""
    rows = connection.execute(
        select(renditions).where(renditions.c.batch_id == batch_id).order_by(renditions.c.position)
    ).all()
    data = blobs.get(connection, [row.sha256 for row in rows])
    notes = connection.execute(select(batches.c.notes).where(batches.c.id == batch_id)).scalar_one()
    return Rendition(
        files=tuple(File(row.name, row.media_type, data[row.sha256]) for row in rows),
        notes=tuple(notes),
    )


def _all_queued(connection: Connection, parcel: Parcel) -> bool:
    ids = [one.id for one in parcel.deliveries]
    found = connection.execute(select(deliveries.c.status).where(deliveries.c.id.in_(ids)))
    return all(status == Status.QUEUED for status in found.scalars())


def _freeze_one(
    connection: Connection, channel: str, parcel: Parcel, rendition: Rendition, now: datetime
) -> int:
    ids = [one.id for one in parcel.deliveries]
    tries = select(deliveries.c.tries).where(deliveries.c.id.in_(ids))
    batch_id: int = connection.execute(
        insert(batches)
        .values(
            channel=channel,
            key=secrets.token_hex(16),
            status=Status.QUEUED,
            due_at=now,
            frozen_at=now,
            rendition_sha256=rendition.sha256,
            notes=list(rendition.notes),
            claim="",
            tries=max(connection.execute(tries).scalars()),
            checks=0,
            reference="",
            url="",
            reason="",
            reason_class="",
        )
        .returning(batches.c.id)
    ).scalar_one()
    connection.execute(
        insert(batch_deliveries),
        [
            {"batch_id": batch_id, "delivery_id": one, "position": place, "counts": True}
            for place, one in enumerate(ids)
        ],
    )
    connection.execute(
        insert(renditions),
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
            insert(recipients),
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
    return batch_id
