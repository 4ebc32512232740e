"""The queue that the delivery rows are: what is due, what is frozen, who holds what."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from publisher.channel import Receipt, Rendition
from publisher.model import Item, Status
from publisher.planning import Due, Parcel
from publisher.record import topics_of
from publisher.store.engine import Database
from publisher.store.freezing import freeze, read_rendition
from publisher.store.items import load
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
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
        self._due = _due_query(going)

    def due(self, channel: str, now: datetime, most: int) -> list[Due]:
        """Deliveries whose time has come and that no open batch holds, oldest first.

        Others than the first channel's also wait for that one, within its patience.
        """
        asked = {
            "channel": channel,
            "now": now,
            "most": most,
            "is_first": channel == self._going.first,
            "long_ago": now - self._going.patience,
        }
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
                for row in connection.execute(self._due, asked)
            ]

    def load(self, due: Sequence[Due], now: datetime) -> list[Item]:
        """The items of these deliveries, in the same order, with the bytes of their assets."""
        with self._database.read() as connection:
            return load(connection, [one.revision_id for one in due], now)

    def freeze(
        self,
        channel: str,
        parcels: Mapping[Parcel, Rendition],
        frozen_at: datetime,
        now: datetime,
    ) -> list[Batch]:
        """Store each parcel as a batch with its key, members, recipients and rendition.

        A parcel with a delivery that meanwhile is queued no more is left out whole. The first
        batch is claimed in the same transaction: whoever freezes it sends it at once.
        """
        frozen = []
        with self._database.write() as connection:
            for parcel, rendition in parcels.items():
                if made := freeze(connection, channel, parcel, rendition, frozen_at):
                    tries = max(one.tries for one in parcel.deliveries)
                    frozen.append(
                        Batch(
                            id=made[0],
                            key=made[1],
                            status=Status.QUEUED,
                            frozen_at=frozen_at,
                            tries=tries,
                        )
                    )
            for first in frozen[:1]:
                frozen[0] = first.claimed(_claim(connection, first, now) or "")
        return frozen

    def ready(self, channel: str, now: datetime) -> list[Batch]:
        """Frozen batches whose time has come, oldest first."""
        return self._batches(_READY, channel=channel, now=now)

    def stranded(self, channel: str) -> list[Batch]:
        """Batches in somebody's hands. Asked under the channel's lock: their holder is dead."""
        return self._batches(_STRANDED, channel=channel)

    def unfinished(self, channel: str, now: datetime) -> list[Batch]:
        """Accepted batches about which it is time to ask again."""
        return self._batches(_UNFINISHED, channel=channel, now=now)

    def doubtful(self, channel: str, now: datetime) -> list[Batch]:
        """Batches of which nobody knows whether they are out, and it is time to ask again."""
        return self._batches(_DOUBTFUL, channel=channel, now=now)

    def doubtful_of(self, delivery_id: int) -> list[Batch]:
        """Those that leave this delivery in doubt."""
        return self._batches(_DOUBTFUL_OF, delivery=delivery_id)

    def claim(self, batch: Batch, now: datetime) -> str | None:
        """Compare and set: queued -> sending, intent committed. The claim, or None if too late."""
        with self._database.write() as connection:
            return _claim(connection, batch, now)

    def rendition(self, batch: Batch) -> Rendition:
        """The frozen bytes of a batch."""
        with self._database.read() as connection:
            return read_rendition(connection, batch.id)

    def _batches(self, query: Select[Any], **asked: object) -> list[Batch]:
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
                for row in connection.execute(query, asked)
            ]


def _claim(connection: Connection, batch: Batch, now: datetime) -> str | None:
    claim = secrets.token_hex(16)
    mine = {"batch": batch.id, "now": now, "by": claim}
    if not connection.execute(_TAKE, mine).rowcount:
        return None
    connection.execute(_TAKE_MEMBERS, mine)
    return claim


# Statements of the daily walk are built once: building one costs more than running it.
_MINE = select(batches).where(batches.c.channel == bindparam("channel")).order_by(batches.c.id)
_READY = _MINE.where(batches.c.status == Status.QUEUED, batches.c.due_at <= bindparam("now"))
_STRANDED = _MINE.where(batches.c.status == Status.SENDING)
_UNFINISHED = _MINE.where(
    batches.c.status == Status.ACCEPTED, batches.c.check_at <= bindparam("now")
)


_DOUBTFUL = _MINE.where(batches.c.status == Status.UNKNOWN, batches.c.check_at <= bindparam("now"))
_DOUBTFUL_OF = (
    select(batches)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status == Status.UNKNOWN,
    )
)
_TAKE = (
    update(batches)
    .where(batches.c.id == bindparam("batch"), batches.c.status == Status.QUEUED)
    .values(status=Status.SENDING, claim=bindparam("by"), intent_at=bindparam("now"))
)
_TAKE_MEMBERS = (
    update(deliveries)
    .where(
        deliveries.c.id.in_(
            select(batch_deliveries.c.delivery_id).where(
                batch_deliveries.c.batch_id == bindparam("batch"), batch_deliveries.c.counts
            )
        ),
        deliveries.c.status == Status.QUEUED,
    )
    .values(status=Status.SENDING, updated_at=bindparam("now"))
)


def _due_query(going: Going) -> Select[Any]:
    open_batch = exists().where(
        batch_deliveries.c.delivery_id == deliveries.c.id,
        batch_deliveries.c.counts,
        batches.c.id == batch_deliveries.c.batch_id,
        batches.c.status.in_([Status.QUEUED, Status.SENDING]),
    )
    lead = deliveries.alias("lead")
    leading = exists().where(
        lead.c.order_id == deliveries.c.order_id,
        lead.c.channel == going.first,
        lead.c.status.in_([Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.FAILED]),
    )
    return (
        select(deliveries.c.id, deliveries.c.urgent, deliveries.c.tries, orders.c.revision_id)
        .add_columns(revisions.c.item_id, revisions.c.content)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(revisions, revisions.c.id == orders.c.revision_id)
        .where(
            deliveries.c.channel == bindparam("channel"),
            deliveries.c.status == Status.QUEUED,
            deliveries.c.due_at <= bindparam("now"),
            ~open_batch,
            or_(
                bindparam("is_first", type_=Boolean),
                orders.c.created_at <= bindparam("long_ago"),
                ~leading,
            ),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("most", type_=Integer))
    )
