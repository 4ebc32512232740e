"""Superseding: a newer order takes the place of what an older one has not sent yet."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, exists, select, update

from publisher.model import Status
from publisher.orders import PENDING
from publisher.settle import Kind, Settlement, Times
from publisher.store.following import counting, follow, status_of, update_delivery
from publisher.store.history import Try, write_history
from publisher.store.recipients import settle_recipients
from publisher.store.tables import attempts, batch_deliveries, batches, deliveries, orders

_newer = deliveries.alias("newer")
_its_order = orders.alias("its_order")
_SUPERSEDED = (
    select(deliveries.c.id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
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
    )
)
_OWED = (
    select(attempts.c.id)
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .where(
        deliveries.c.order_id.in_(select(orders.c.id).where(orders.c.item_id == bindparam("item"))),
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.id < bindparam("before"),
        attempts.c.kind == Kind.ORDER,
        attempts.c.outcome == Status.CANCELLED,
    )
    .limit(1)
)
_FROZEN_WITH = (
    select(batches.c.id)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status == Status.QUEUED,
    )
)


def superseded(connection: Connection, delivery_ids: Iterable[int]) -> list[int]:
    """Those for which a newer order of the same item stands in the same channel."""
    return list(connection.execute(_SUPERSEDED, {"ids": list(delivery_ids)}).scalars())


def owes(connection: Connection, item_id: str, channel: str, before: int) -> bool:
    """Whether an older order was stopped that had not reached everybody it was meant for."""
    asked = {"item": item_id, "channel": channel, "before": before}
    return connection.execute(_OWED, asked).first() is not None


def supersede(
    connection: Connection, delivery_ids: Iterable[int], settlement: Settlement, done: Try
) -> None:
    """Stop deliveries that are queued or held: cancelled, or as what is out of them stands."""
    for one in delivery_ids:
        if status_of(connection, one) not in PENDING:
            continue  # in somebody's hands again: who settles it will ask
        for batch_id in connection.execute(_FROZEN_WITH, {"delivery": one}).scalars().all():
            dissolve(connection, batch_id, settlement.reason, done)
        if status_of(connection, one) is Status.HELD:
            update_delivery(connection, one, {"status": Status.QUEUED})
        write_history(connection, [one], None, settlement, done)
        if counting(connection, one):  # some subscribers have got it
            update_delivery(connection, one, {"status": Status.SENDING})
            follow(connection, one, lambda _status: Times(), done)
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


def dissolve(connection: Connection, batch_id: int, reason: str, done: Try) -> None:
    """Let a frozen batch go that nobody holds: its other deliveries are planned anew."""
    connection.execute(
        update(batches)
        .where(batches.c.id == batch_id, batches.c.status == Status.QUEUED)
        .values(status=Status.FAILED, reason=reason)
    )
    settle_recipients(connection, batch_id, Status.FAILED, done.ended_at)
    connection.execute(
        update(batch_deliveries).where(batch_deliveries.c.batch_id == batch_id).values(counts=False)
    )
