"""Outcomes: the one place where a status changes after a try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from publisher.model import Status, move
from publisher.planning import Due
from publisher.settle import Kind, Settlement, combine, tell_counts
from publisher.store.engine import Database
from publisher.store.history import Try, write_history
from publisher.store.queue import Batch
from publisher.store.recipients import (
    NEWS_FOR_RECIPIENTS,
    count_recipients,
    settle_recipients,
)
from publisher.store.tables import batch_deliveries, batches, deliveries, items, orders

# Statements of the daily walk are built once: building one costs more than running it.
_COUNTING = (
    select(batches, batch_deliveries.c.url.label("member_url"))
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(batch_deliveries.c.delivery_id == bindparam("delivery"), batch_deliveries.c.counts)
    .order_by(batches.c.id)
)
_MEMBERS = (
    select(batch_deliveries.c.delivery_id, batch_deliveries.c.position)
    .where(batch_deliveries.c.batch_id == bindparam("batch"), batch_deliveries.c.counts)
    .order_by(batch_deliveries.c.position)
)
_TAKEN_OUT = select(batch_deliveries.c.delivery_id).where(
    batch_deliveries.c.batch_id == bindparam("batch"), ~batch_deliveries.c.counts
)
_STATUS = select(deliveries.c.status).where(deliveries.c.id == bindparam("delivery"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When to ask again, and until when the new status may last."""

    check_at: datetime | None = None
    deadline_at: datetime | None = None


class Outcomes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(
        self,
        batch: Batch,
        settlement: Settlement,
        done: Try,
        times: Times,
        *,
        dissolve: bool = False,
    ) -> bool:
        """Write what a try led to: batch, deliveries, attempts, receipts, in one transaction.

        Compare and set on the batch's status and claim: whoever lost the batch meanwhile writes
        nothing and gets False. `dissolve`: a batch that is to be tried again is not kept; its
        deliveries are planned afresh, since what it froze is stale by then (a feed).
        """
        with self._database.write() as connection:
            again = settlement.status is Status.QUEUED
            # A batch out of which a person has taken a delivery must not go out as it was frozen.
            dissolve = again and (dissolve or _is_torn(connection, batch.id))
            if not _settle_batch(connection, batch, settlement, times, dissolve=dissolve):
                return False
            urls = _place(connection, batch.id, settlement.urls)
            members = list(urls)
            if settlement.status in NEWS_FOR_RECIPIENTS:
                settle_recipients(connection, batch.id, settlement.status, done.ended_at)
            if dissolve:
                settle_recipients(connection, batch.id, Status.FAILED, done.ended_at)
                _release(connection, batch.id, members, settlement, done.ended_at)
            write_history(connection, members, batch.id, settlement, done, urls)
            for member in members:
                follow(connection, member, times, done, batch.id)
            if settlement.status is Status.DELIVERED:
                stamp_first_published(connection, members, batch.frozen_at)
        return True

    def unrendered(self, due: Due, settlement: Settlement, done: Try) -> None:
        """A delivery that could not even be rendered: failed, or queued for another try."""
        with self._database.write() as connection:
            row = connection.execute(
                select(deliveries.c.status).where(deliveries.c.id == due.id)
            ).one()
            if row.status != Status.QUEUED:
                return
            if settlement.status is not Status.CANCELLED:
                # It was in our hands for the length of a render; nothing was in flight.
                _update_delivery(connection, due.id, {"status": Status.SENDING})
            values: dict[str, Any] = {
                "status": settlement.status,
                "tries": settlement.tries,
                "reason": settlement.reason,
                "reason_class": settlement.reason_class,
                "updated_at": done.ended_at,
            }
            if settlement.due_at:
                values["due_at"] = settlement.due_at
            _update_delivery(connection, due.id, values)
            write_history(connection, [due.id], None, settlement, done)

    def unwanted(self, due: Due, reason: str, done: Try) -> None:
        """A delivery that nobody is left to get: cancelled, or as its earlier batches stand."""
        with self._database.write() as connection:
            if connection.execute(_COUNTING, {"delivery": due.id}).first():
                _update_delivery(connection, due.id, {"status": Status.SENDING})
                follow(connection, due.id, Times(), done)
                return
        self.unrendered(due, Settlement(status=Status.CANCELLED, reason=reason), done)

    def asked(self, batch: Batch, check_at: datetime) -> None:
        """Asked and nothing new: when to ask again."""
        with self._database.write() as connection:
            connection.execute(
                update(batches)
                .where(batches.c.id == batch.id, batches.c.status == batch.status)
                .values(checks=batches.c.checks + 1, check_at=check_at)
            )


