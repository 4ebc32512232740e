"""Together: what went out in one call is out together, whichever of it a person looks at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from publisher.model import Status
from publisher.store.related import Partner
from publisher.store.tables import batch_deliveries, batches, deliveries, items, orders

_OPEN = (
    select(batches.c.id, batches.c.status)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status.in_([Status.AWAITING, Status.UNKNOWN]),
    )
)
_CARRIED = (
    select(batch_deliveries.c.delivery_id)
    .where(
        batch_deliveries.c.batch_id.in_(bindparam("batches", expanding=True)),
        batch_deliveries.c.counts,
    )
    .distinct()
)
_ITEMS = (
    select(items.c.id, items.c.title, items.c.department)
    .where(
        items.c.id.in_(
            select(orders.c.item_id)
            .join(deliveries, deliveries.c.order_id == orders.c.id)
            .where(deliveries.c.id.in_(bindparam("deliveries", expanding=True)))
        )
    )
    .order_by(items.c.created_at, items.c.number)
)


def open_calls(connection: Connection, delivery_id: int) -> Sequence[Any]:
    """Id and status of the batches of a delivery that wait for a person's word."""
    return connection.execute(_OPEN, {"delivery": delivery_id}).all()


def carried(connection: Connection, batch_ids: Sequence[int]) -> list[int]:
    """All deliveries that were in them."""
    return list(connection.execute(_CARRIED, {"batches": list(batch_ids)}).scalars())


def items_beside(connection: Connection, delivery_id: int) -> list[Partner]:
    """The items whose deliveries a word about this one would be about too, oldest first."""
    calls = [row.id for row in open_calls(connection, delivery_id)]
    beside = [one for one in carried(connection, calls) if one != delivery_id]
    if not beside:
        return []
    rows = connection.execute(_ITEMS, {"deliveries": beside})
    return [Partner(item_id=row.id, title=row.title, department=row.department) for row in rows]
