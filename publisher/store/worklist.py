"""The work list: what needs a person now, what is due first at its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from publisher.model import Action, Status
from publisher.store.engine import Database
from publisher.store.paging import Asked, Place, Turn
from publisher.store.tables import OPEN, deliveries, items, orders
from publisher.store.watching import WITH_WHAT_FOLLOWED, Matter, replaced_by

NEEDS_A_PERSON = (Status.FAILED, Status.LOST, Status.UNKNOWN, Status.AWAITING, Status.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Matter):
    """A delivery that needs a person, or is past its time."""

    department: str
    attempts: int
    reference: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How long the work list is."""

    by_status: Mapping[Status, int]
    """Of NEEDS_A_PERSON."""
    overdue: int
    """Past the deadline of their status, whatever it is."""
    total: int


def needs_a_person(now: datetime) -> ColumnElement[bool]:
    """Of a delivery. One that a newer order has replaced has no deadline any more."""
    return and_(
        OPEN,
        deliveries.c.deadline_at.is_not(None),
        or_(deliveries.c.status.in_(NEEDS_A_PERSON), is_overdue(now)),
    )


def is_overdue(now: datetime) -> ColumnElement[bool]:
    return and_(OPEN, deliveries.c.deadline_at < now)


class Worklist:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, now: datetime, asked: Asked, department: str = "") -> Turn[Entry]:
        """What needs a person, the earliest deadline first; only of a department, if it is given.

        Raises NoSuchPlace.
        """
        time, key = deliveries.c.deadline_at, deliveries.c.id
        order = asked.order(time, key, falling=False)
        wanted = _of_department(select(key), department).where(
            needs_a_person(now), *asked.beyond(time, key, falling=False)
        )
        first = wanted.order_by(*order).limit(asked.most + 1).subquery()
        query = _WHOLE.where(key.in_(select(first.c.id))).order_by(*order)
        with self._database.read() as connection:
            turn = asked.turn(connection.execute(query).all(), _place)
        return turn.of([_entry(row) for row in turn.rows])

    def counts(self, now: datetime, department: str = "") -> Counts:
        """How many there are; only of a department, if it is given."""
        late = func.sum(case((deliveries.c.deadline_at < now, 1), else_=0))
        query = select(deliveries.c.status, func.count().label("many"), late.label("late"))
        query = _of_department(query, department)
        query = query.where(OPEN, deliveries.c.deadline_at.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(deliveries.c.status)).all()
        found = {Status(row.status): row for row in rows}
        return Counts(
            by_status={one: found[one].many if one in found else 0 for one in NEEDS_A_PERSON},
            overdue=sum(row.late for row in rows),
            total=sum(
                row.many if status in NEEDS_A_PERSON else row.late for status, row in found.items()
            ),
        )


def _of_department(query: Select[Any], department: str) -> Select[Any]:
    if not department:
        return query
    return (
        query.select_from(deliveries)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(items, items.c.id == orders.c.item_id)
        .where(items.c.department == department)
    )


def _place(row: Any) -> Place:
    return Place(row.deadline_at, str(row.id))


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        item_id=row.item_id,
        title=row.title,
        department=row.department,
        action=Action(row.action),
        channel=row.channel,
        ambiguous=row.ambiguous,
        replaced_by=replaced_by(row),
        status=Status(row.status),
        reason=row.reason,
        reason_class=row.reason_class,
        updated_at=row.updated_at,
        deadline_at=row.deadline_at,
        attempts=row.attempts,
        reference=row.reference,
        url=row.url,
    )


_WHOLE = (
    select(deliveries, orders.c.item_id, orders.c.action, items.c.title, items.c.department)
    .add_columns(*WITH_WHAT_FOLLOWED)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .join(items, items.c.id == orders.c.item_id)
)
