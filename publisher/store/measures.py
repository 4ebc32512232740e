"""Measures: how many deliveries stand where and for how long, and what has been tried since.

It is asked every few seconds for ever, so it reads counts from indexes, rows only of what is not at
its end, and of the attempts the new ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, func, select

from publisher.model import NOT_AT_THEIR_END, Status
from publisher.store.engine import Database
from publisher.store.tables import OPEN, attempts, deliveries, orders, pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """The deliveries of a channel that are not at their end and have one status."""

    channel: str
    status: Status
    since: datetime
    """Since when the first of them waits; of what is queued, from its time, which may be ahead."""
    due: int
    """Of what is queued: how many should be on their way by now."""
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Where all deliveries stand, at one moment."""

    counts: dict[tuple[str, str], int]
    """How many, by channel and status."""
    piles: Sequence[Pile]
    paused: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One attempt at one delivery, as figures."""

    id: int
    channel: str
    kind: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    ordered_at: datetime | None
    """When its order was given, if this is what first delivered it."""


class Measures:
    def __init__(self, database: Database) -> None:
        self._database = database

    def standings(self, now: datetime) -> Standings:
        with self._database.read() as connection:
            counted = connection.execute(_COUNTS).all()
            return Standings(
                counts={(row.channel, row.status): row.many for row in counted},
                piles=[_pile(row) for row in connection.execute(_PILES, {"now": now})],
                paused=frozenset(connection.execute(_PAUSED).scalars()),
            )

    def newest_attempt(self) -> int:
        """The id of the newest attempt; 0 if there is none."""
        with self._database.read() as connection:
            return connection.execute(_NEWEST).scalar_one() or 0

    def tried_after(self, attempt: int, most: int) -> list[Tried]:
        """What has been tried after that attempt, oldest first, so many at most.

        None is left out: writes follow one another, so a higher id is never seen before a lower.
        """
        with self._database.read() as connection:
            rows = connection.execute(_TRIED, {"after": attempt, "most": most})
            return [
                Tried(
                    id=row.id,
                    channel=row.channel,
                    kind=row.kind,
                    outcome=row.outcome,
                    started_at=row.started_at,
                    ended_at=row.ended_at,
                    ordered_at=row.ordered_at if row.first else None,
                )
                for row in rows
            ]


def _pile(row: Any) -> Pile:
    return Pile(
        channel=row.channel,
        status=Status(row.status),
        since=row.since,
        due=row.due,
        overdue=row.overdue,
    )


_COUNTS = select(deliveries.c.channel, deliveries.c.status, func.count().label("many")).group_by(
    deliveries.c.channel, deliveries.c.status
)
_IS_QUEUED = deliveries.c.status == Status.QUEUED
_IS_DUE = deliveries.c.due_at <= bindparam("now")
_WAITS_SINCE = case((_IS_QUEUED, deliveries.c.due_at), else_=deliveries.c.updated_at)
_PILES = (
    select(
        deliveries.c.channel,
        deliveries.c.status,
        func.min(_WAITS_SINCE).label("since"),
        func.count().filter(_IS_QUEUED, _IS_DUE).label("due"),
        func.count().filter(deliveries.c.deadline_at <= bindparam("now")).label("overdue"),
    )
    .where(OPEN, deliveries.c.status.in_(NOT_AT_THEIR_END))  # named, for SQLite to use the index
    .group_by(deliveries.c.channel, deliveries.c.status)
)
_PAUSED = select(pauses.c.channel).where(pauses.c.resumed_at.is_(None))
_NEWEST = select(func.max(attempts.c.id))
_before = attempts.alias("before")
_DELIVERED_BEFORE = exists().where(
    _before.c.delivery_id == attempts.c.delivery_id,
    _before.c.outcome == Status.DELIVERED,
    _before.c.id < attempts.c.id,
)
_IS_FIRST = (attempts.c.outcome == Status.DELIVERED) & ~_DELIVERED_BEFORE
_TRIED = (
    select(
        attempts.c.id,
        deliveries.c.channel,
        attempts.c.kind,
        attempts.c.outcome,
        attempts.c.started_at,
        attempts.c.ended_at,
        orders.c.created_at.label("ordered_at"),
        _IS_FIRST.label("first"),
    )
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(attempts.c.id > bindparam("after"))
    .order_by(attempts.c.id)
    .limit(bindparam("most"))
)