def follow(
    connection: Connection, delivery_id: int, times: Times, done: Try, sent: int | None = None
) -> None:
    """Bring a delivery to where its counting batches stand, along an existing arrow.

    `sent`: the batch that was tried. Batches that go out side by side are one attempt.
    """
    rows = connection.execute(_COUNTING, {"delivery": delivery_id}).all()
    if not rows:
        return
    status = combine([Status(row.status) for row in rows])
    current = Status(connection.execute(_STATUS, {"delivery": delivery_id}).scalar_one())
    if current is Status.QUEUED and status not in {Status.QUEUED, Status.SENDING}:
        return  # it waits to be planned anew; what its other batches do counts when that is out
    decisive = [row for row in rows if row.status == status]
    values: dict[str, Any] = {
        "status": status,
        "attempts": deliveries.c.attempts + _new_attempts(rows, done, sent),
        "reference": "，".join(dict.fromkeys(row.reference for row in decisive if row.reference)),
        "url": decisive[0].member_url or decisive[0].url,
        "reason": decisive[0].reason,
        "reason_class": decisive[0].reason_class,
        "updated_at": done.ended_at,
        "deadline_at": times.deadline_at,
    }
    if len(rows) > 1 and status in {Status.DELIVERED, Status.FAILED}:
        counts = count_recipients(connection, [row.id for row in rows])
        values["reason"] = tell_counts(counts) or decisive[0].reason
    if status is Status.QUEUED:
        values["due_at"] = min(row.due_at for row in decisive)
    _update_delivery(connection, delivery_id, values)


def _new_attempts(rows: Sequence[Row[Any]], done: Try, sent: int | None) -> int:
    if done.kind not in {Kind.SEND, Kind.SETTLE}:
        return 0
    tries = {row.id: row.tries for row in rows}
    mine = tries.pop(sent, 0) if sent else 0
    return 1 if mine > max(tries.values(), default=0) else 0


def _place(connection: Connection, batch_id: int, urls: Sequence[str]) -> dict[int, str]:
    """The counting members of a batch, each with where it can be seen ("" if not told)."""
    rows = connection.execute(_MEMBERS, {"batch": batch_id}).all()
    found = {}
    for row in rows:
        url = urls[row.position] if row.position < len(urls) else ""
        found[row.delivery_id] = url
        if url:
            connection.execute(
                update(batch_deliveries)
                .where(
                    batch_deliveries.c.batch_id == batch_id,
                    batch_deliveries.c.delivery_id == row.delivery_id,
                )
                .values(url=url)
            )
    return found


def _is_torn(connection: Connection, batch_id: int) -> bool:
    """Whether a delivery of this batch has been taken out of it."""
    return connection.execute(_TAKEN_OUT, {"batch": batch_id}).first() is not None


def _settle_batch(
    connection: Connection, batch: Batch, settlement: Settlement, times: Times, *, dissolve: bool
) -> bool:
    again = settlement.status is Status.QUEUED
    values: dict[str, Any] = {
        "status": Status.FAILED if again and dissolve else settlement.status,
        "claim": "",
        "tries": settlement.tries,
        "reference": settlement.reference or batch.reference,
        "url": settlement.url or batch.url,
        "reason": settlement.reason,
        "reason_class": settlement.reason_class,
        "check_at": times.check_at,
        "deadline_at": times.deadline_at,
    }
    if settlement.due_at:
        values["due_at"] = settlement.due_at
    move(batch.status, settlement.status)
    return bool(
        connection.execute(
            update(batches)
            .where(
                batches.c.id == batch.id,
                batches.c.status == batch.status,
                batches.c.claim == batch.claim,
            )
            .values(**values)
        ).rowcount
    )


def _release(
    connection: Connection,
    batch_id: int,
    members: Sequence[int],
    settlement: Settlement,
    now: datetime,
) -> None:
    connection.execute(
        update(batch_deliveries).where(batch_deliveries.c.batch_id == batch_id).values(counts=False)
    )
    for member in members:
        _update_delivery(
            connection,
            member,
            {
                "status": settlement.status,
                "due_at": settlement.due_at,
                "tries": settlement.tries,
                "attempts": deliveries.c.attempts + 1,
                "reason": settlement.reason,
                "reason_class": settlement.reason_class,
                "updated_at": now,
            },
        )


def _update_delivery(connection: Connection, delivery_id: int, values: dict[str, Any]) -> None:
    current = connection.execute(_STATUS, {"delivery": delivery_id}).scalar_one()
    move(Status(current), Status(values["status"]))
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values))


def stamp_first_published(
    connection: Connection, delivery_ids: Sequence[int], at: datetime
) -> None:
    """The first-published time of the items behind these deliveries; set once, for ever."""
    mine = (
        select(orders.c.item_id)
        .join(deliveries, deliveries.c.order_id == orders.c.id)
        .where(deliveries.c.id.in_(delivery_ids))
    )
    connection.execute(
        update(items)
        .where(items.c.id.in_(mine), items.c.first_published_at.is_(None))
        .values(first_published_at=at)
    )
