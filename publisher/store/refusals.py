"""Refusals: what was not taken, and why; no more than that is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from publisher.store.engine import Database
from publisher.store.paging import Asked, Place, Turn
from publisher.store.tables import items, refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An item that was not taken. `item_id`: None where not even that could be read."""

    id: int
    item_id: str | None
    sha256: str
    """Of the bytes that were refused."""
    problems: Sequence[dict[str, str]]
    """Each with its field and its sentence."""
    refused_at: datetime
    submitted_by: str


class Refusals:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, asked: Asked, department: str = "") -> Turn[Refusal]:
        """The newest first; only of what a department has here, if it is given: of an item that
        was never taken nobody knows whose it is.
        """
        time, key = refusals.c.refused_at, refusals.c.id
        query = (
            select(refusals)
            .where(*asked.beyond(time, key, falling=True))
            .order_by(*asked.order(time, key, falling=True))
            .limit(asked.most + 1)
        )
        if department:
            own = select(items.c.id).where(items.c.department == department)
            query = query.where(refusals.c.item_id.in_(own))
        with self._database.read() as connection:
            found = [_refusal(row) for row in connection.execute(query)]
        return asked.turn(found, lambda one: Place(one.refused_at, str(one.id)))


def _refusal(row: Any) -> Refusal:
    return Refusal(
        id=row.id,
        item_id=row.item_id,
        sha256=row.sha256,
        problems=row.problems,
        refused_at=row.refused_at,
        submitted_by=row.submitted_by,
    )
