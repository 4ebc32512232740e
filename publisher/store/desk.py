"""What staff do to a delivery, each in one transaction and with who and why."""

import secrets
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select, update

from publisher.model import Status, move
from publisher.settle import Kind, Settlement, Times, TimesOf
from publisher.store import audit, blobs
from publisher.store.engine import Database
from publisher.store.evidence import EVIDENCE
from publisher.store.following import (
    attempts_of,
    follow,
    stand,
    status_of,
    update_delivery,
)
from publisher.store.history import Try, write_history
from publisher.store.recipients import meant_for, settle_recipients
from publisher.store.related import Partner
from publisher.store.superseding import dissolve_all, superseded
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    receipts,
    recipients,
)
from publisher.store.together import carried, items_beside, open_calls

_OPEN_TO_A_PERSON = (Status.FAILED, Status.LOST, Status.UNKNOWN)
_OF_DELIVERY = (
    select(orders.c.item_id, deliveries.c.channel)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(deliveries.c.id == bindparam("delivery"))
)


class Resent(StrEnum):
    """What a resend came to."""

    QUEUED = "queued"
    NOT_OPEN = "not_open"
    CHANGED = "changed"
    """It has been sent since the person looked."""
    REPLACED = "replaced"
    """A newer order of the item stands in the channel: this one goes out no more."""


class Desk:
    def __init__(self, database: Database) -> None:
        self._database = database

    def resend(
        self, delivery_id: int, *, seen: int, by: str, why: str, now: datetime, times: Times
    ) -> Resent:
        """Queue a delivery that is not out, for now, with a fresh retry budget.

        `seen`: how many attempts it had when the person judged it.

        Its failed batches count no more (they stay as history); those that are out keep counting,
        so of an addressed delivery only the rest goes out. One that was lost goes out whole.
        """
        done = Try(kind=Kind.STAFF, actor=by, started_at=now, ended_at=now)
        with self._database.write() as connection:
            status = status_of(connection, delivery_id)
            if status not in _OPEN_TO_A_PERSON:
                return Resent.NOT_OPEN
            if attempts_of(connection, delivery_id) != seen:
                return Resent.CHANGED
            replaced = bool(superseded(connection, [delivery_id]))
            if replaced and status is not Status.UNKNOWN:
                return Resent.REPLACED
            _close_batches(connection, delivery_id, status, now)
            reason = f"要求重发：{why}"
            to = Status.FAILED if replaced else Status.QUEUED
            values = {
                "status": to,
                "due_at": now,
                "tries": 0,
                "reason": f"{by} {reason}",
                "reason_class": "",
                "deadline_at": None if replaced else times.deadline_at,
                "tell_at": None if replaced else times.tell_at,
                "verify_at": None,
                "updated_at": now,
            }
            update_delivery(connection, delivery_id, values)
            settlement = Settlement(status=to, reason=reason)
            write_history(connection, [delivery_id], None, settlement, done)
            act = "told_not_out" if replaced else "resent"
            _write_down(connection, delivery_id, act, f"原因：{why}", done)
        return Resent.REPLACED if replaced else Resent.QUEUED

    def confirm(
        self,
        delivery_id: int,
        *,
        by: str,
        note: str,
        evidence: tuple[str, bytes] | None,
        now: datetime,
        times: TimesOf,
        addressed: bool,
    ) -> bool:
        """A person says it is out, with a note and perhaps a file (name, bytes) to prove it.

        For what awaits a person, for what is unknown, for what failed and was then done by hand,
        and for what is held: after a restore it may have gone out in a time that the database does
        not remember. False if it is none of these.
        """
        done = Try(kind=Kind.STAFF, actor=by, started_at=now, ended_at=now)
        with self._database.write() as connection:
            if status_of(connection, delivery_id) in {Status.HELD, Status.FAILED}:
                _remember_a_call(connection, delivery_id, done, addressed=addressed)
            if status_of(connection, delivery_id) not in {Status.AWAITING, Status.UNKNOWN}:
                return False
            settlement = Settlement(status=Status.DELIVERED, reason=note)
            together = _deliver_batches(connection, delivery_id, note)
            for one in together:
                follow(connection, one, times, done)
            write_history(connection, together, None, settlement, done)
            stand(connection, together, done, now)
            if evidence:
                _keep(connection, delivery_id, evidence, done)
            proof = f"；证明文件：{evidence[0]}" if evidence else ""
            item_id = connection.execute(_OF_DELIVERY, {"delivery": delivery_id}).one().item_id
            along = f"情况：{note}；与 {item_id} 同一次发出，一并确认"
            for one in together:
                if one != delivery_id:
                    _write_down(connection, one, "confirmed", along, done)
            _write_down(connection, delivery_id, "confirmed", f"情况：{note}{proof}", done)
        return True

    def beside(self, delivery_id: int) -> list[Partner]:
        """The other items that a confirmation of this delivery would confirm too."""
        with self._database.read() as connection:
            return items_beside(connection, delivery_id)


