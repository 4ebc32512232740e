"""Old items: one that was delivered, copied many times over by the database itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)

from publisher.store import Store
from publisher.store.tables import (
    attempts,
    batch_deliveries,
    batches,
    deliveries,
    items,
    orders,
    receipts,
    renditions,
    revisions,
)

_BEYOND = 1_000_000
"""Where the ids of copies begin: above all that a benchmark makes otherwise."""


def add_old_items(store: Store, item_id: str, many: int) -> None:
    """`many` copies of an item delivered in one channel, with all that belongs to it."""
    database = store.database
    with database.write() as connection:
        numbers = _numbers(many)
        for table, changes in _copies(numbers.c.number).items():
            _copy(connection, table, item_id, changes, numbers)
    if database.engine.dialect.name == "postgresql":  # as its autovacuum would by itself
        with database.write() as connection:
            connection.execute(text("ANALYZE"))


def _numbers(many: int) -> Any:
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.number + 1).where(first.c.number < many))


def _copies(number: ColumnElement[int]) -> dict[Table, Mapping[str, ColumnElement[Any]]]:
    """The tables, parents first, with the columns in which a copy differs."""
    place, name = number + _BEYOND, literal("old-") + cast(number, String)
    mark = literal("-") + cast(number, String) + literal(".html")
    page = func.replace(items.c.url, ".html", mark)
    item, batch, delivery = {"item_id": name}, {"batch_id": place}, {"delivery_id": place}
    return {
        items: {"id": name, "serial": -number, "number": name, "url": page},
        revisions: {"id": place, **item},
        orders: {"id": place, "revision_id": place, **item},
        deliveries: {"id": place, "order_id": place},
        batches: {"id": place, "key": name},
        batch_deliveries: batch | delivery,
        renditions: batch,
        attempts: {"id": place} | batch | delivery,
        receipts: {"id": place} | batch | delivery,
    }


def _copy(
    connection: Connection,
    table: Table,
    item_id: str,
    changes: Mapping[str, ColumnElement[Any]],
    numbers: Any,
) -> None:
    columns = [changes.get(column.name, column).label(column.name) for column in table.columns]
    rows = select(*columns).select_from(table.join(numbers, literal(value=True)))
    only = rows.where(_belongs(table, item_id))
    connection.execute(insert(table).from_select([column.name for column in table.columns], only))


def _belongs(table: Table, item_id: str) -> ColumnElement[bool]:
    """Which row of a table is the item's own."""
    if table is items:
        return items.c.id == item_id
    if "item_id" in table.c:
        return table.c.item_id == item_id
    mine = (
        select(deliveries.c.id)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .where(orders.c.item_id == item_id)
    )
    if table is deliveries:
        return deliveries.c.id.in_(mine)
    if "delivery_id" in table.c:
        return table.c.delivery_id.in_(mine)
    of_mine = select(batch_deliveries.c.batch_id).where(batch_deliveries.c.delivery_id.in_(mine))
    return (table.c.id if table is batches else table.c.batch_id).in_(of_mine)
