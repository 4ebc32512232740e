"""Recipients: what became of each subscriber of an addressed batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.queue import Batch
from publisher.store.tables import batches, recipients, subscribers

NEWS_FOR_RECIPIENTS = {Status.ACCEPTED, Status.FAILED, Status.UNKNOWN}
"""What a batch's status says of all its recipients at once."""


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

    def report(
        self,
        channel: str,
        reports: Sequence[tuple[str, bytes, Status, str]],
        now: datetime,
    ) -> int:
        """Write what became of single recipients: (reference, blind index, status, code) each.

        A report may only raise a recipient: delivered stays whatever comes late. Returns how many
        reports concern nobody we know.
        """
        strangers = 0
        with self._database.write() as connection:
            for reference, index, status, code in reports:
                lower = {
                    Status.DELIVERED: [Status.ACCEPTED, Status.UNKNOWN, Status.FAILED],
                    Status.FAILED: [Status.ACCEPTED, Status.UNKNOWN],
                }.get(status, [])
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
                    strangers += 1
                    continue
                connection.execute(
                    update(recipients)
                    .where(*mine, recipients.c.status.in_(lower))
                    .values(status=status, code=code[:64], updated_at=now)
                )
        return strangers

    def tally(self, batch: Batch) -> Tally:
        with self._database.read() as connection:
            return Tally(batch=batch, counts=count_recipients(connection, [batch.id]))


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
