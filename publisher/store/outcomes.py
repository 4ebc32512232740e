"""Outcomes: the one place where a status changes after a try."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from publisher.model import Action, Status, move
from publisher.planning import Due
from publisher.settle import Kind, Settlement, Times, TimesOf
from publisher.store.engine import Database
from publisher.store.following import (
    counting,
    follow,
    let_be,
    stand,
    status_of,
    update_delivery,
)
from publisher.store.history import Try, write_history
from publisher.store.queue import Batch
from publisher.store.recipients import NEWS_FOR_RECIPIENTS, settle_recipients
from publisher.store.superseding import leaves_out, supersede, superseded
from publisher.store.tables import batch_deliveries, batches, deliveries, orders

# Statements of the daily walk are built once: building one costs more than running it.
_MEMBERS = (
    select(batch_deliveries.c.delivery_id, batch_deliveries.c.position)
    .where(batch_deliveries.c.batch_id == bindparam("batch"), batch_deliveries.c.counts)
    .order_by(batch_deliveries.c.position)
)
# What must be planned anew instead of going out as it was frozen: a batch out of which somebody has
# taken a delivery, and what takes something back, since more of it may be out by then.
_STALE = (
    select(batch_deliveries.c.delivery_id)
    .where(batch_deliveries.c.batch_id == bindparam("batch"))
    .where(
        or_(
            ~batch_deliveries.c.counts,
            exists().where(
                deliveries.c.id == batch_deliveries.c.delivery_id,
                orders.c.id == deliveries.c.order_id,
                orders.c.action != Action.PUBLISH,
            ),
        )
    )
)
_SET_URL = (
    update(batch_deliveries)
    .where(
        batch_deliveries.c.batch_id == bindparam("batch"),
        batch_deliveries.c.delivery_id == bindparam("delivery"),
    )
    .values(url=bindparam("to"))
)
_SETTLE = update(batches).where(
    batches.c.id == bindparam("batch"),
    batches.c.status == bindparam("was"),
    batches.c.claim == bindparam("held"),
    batches.c.tries == bindparam("before"),  # a question asked before a new try says nothing of it
)  # what it is to be is given when it is run
_CALLS = (Kind.SEND, Kind.SETTLE)
_REPLACED = "已由后来的更正或撤回代替"


class Outcomes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(
        self,
        batch: Batch,
        settlement: Settlement,
        done: Try,
        times: TimesOf,
        *,
        addressed: bool,
        dissolve: bool = False,
        by_key: bool = False,
    ) -> bool:
        """Write what a try led to: batch, deliveries, attempts, receipts, in one transaction.

        Compare and set on the batch's status and claim: whoever lost the batch meanwhile writes
        nothing and gets False. `addressed`: it has recipients. `dissolve`: a batch that is to be
        tried again is not kept; its deliveries are planned afresh, since what it froze is stale by
        then (a feed). `by_key`: it may be out, and only under the same key does another try no
        harm; so it is kept, and where something newer has come its outcome stays unknown.
        """
        times = cache(times)
        with self._database.write() as connection:
            places = _members(connection, batch)
            members = list(places)
            again = settlement.status is Status.QUEUED
            replaced = superseded(connection, members) if again else []
            if replaced and by_key:
                settlement = replace(settlement, status=Status.UNKNOWN, due_at=None)
                again, replaced = False, []
            dissolved = (
                again
                and not by_key
                and (dissolve or bool(replaced) or _is_stale(connection, batch.id))
            )
            values = _values(batch, settlement, times(settlement.status))
            values["in_doubt"] = again and by_key
            if dissolved:
                values["status"] = Status.FAILED
            if not connection.execute(_SETTLE, _as_held(batch) | values).rowcount:
                return False
            urls = _place(connection, batch.id, places, settlement.urls)
            if dissolved:
                settle_recipients(connection, batch.id, Status.FAILED, done.ended_at)
                _release(connection, batch.id, members, settlement, done.ended_at)
            elif addressed and _is_news(settlement.status, done.kind):
                settle_recipients(connection, batch.id, settlement.status, done.ended_at)
            write_history(connection, members, batch.id, settlement, done, urls)
            rest = addressed and not again and done.kind in _CALLS
            for member in members:
                if rest and _is_owed(connection, member):
                    _plan_rest(connection, member, done)
                else:
                    follow(connection, member, times, done, batch.id)
            if settlement.status is Status.FAILED:
                let_be(connection, superseded(connection, members))
            if settlement.status is Status.DELIVERED:
                stand(connection, members, done, batch.frozen_at)
            gone = Settlement(status=Status.CANCELLED, reason=_REPLACED)
            supersede(connection, replaced, gone, done)
        return True

    def unrendered(self, due: Due, settlement: Settlement, done: Try, times: Times) -> None:
        """A delivery that could not even be rendered: failed, or queued for another try."""
        with self._database.write() as connection:
            if status_of(connection, due.id) is not Status.QUEUED:
                return
            if settlement.status is not Status.CANCELLED:
                # It was in our hands for the length of a render; nothing was in flight.
                update_delivery(connection, due.id, {"status": Status.SENDING})
            values: dict[str, Any] = {
                "status": settlement.status,
                "tries": settlement.tries,
                "reason": settlement.reason,
                "reason_class": settlement.reason_class,
                "updated_at": done.ended_at,
            }
            if settlement.status is Status.QUEUED:
                values["due_at"] = settlement.due_at
            else:
                values |= {"deadline_at": times.deadline_at, "tell_at": times.tell_at}
            update_delivery(connection, due.id, values)
            write_history(connection, [due.id], None, settlement, done)

    def unwanted(self, due: Due, reason: str, done: Try, times: TimesOf) -> None:
        """A delivery with nobody left to get it, or nothing left to do: cancelled, or as its
        earlier batches stand.
        """
        with self._database.write() as connection:
            if status_of(connection, due.id) is not Status.QUEUED:
                return
            if counting(connection, due.id):
                update_delivery(connection, due.id, {"status": Status.SENDING})
                follow(connection, due.id, times, done)
                return
            gone = Settlement(status=Status.CANCELLED, reason=reason)
            self.unrendered(due, gone, done, Times())

    def asked(self, batch: Batch, check_at: datetime) -> None:
        """Asked and nothing new: when to ask again."""
        with self._database.write() as connection:
            connection.execute(
                update(batches)
                .where(batches.c.id == batch.id, batches.c.status == batch.status)
                .values(checks=batches.c.checks + 1, check_at=check_at)
            )


def _members(connection: Connection, batch: Batch) -> dict[int, int]:
    """The counting deliveries of a batch, each with its place in it."""
    if batch.members:  # nobody takes a delivery out of a batch that is in somebody's hands
        return {one: place for place, one in enumerate(batch.members)}
    rows = connection.execute(_MEMBERS, {"batch": batch.id})
    return {row.delivery_id: row.position for row in rows}


def _place(
    connection: Connection, batch_id: int, members: Mapping[int, int], urls: Sequence[str]
) -> dict[int, str]:
    """Write where each member can be seen, if the outside told; return it ("" if not)."""
    found = {}
    for member, position in members.items():
        url = found[member] = urls[position] if position < len(urls) else ""
        if url:
            connection.execute(_SET_URL, {"batch": batch_id, "delivery": member, "to": url})
    return found


def _is_stale(connection: Connection, batch_id: int) -> bool:
    return connection.execute(_STALE, {"batch": batch_id}).first() is not None


def _as_held(batch: Batch) -> dict[str, Any]:
    """By what a batch is known to be still as it was met."""
    return {"batch": batch.id, "was": batch.status, "held": batch.claim, "before": batch.tries}


def _values(batch: Batch, settlement: Settlement, times: Times) -> dict[str, Any]:
    """What a batch becomes, along an existing arrow."""
    move(batch.status, settlement.status)
    values: dict[str, Any] = {
        "status": settlement.status,
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
    return values


def _is_news(status: Status, kind: Kind) -> bool:
    """Whether the status of a batch is that of each of its recipients."""
    return status in NEWS_FOR_RECIPIENTS or (status is Status.DELIVERED and kind is Kind.SEND)


def _is_owed(connection: Connection, delivery_id: int) -> bool:
    """Whether the rest of a delivery must be planned anew, because another item of its batches was
    taken out of them.
    """
    return leaves_out(connection, delivery_id) and not superseded(connection, [delivery_id])


def _plan_rest(connection: Connection, delivery_id: int, done: Try) -> None:
    values = {"status": Status.QUEUED, "due_at": done.ended_at, "updated_at": done.ended_at}
    update_delivery(connection, delivery_id, values, attempts=1)


def _release(
    connection: Connection,
    batch_id: int,
    members: Iterable[int],
    settlement: Settlement,
    now: datetime,
) -> None:
    connection.execute(
        update(batch_deliveries).where(batch_deliveries.c.batch_id == batch_id).values(counts=False)
    )
    for member in members:
        update_delivery(
            connection,
            member,
            {
                "status": settlement.status,
                "due_at": settlement.due_at,
                "tries": settlement.tries,
                "reason": settlement.reason,
                "reason_class": settlement.reason_class,
                "updated_at": now,
            },
            attempts=1,
        )
