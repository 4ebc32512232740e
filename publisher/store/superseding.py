"""Superseding: a newer order takes the place of what an older one has not sent yet."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from publisher.model import Action, Status
from publisher.orders import PENDING
from publisher.settle import Settlement, Times, TimesOf
from publisher.store.following import counting, follow, status_of, update_delivery
from publisher.store.history import Try, write_history
from publisher.store.recipients import settle_recipients
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    recipients,
    subscribers,
)

_newer = deliveries.alias("newer")
_its_order = orders.alias("its_order")
_last_word = orders.alias("last_word")
_SUPERSEDED = (
    select(deliveries.c.id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        or_(
            exists()
            .where(
                _newer.c.order_id.in_(
                    select(_its_order.c.id)
                    .where(_its_order.c.item_id == orders.c.item_id)
                    .correlate(orders)
                ),
                _newer.c.channel == deliveries.c.channel,
                _newer.c.id > deliveries.c.id,
                _newer.c.status != Status.CANCELLED,
            )
            .correlate(deliveries, orders),
            # Where nothing was out it had nothing to do, and still nothing older may go out there.
            exists()
            .where(
                _last_word.c.item_id == orders.c.item_id,
                _last_word.c.id > orders.c.id,
                ~_last_word.c.minor,
                # What expires has been read: that it was wrong is still told.
                or_(_last_word.c.action != Action.EXPIRE, orders.c.action == Action.PUBLISH),
            )
            .correlate(orders),
        ),
    )
)
_others = batch_deliveries.alias("others")
_other_batches = batches.alias("other_batches")
_others_people = recipients.alias("others_people")
_LEFT_OUT = (
    select(recipients.c.subscriber_id)
    .join(batches, batches.c.id == recipients.c.batch_id)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .join(subscribers, subscribers.c.id == recipients.c.subscriber_id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        ~batch_deliveries.c.counts,
        batches.c.intent_at.is_(None),
        subscribers.c.active,
        recipients.c.subscriber_id.not_in(
            select(_others_people.c.subscriber_id)
            .join(_other_batches, _other_batches.c.id == _others_people.c.batch_id)
            .join(_others, _others.c.batch_id == _other_batches.c.id)
            .where(
                _others.c.delivery_id == bindparam("delivery"),
                or_(_other_batches.c.intent_at.is_not(None), _others.c.counts),
            )
        ),
    )
    .limit(1)
)
_FROZEN_WITH = (
    select(batches.c.id, batches.c.in_doubt)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status == Status.QUEUED,
    )
)


def superseded(connection: Connection, delivery_ids: Iterable[int]) -> list[int]:
    """Those for which a newer order of the same item stands: in the same channel, or anywhere if
    it is more than a minor correction.
    """
    return list(connection.execute(_SUPERSEDED, {"ids": list(delivery_ids)}).scalars())


def leaves_out(connection: Connection, delivery_id: int) -> bool:
    """Whether somebody for whom it was frozen has been in no call: that batch was dissolved for
    the sake of another item in it.
    """
    return connection.execute(_LEFT_OUT, {"delivery": delivery_id}).first() is not None


def supersede(
    connection: Connection, delivery_ids: Iterable[int], settlement: Settlement, done: Try
) -> None:
    """Stop deliveries that are queued or held: cancelled, or as what is out of them stands."""
    for one in delivery_ids:
        if status_of(connection, one) not in PENDING:
            continue  # in somebody's hands again: who settles it will ask
        dissolve_all(connection, one, settlement.reason, done)
        if status_of(connection, one) is Status.HELD:
            update_delivery(connection, one, {"status": Status.QUEUED})
        write_history(connection, [one], None, settlement, done)
        if counting(connection, one):  # some subscribers have got it
            update_delivery(connection, one, {"status": Status.SENDING})
            follow(connection, one, _tell_if_in_doubt(done), done)
            continue
        values = {
            "status": Status.CANCELLED,
            "reason": settlement.reason,
            "reason_class": "",
            "deadline_at": None,
            "tell_at": None,
            "updated_at": done.ended_at,
        }
        update_delivery(connection, one, values)


def dissolve_all(connection: Connection, delivery_id: int, reason: str, done: Try) -> None:
    """Let the frozen batches of a delivery go that nobody holds: what else was in them is planned
    anew. Of a delivery in mid-call these are the batches that were to follow. One that may be out
    already stays in doubt, with all that is in it.
    """
    for row in connection.execute(_FROZEN_WITH, {"delivery": delivery_id}).all():
        to = Status.UNKNOWN if row.in_doubt else Status.FAILED
        connection.execute(
            update(batches)
            .where(batches.c.id == row.id, batches.c.status == Status.QUEUED)
            .values(status=to, reason=reason, in_doubt=False)
        )
        settle_recipients(connection, row.id, to, done.ended_at)
        members = batch_deliveries.c.batch_id == row.id
        if not row.in_doubt:
            connection.execute(update(batch_deliveries).where(members).values(counts=False))
            continue
        others = select(batch_deliveries.c.delivery_id).where(
            members, batch_deliveries.c.delivery_id != delivery_id
        )
        for other in connection.execute(others).scalars().all():
            if status_of(connection, other) is Status.HELD:
                update_delivery(connection, other, {"status": Status.QUEUED})
            update_delivery(connection, other, {"status": Status.SENDING})
            follow(connection, other, _tell_if_in_doubt(done), done)


def _tell_if_in_doubt(done: Try) -> TimesOf:
    """What is in doubt now waits for a person, who is told at once."""
    return lambda status: Times(tell_at=done.ended_at) if status is Status.UNKNOWN else Times()
