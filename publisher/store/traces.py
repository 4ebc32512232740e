"""Traces: what a channel has, or may have, out of an item by earlier deliveries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection, and_, bindparam, func, or_, select

from publisher.model import Action, Status, Trace
from publisher.orders import MAY_BE_OUT
from publisher.record import short_title_of
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    revisions,
)

_BRINGS = (Action.PUBLISH, Action.CORRECT)

# Of a channel that overwrites with itself, a call that seemed to fail may have written something.
# What was lost and sent once more may still be there, altered.
IS_OUT = or_(
    and_(batch_deliveries.c.counts, or_(batches.c.status.in_(MAY_BE_OUT), batches.c.in_doubt)),
    batches.c.status == Status.DELIVERED,
    and_(bindparam("repeatable", type_=Boolean), batches.c.intent_at.is_not(None)),
)
_EARLIER = (
    select(
        batches.c.key,
        batch_deliveries.c.position,
        batches.c.status,
        batches.c.reference,
        func.coalesce(func.nullif(batch_deliveries.c.url, ""), batches.c.url).label("url"),
        revisions.c.title,
        revisions.c.content,
        orders.c.id.label("order_id"),
        deliveries.c.id.label("delivery_id"),
        deliveries.c.status.label("delivery_status"),
    )
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .join(deliveries, deliveries.c.id == batch_deliveries.c.delivery_id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .join(revisions, revisions.c.id == orders.c.revision_id)
    .where(
        # A join alone would tempt SQLite, which knows no numbers, to go through all of the channel.
        deliveries.c.order_id.in_(select(orders.c.id).where(orders.c.item_id == bindparam("item"))),
        orders.c.action.in_(_BRINGS),
        deliveries.c.channel == bindparam("channel"),
        or_(
            deliveries.c.id < bindparam("before"),
            and_(deliveries.c.id == bindparam("before"), ~batch_deliveries.c.counts),
        ),
        IS_OUT,
    )
    .order_by(batches.c.id)
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is out of an item in a channel, oldest first, and by which order the newest of it."""

    traces: tuple[Trace, ...] = ()
    last_order: int = 0


def earlier(
    connection: Connection, item_id: str, channel: str, before: int, *, repeatable: bool
) -> Earlier:
    """What is out of an item in a channel by deliveries before this one, or by this one in earlier
    times. What a delivered correction has already replaced is out no more.
    """
    asked = {"item": item_id, "channel": channel, "before": before, "repeatable": repeatable}
    rows = connection.execute(_EARLIER, asked).all()
    ended = [row.delivery_id for row in rows if row.delivery_status == Status.DELIVERED]
    since = max(ended, default=0)
    left = [row for row in rows if row.delivery_id >= since]
    return Earlier(_traces(left), max((row.order_id for row in left), default=0))


def _traces(rows: Sequence[Any]) -> tuple[Trace, ...]:
    return tuple(
        Trace(
            key=row.key,
            position=row.position,
            status=Status(row.status),
            reference=row.reference,
            url=row.url,
            title=row.title,
            short_title=short_title_of(json.loads(row.content)),
        )
        for row in rows
    )
