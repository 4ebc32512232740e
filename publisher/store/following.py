"""Following: bringing a delivery to where its batches stand, and what stands in its channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from publisher.model import Action, Status, move
from publisher.settle import Kind, Settlement, TimesOf, combine, tell_counts
from publisher.store.history import Try, write_history
from publisher.store.recipients import count_recipients
from publisher.store.tables import batch_deliveries, batches, deliveries, items, orders

# Statements of the daily walk are built once: building one costs more than running it.
_COUNTING = (
    select(
        batches, batch_deliveries.c.url.label("member_url"), deliveries.c.status.label("current")
    )
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .join(deliveries, deliveries.c.id == batch_deliveries.c.delivery_id)
    .where(batch_deliveries.c.delivery_id == bindparam("delivery"), batch_deliveries.c.counts)
    .order_by(batches.c.id)
)
_CHANGE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(attempts=deliveries.c.attempts + bindparam("more"))
)  # and whatever else it is given when it is run
_STANDS = update(deliveries).where(deliveries.c.id == bindparam("delivery"))
_STATUS = select(deliveries.c.status).where(deliveries.c.id == bindparam("delivery"))
_STAMP = (
    update(items)
    .where(
        items.c.id.in_(
            select(orders.c.item_id)
            .join(deliveries, deliveries.c.order_id == orders.c.id)
            .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
        ),
        items.c.first_published_at.is_(None),
    )
    .values(first_published_at=bindparam("at"))
)
_me = deliveries.alias("me")
_my_order = orders.alias("my_order")
_OF_ITS_ITEM = (
    select(deliveries.c.id, deliveries.c.stands_since, deliveries.c.status)
    .add_columns(orders.c.action, orders.c.minor, orders.c.created_at, items.c.first_published_at)
    .select_from(_me)
    .join(_my_order, _my_order.c.id == _me.c.order_id)
    .join(items, items.c.id == _my_order.c.item_id)
    .join(orders, orders.c.item_id == items.c.id)
    .join(
        deliveries,
        (deliveries.c.order_id == orders.c.id) & (deliveries.c.channel == _me.c.channel),
    )
    .where(_me.c.id == bindparam("delivery"))
    .order_by(deliveries.c.id)
)


_REPLACED = "没有确认办理，已由后来的更正或撤回代替"


def counting(connection: Connection, delivery_id: int) -> Sequence[Any]:
    """The batches by which a delivery stands, oldest first."""
    return connection.execute(_COUNTING, {"delivery": delivery_id}).all()


def follow(
    connection: Connection, delivery_id: int, times: TimesOf, done: Try, sent: int | None = None
) -> None:
    """Bring a delivery to where its counting batches stand, along an existing arrow.

    `sent`: the batch that was tried. Batches that go out side by side are one attempt.
    """
    rows = counting(connection, delivery_id)
    if not rows:
        return
    status = combine([Status(row.status) for row in rows])
    current = Status(rows[0].current)
    waits = current in {Status.QUEUED, Status.HELD, Status.CANCELLED}
    if waits and status not in {Status.QUEUED, Status.SENDING}:
        return  # what its other batches do counts when it is planned anew; or nothing does any more
    decisive = [row for row in rows if row.status == status]
    values: dict[str, Any] = {
        "status": status,
        "reference": "，".join(dict.fromkeys(row.reference for row in decisive if row.reference)),
        "url": decisive[0].member_url or decisive[0].url,
        "reason": decisive[0].reason,
        "reason_class": decisive[0].reason_class,
        "updated_at": done.ended_at,
    }
    if len(rows) > 1 and status in {Status.DELIVERED, Status.FAILED}:
        counts = count_recipients(connection, [row.id for row in rows])
        values["reason"] = tell_counts(counts) or decisive[0].reason
    if status is Status.QUEUED:  # until when it must be out was said when it was queued
        values["due_at"] = min(row.due_at for row in decisive)
        if current is Status.UNKNOWN:
            until = times(status)
            values |= {"deadline_at": until.deadline_at, "tell_at": until.tell_at}
    elif status is not current:
        until = times(status)
        values |= {
            "deadline_at": until.deadline_at,
            "tell_at": until.tell_at,
            "verify_at": until.verify_at,
        }
    _change(connection, delivery_id, current, values, _new_attempts(rows, done, sent))


def status_of(connection: Connection, delivery_id: int) -> Status:
    return Status(connection.execute(_STATUS, {"delivery": delivery_id}).scalar_one())


def attempts_of(connection: Connection, delivery_id: int) -> int:
    query = select(deliveries.c.attempts).where(deliveries.c.id == delivery_id)
    found: int = connection.execute(query).scalar_one()
    return found


def update_delivery(
    connection: Connection, delivery_id: int, values: Mapping[str, Any], *, attempts: int = 0
) -> None:
    """Change a delivery; its status only along an existing arrow. `attempts`: how many more."""
    _change(connection, delivery_id, status_of(connection, delivery_id), values, attempts)


def _change(
    connection: Connection,
    delivery_id: int,
    current: Status,
    values: Mapping[str, Any],
    attempts: int,
) -> None:
    move(current, Status(values["status"]))
    connection.execute(_CHANGE, {"delivery": delivery_id, "more": attempts, **values})


def stand(connection: Connection, delivery_ids: Sequence[int], done: Try, at: datetime) -> None:
    """These are out: first-published time of their items, and what stands in their channel now.

    A page that was corrected comes to the head of a list at the time of the correction; a minor
    one leaves it where it was. An older order that is found to be out late takes nothing back.
    """
    connection.execute(_STAMP, {"ids": list(delivery_ids), "at": at})
    for one in delivery_ids:
        rows = {row.id: row for row in connection.execute(_OF_ITS_ITEM, {"delivery": one})}
        mine = rows.pop(one)
        standing = [row for row in rows.values() if row.stands_since]
        if any(other.id > one for other in standing):
            continue
        since = _since(mine, standing)
        for other in standing:
            _set(connection, other.id, stands_since=None, verify_at=None)
        _set(connection, one, stands_since=since)
        tasks = [each for each in rows if each < one and rows[each].status == Status.AWAITING]
        end_tasks(connection, tasks, done, _REPLACED)


def _since(mine: Any, standing: Sequence[Any]) -> datetime:
    first: datetime = mine.first_published_at
    if mine.action == Action.PUBLISH:
        return first
    if mine.minor:
        return standing[0].stands_since if standing else first
    ordered: datetime = mine.created_at
    return ordered


def let_be(connection: Connection, delivery_ids: Sequence[int]) -> None:
    """What has failed or was lost needs nobody where something newer has taken its place."""
    gone = update(deliveries).where(
        deliveries.c.id.in_(delivery_ids), deliveries.c.status.in_([Status.FAILED, Status.LOST])
    )
    connection.execute(gone.values(deadline_at=None, tell_at=None))


def end_tasks(connection: Connection, delivery_ids: Sequence[int], done: Try, reason: str) -> None:
    """What a person was asked to do before is not to be done any more."""
    settlement = Settlement(status=Status.FAILED, reason=reason)
    for one in delivery_ids:
        for row in counting(connection, one):
            if row.status == Status.AWAITING:
                connection.execute(
                    update(batches).where(batches.c.id == row.id).values(status=Status.FAILED)
                )
        values = {"status": Status.FAILED, "reason": reason, "deadline_at": None, "tell_at": None}
        update_delivery(connection, one, values | {"updated_at": done.ended_at})
    write_history(connection, delivery_ids, None, settlement, done)


def _set(connection: Connection, delivery_id: int, **values: datetime | None) -> None:
    connection.execute(_STANDS, {"delivery": delivery_id, **values})


def _new_attempts(rows: Sequence[Any], done: Try, sent: int | None) -> int:
    if done.kind not in {Kind.SEND, Kind.SETTLE}:
        return 0
    tries = {row.id: row.tries for row in rows}
    mine = tries.pop(sent, 0) if sent else 0
    return 1 if mine > max(tries.values(), default=0) else 0
