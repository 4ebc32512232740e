"""Filters: what somebody looks for among the items.

No question reads all deliveries. Where few are such as is asked for, they say which items to look
at; where many are, the newest items are asked one after the other until a page is full.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    TextClause,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from publisher.model import Status
from publisher.store.tables import OPEN, deliveries, items, orders
from publisher.store.worklist import is_overdue, needs_a_person

FEW = 4_000
"""Fewer deliveries than this are looked at one by one."""
_LONGEST_TEXT = 100


class Need(StrEnum):
    """What may be looked for besides a status."""

    PERSON = "person"
    """As in the work list."""
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What items to show; what is empty is not asked about."""

    text: str = ""
    """Words that each stand in the title, the id, the index number or the document number; what is
    beyond 100 characters is not looked at.
    """
    department: str = ""
    field: str = ""
    stage: str = ""
    channel: str = ""
    status: Status | Need | None = None
    """The newest delivery of a channel has it (one that was cancelled is so only where there is no
    other); a need is that of any delivery. Of the channel that is asked about, or of any.
    """
    since: datetime | None = None
    """Submitted then or later."""
    until: datetime | None = None
    """Submitted before then: the beginning of the day after the last one."""


def of_item(wanted: Filter) -> list[ColumnElement[bool]]:
    """What is asked about the item itself."""
    columns = (
        (items.c.department, wanted.department),
        (items.c.field, wanted.field),
        (items.c.five_open_stage, wanted.stage),
    )
    found: list[ColumnElement[bool]] = [column == _plain(word) for column, word in columns if word]
    if wanted.since:
        found.append(items.c.created_at >= wanted.since)
    if wanted.until:
        found.append(items.c.created_at < wanted.until)
    words = _plain(wanted.text[:_LONGEST_TEXT]).split()
    return found + [_stands(word) for word in words]


def _stands(word: str) -> ColumnElement[bool]:
    """That an item has this word. Where nothing is found all items are read: a word that has no
    letters, as most have none, is looked for in the columns as they are, which takes half as long.
    """
    if word.lower() == word.upper():
        return or_(*(_position(column, word) > 0 for column in _READ))
    return or_(*(_position(func.lower(column), func.lower(word)) > 0 for column in _READ))


def has_delivery(
    connection: Connection, wanted: Filter, now: datetime, few: int
) -> ColumnElement[bool]:
    """Of an item: that it has such a delivery as is asked for by status or channel."""
    such = _of_delivery(wanted, now)
    sought = [*such, *_to_seek(connection, wanted)]
    some = select(literal(1)).select_from(deliveries).where(*sought).limit(few).subquery()
    if connection.execute(select(func.count()).select_from(some)).scalar_one() < few:
        found = _ORDERED.where(*sought, *_newest(wanted.status, orders.c.item_id))
        return items.c.id.in_(found)
    mine = select(deliveries.c.id).where(deliveries.c.order_id == orders.c.id, *such)
    mine = mine.where(*_newest(wanted.status, items.c.id)).correlate(items, orders)
    return _orders_of(items.c.id, orders).where(mine.exists()).exists()


def _of_delivery(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.channel:
        found.append(deliveries.c.channel == _plain(wanted.channel))
    match wanted.status:
        case Need.PERSON:
            found.append(needs_a_person(now))
        case Need.OVERDUE:
            found.append(is_overdue(now))
        case Status() as status:
            found.append(deliveries.c.status == status)
    return found


def _to_seek(connection: Connection, wanted: Filter) -> list[ColumnElement[bool] | TextClause]:
    """What is so in any case, but lets an index find deliveries of the wanted status."""
    if wanted.channel or not isinstance(wanted.status, Status):
        return []
    if wanted.status in {Status.DELIVERED, Status.CANCELLED}:
        every = connection.execute(_CHANNELS).scalars().all()
        return [deliveries.c.channel.in_(every)]
    return [OPEN]


def _newest(status: Status | Need | None, item_id: Column[str]) -> list[ColumnElement[bool]]:
    """That of this item's deliveries in the channel the one in this status is the newest.

    As a value to compare with, asked for row by row: of «no newer one exists» PostgreSQL makes a
    join with all deliveries.
    """
    if not isinstance(status, Status):
        return []
    newest = (
        select(func.max(_other.c.id))
        .where(
            _other.c.order_id.in_(_orders_of(item_id, _other_order)),
            _other.c.channel == deliveries.c.channel,
            _other.c.status != Status.CANCELLED,
        )
        .correlate(deliveries, item_id.table)
        .scalar_subquery()
    )
    return [newest.is_(None) if status is Status.CANCELLED else newest == deliveries.c.id]


def _orders_of(item_id: Column[str], table: FromClause) -> Select[Any]:
    """Were they joined with deliveries instead, SQLite would begin with all of a channel."""
    return select(table.c.id).where(table.c.item_id == item_id).correlate(item_id.table)


def _plain(text: str) -> str:
    """Without what PostgreSQL cannot even be asked about."""
    return text.replace("\0", " ")


def occurring(column: Column[str]) -> Select[Any]:
    """The different values of a column that an index begins with, each found by one step in it."""
    first = select(func.min(column).label("value")).where(column > "").cte(recursive=True)
    after = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    each = first.union_all(select(after).where(first.c.value.is_not(None)))
    return select(each.c.value).where(each.c.value.is_not(None)).order_by(each.c.value)


class _position(FunctionElement[int]):  # noqa: N801 - stands in a statement like a function
    """Where in a text a word begins, counted from 1; 0: nowhere. Faster than LIKE, and no character
    means anything but itself.
    """

    type = Integer()
    inherit_cache = True


@compiles(_position, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"instr({compiler.process(element.clauses, **how)})"


@compiles(_position, "postgresql")
def _in_postgres(element: Any, compiler: Any, **how: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **how)})"


_READ = (items.c.title, items.c.id, items.c.number, items.c.doc_number)
_CHANNELS = occurring(deliveries.c.channel)
_ORDERED = select(orders.c.item_id).join(deliveries, deliveries.c.order_id == orders.c.id)
_other, _other_order = deliveries.alias("other"), orders.alias("other_order")
