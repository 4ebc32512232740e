"""The matrix: items by channels, the newest first, a page at a time, by what is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from publisher.store.engine import Database
from publisher.store.filters import FEW, Filter, has_delivery, occurring, of_item
from publisher.store.paging import Asked, Place, Turn
from publisher.store.standing import ItemRow, whole
from publisher.store.tables import items


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen in a filter."""

    departments: tuple[str, ...]
    fields: tuple[str, ...]
    stages: tuple[str, ...]


class Matrix:
    def __init__(self, database: Database, few: int = FEW) -> None:
        self._database = database
        self._few = few

    def page(self, wanted: Filter, now: datetime, asked: Asked) -> Turn[ItemRow]:
        """Items, the newest first, with all their orders and deliveries."""
        time, key = items.c.created_at, items.c.number
        query = (
            select(items)
            .where(*of_item(wanted), *asked.beyond(time, key, falling=True))
            .order_by(*asked.order(time, key, falling=True))
            .limit(asked.most + 1)
        )
        with self._database.read() as connection:
            if wanted.status or wanted.channel:
                query = query.where(has_delivery(connection, wanted, now, self._few))
            turn = asked.turn(connection.execute(query).all(), _place)
            return turn.of(whole(connection, turn.rows))

    def rows(self, item_ids: Sequence[str], department: str = "") -> list[ItemRow]:
        """These items as they stand now, the newest first; only a department's, if it is given."""
        query = select(items).where(items.c.id.in_(item_ids))
        if department:
            query = query.where(items.c.department == department)
        query = query.order_by(items.c.created_at.desc(), items.c.number.desc())
        with self._database.read() as connection:
            return whole(connection, connection.execute(query).all())

    def choices(self, department: str = "") -> Choices:
        """What occurs in the items; whoever sees one department has no other to choose."""
        with self._database.read() as connection:
            return Choices(
                departments=(department,) if department else _values(connection, _DEPARTMENTS),
                fields=_values(connection, _FIELDS),
                stages=_values(connection, _STAGES),
            )


def _place(row: Any) -> Place:
    return Place(row.created_at, row.number)


def _values(connection: Connection, query: Select[Any]) -> tuple[str, ...]:
    return tuple(connection.execute(query).scalars())


_DEPARTMENTS, _FIELDS, _STAGES = map(
    occurring, (items.c.department, items.c.field, items.c.five_open_stage)
)