def _remember_a_call(
    connection: Connection, delivery_id: int, done: Try, *, addressed: bool
) -> None:
    """Put a batch in the place of the one that was forgotten, its outcome unknown.

    What lies frozen for another try goes out no more.
    """
    now = done.ended_at
    people = meant_for(connection, delivery_id) if addressed else ()
    dissolve_all(connection, delivery_id, "已由人工确认", done)
    failed = select(batches.c.id).where(batches.c.status == Status.FAILED)
    mine = batch_deliveries.c.delivery_id == delivery_id
    connection.execute(
        update(batch_deliveries)
        .where(mine, batch_deliveries.c.batch_id.in_(failed))
        .values(counts=False)
    )
    for status in (Status.QUEUED, Status.SENDING, Status.UNKNOWN):
        update_delivery(connection, delivery_id, {"status": status})
    channel = select(deliveries.c.channel).where(deliveries.c.id == delivery_id)
    batch_id = connection.execute(
        insert(batches)
        .values(
            channel=channel.scalar_subquery(),
            key=secrets.token_hex(16),
            status=Status.UNKNOWN,
            due_at=now,
            frozen_at=now,
            rendition_sha256="",
            notes=[],
            claim="",
            tries=0,
            checks=0,
            reference="",
            url="",
            reason="",
            reason_class="",
        )
        .returning(batches.c.id)
    ).scalar_one()
    connection.execute(
        insert(batch_deliveries).values(
            batch_id=batch_id, delivery_id=delivery_id, position=0, counts=True, url=""
        )
    )
    if people:
        connection.execute(
            insert(recipients),
            [
                {
                    "batch_id": batch_id,
                    "subscriber_id": one,
                    "status": Status.UNKNOWN,
                    "code": "",
                    "updated_at": now,
                }
                for one in people
            ],
        )


def _close_batches(connection: Connection, delivery_id: int, status: Status, now: datetime) -> None:
    """Take the delivery out of what a person says is not out; it stays there as history."""
    open_to_a_person: tuple[Status, ...] = (Status.FAILED, Status.UNKNOWN)
    if status is Status.LOST:
        open_to_a_person = (*open_to_a_person, Status.DELIVERED)
    mine = select(batch_deliveries.c.batch_id).where(
        batch_deliveries.c.delivery_id == delivery_id, batch_deliveries.c.counts
    )
    rows = connection.execute(
        select(batches.c.id, batches.c.status).where(
            batches.c.id.in_(mine), batches.c.status.in_(open_to_a_person)
        )
    ).all()
    for row in rows:
        connection.execute(
            update(batch_deliveries)
            .where(
                batch_deliveries.c.batch_id == row.id,
                batch_deliveries.c.delivery_id == delivery_id,
            )
            .values(counts=False)
        )
        if row.status == Status.UNKNOWN:
            _end_if_nobody_waits(connection, row.id, now)


def _end_if_nobody_waits(connection: Connection, batch_id: int, now: datetime) -> None:
    """A batch in doubt that no delivery counts any more is what the person says: not out."""
    waiting = select(batch_deliveries.c.delivery_id).where(
        batch_deliveries.c.batch_id == batch_id, batch_deliveries.c.counts
    )
    if connection.execute(waiting).first() is None:
        connection.execute(
            update(batches).where(batches.c.id == batch_id).values(status=Status.FAILED)
        )
        settle_recipients(connection, batch_id, Status.FAILED, now)


def _deliver_batches(connection: Connection, delivery_id: int, note: str) -> list[int]:
    """Set the open batches of a delivery to delivered; return all deliveries that were in them."""
    rows = open_calls(connection, delivery_id)
    for row in rows:
        connection.execute(
            update(batches)
            .where(batches.c.id == row.id)
            .values(status=move(Status(row.status), Status.DELIVERED), reason=note, reason_class="")
        )
    return carried(connection, [row.id for row in rows])


def _write_down(connection: Connection, delivery_id: int, act: str, detail: str, done: Try) -> None:
    of = connection.execute(_OF_DELIVERY, {"delivery": delivery_id}).one()
    audit.write(
        connection,
        at=done.ended_at,
        actor=done.actor,
        act=act,
        detail=detail,
        item_id=of.item_id,
        channel=of.channel,
    )


def _keep(connection: Connection, delivery_id: int, evidence: tuple[str, bytes], done: Try) -> None:
    name, data = evidence
    blobs.put(connection, data)
    connection.execute(
        insert(receipts).values(
            delivery_id=delivery_id,
            batch_id=None,
            kind=EVIDENCE,
            reference=name,
            url="",
            sha256=sha256(data).hexdigest(),
            note="",
            observed_at=done.ended_at,
            observed_by=done.actor,
        )
    )
