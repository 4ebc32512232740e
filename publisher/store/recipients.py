"""Recipients: what became of each subscriber of an addressed batch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from publisher.model import Status
from publisher.planning import EVERYTHING
from publisher.record import topics_of
from publisher.store import strays
from publisher.store.engine import Database
from publisher.store.queue import Batch
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    recipients,
    revisions,
    subscribers,
    subscriptions,
)

NEWS_FOR_RECIPIENTS = {Status.ACCEPTED, Status.FAILED, Status.UNKNOWN}
"""What a batch's status says of all its recipients at once."""

_LOWER = {
    Status.DELIVERED: [Status.ACCEPTED, Status.UNKNOWN, Status.FAILED],
    Status.FAILED: [Status.ACCEPTED, Status.UNKNOWN],
}
"""Which statuses of a recipient a report may change."""

_REACHED = (Status.ACCEPTED, Status.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many recipients of a batch stand where."""

    batch: Batch
    counts: Mapping[Status, int]

    @property
    def open(self) -> int:
        return self.counts.get(Status.ACCEPTED, 0)


class Recipients:
    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, channel: str, reports: Sequence[strays.Report], now: datetime) -> int:
        """Write what became of single recipients, and keep what belongs to no batch we know yet.

        Strays whose batch has become known meanwhile are written too. Returns how many reports
        concern a batch of ours, but none of its recipients.
        """
        with self._database.write() as connection:
            strays.drop_old(connection, channel, now)
            known = strays.take_known(connection, channel)
            for report in reports:
                if strays.is_known(connection, channel, report):
                    known.append(report)
                else:
                    strays.keep(connection, channel, report, now)
            return sum(not _write(connection, channel, report, now) for report in known)

    def adoptable(self, channel: str) -> dict[int, str]:
        """Batches in doubt, each with the stray reference that can only be its own."""
        with self._database.read() as connection:
            return strays.adoptable(connection, channel)

    def tally(self, batch: Batch) -> Tally:
        with self._database.read() as connection:
            return Tally(batch=batch, counts=count_recipients(connection, [batch.id]))


def _write(connection: Connection, channel: str, report: strays.Report, now: datetime) -> bool:
    """A report may only raise a recipient: delivered stays whatever comes late. False: nobody's."""
    reference, index, status, code = report
    mine = (
        recipients.c.batch_id.in_(
            select(batches.c.id).where(
                batches.c.channel == channel, batches.c.reference == reference
            )
        ),
        recipients.c.subscriber_id.in_(
            select(subscribers.c.id).where(subscribers.c.blind_index == index)
        ),
    )
    if not connection.execute(select(recipients.c.batch_id).where(*mine)).first():
        return False
    connection.execute(
        update(recipients)
        .where(*mine, recipients.c.status.in_(_LOWER.get(status, [])))
        .values(status=status, code=code[:64], updated_at=now)
    )
    return True


def count_recipients(connection: Connection, batch_ids: Sequence[int]) -> dict[Status, int]:
    """How many recipients of these batches stand where."""
    rows = connection.execute(
        select(recipients.c.status, func.count().label("people"))
        .where(recipients.c.batch_id.in_(batch_ids))
        .group_by(recipients.c.status)
    )
    return {Status(row.status): row.people for row in rows}


def settle_recipients(connection: Connection, batch_id: int, status: Status, now: datetime) -> None:
    connection.execute(
        update(recipients)
        .where(
            recipients.c.batch_id == batch_id,
            recipients.c.status.in_([Status.QUEUED, Status.ACCEPTED, Status.UNKNOWN]),
        )
        .values(status=status, updated_at=now)
    )


def meant_for(connection: Connection, delivery_id: int) -> set[int]:
    """The subscribers for whom a delivery was frozen and who are not known to have got it; where it
    never was, those who want it now.
    """
    frozen = (
        select(recipients.c.subscriber_id, recipients.c.status)
        .join(batch_deliveries, batch_deliveries.c.batch_id == recipients.c.batch_id)
        .where(batch_deliveries.c.delivery_id == delivery_id)
    )
    rows = connection.execute(frozen).all()
    if rows:
        got = {row.subscriber_id for row in rows if row.status in _REACHED}
        return {row.subscriber_id for row in rows} - got
    content = connection.execute(
        select(revisions.c.content)
        .join(orders, orders.c.revision_id == revisions.c.id)
        .join(deliveries, deliveries.c.order_id == orders.c.id)
        .where(deliveries.c.id == delivery_id)
    ).scalar_one()
    wish = (
        select(subscriptions.c.subscriber_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            subscribers.c.active,
            subscriptions.c.topic.in_([EVERYTHING, *topics_of(json.loads(content))]),
        )
    )
    return set(connection.execute(wish).scalars())
