"""Watching: what is past its time, what staff have not been told, what stands still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, union_all, update

from publisher.model import NOT_AT_THEIR_END, Action, Status
from publisher.store.engine import Database
from publisher.store.tables import IN_VAIN, OPEN, deliveries, orders, pauses, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A delivery that may need a person, with what tells what to do about it."""

    id: int
    item_id: str
    title: str
    action: Action
    channel: str
    ambiguous: bool
    """A command that does not name its number would not mean this one, or not this one alone."""
    replaced_by: Action | None
    """What was ordered later has taken its place in the channel."""
    status: Status
    reason: str
    reason_class: str
    updated_at: datetime
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern(Matter):
    """One that staff are to be told about."""

    tell_at: datetime


class Watching:
    def __init__(self, database: Database) -> None:
        self._database = database

    def to_tell(self, now: datetime, hung: Mapping[str, datetime]) -> list[Concern]:
        """Deliveries about which staff are to be told by now, oldest first.

        `hung`: by channel, when a call was begun that should have ended by now.
        """
        calls = (
            select(deliveries.c.id).where(
                deliveries.c.channel == channel,
                deliveries.c.status == Status.SENDING,
                deliveries.c.updated_at <= begun,
                deliveries.c.tell_at.is_not(None),
            )
            for channel, begun in hung.items()
        )
        due = select(deliveries.c.id).where(deliveries.c.tell_at <= now)
        query = _TO_TELL.where(deliveries.c.id.in_(union_all(due, *calls)))
        with self._database.read() as connection:
            return [_concern(row) for row in connection.execute(query)]

    def told(self, concerns: Sequence[Concern], now: datetime) -> None:
        """They have been told: once more at the deadline, where that is still ahead.

        (Not of a call that hangs: its deadline is over, the one in the row is that for being out.)
        Compare and set: what has changed since it was read is news of its own and stays to be told.
        """
        with self._database.write() as connection:
            for one in concerns:
                ahead = (
                    one.deadline_at and one.deadline_at > now and one.status is not Status.SENDING
                )
                seen = {
                    "delivery": one.id,
                    "was": one.status,
                    "seen_at": one.updated_at,
                    "told_at": one.tell_at,
                    "next": one.deadline_at if ahead else None,
                }
                connection.execute(_TOLD, seen)

    def untold(self, before: datetime) -> int:
        """How many deliveries staff should have been told about by then and were not."""
        with self._database.read() as connection:
            return connection.execute(_UNTOLD, {"now": before}).scalar_one()

    def overdue(self, now: datetime) -> dict[str, int]:
        """How many deliveries are past the deadline of their status, by channel."""
        return self._by_channel(_OVERDUE, now=now)

    def unsent(self, before: datetime) -> dict[str, int]:
        """How many deliveries were due by then and still wait, by channel; none of a paused one."""
        return self._by_channel(_UNSENT, now=before)

    def unseen(self, in_vain: int) -> dict[str, int]:
        """How many delivered things could not be looked at so many times in a row, by channel."""
        return self._by_channel(_UNSEEN, in_vain=in_vain)

    def _by_channel(self, query: Select[Any], **asked: object) -> dict[str, int]:
        with self._database.read() as connection:
            rows = connection.execute(query, asked)
            return {row.channel: row.many for row in rows}


def replaced_by(row: Any) -> Action | None:
    """Of a row that has WITH_WHAT_FOLLOWED."""
    return Action(row.replaced_by) if row.replaced_by else None


def _concern(row: Any) -> Concern:
    return Concern(
        id=row.id,
        item_id=row.item_id,
        title=row.title,
        action=Action(row.action),
        channel=row.channel,
        ambiguous=row.ambiguous,
        replaced_by=replaced_by(row),
        status=Status(row.status),
        reason=row.reason,
        reason_class=row.reason_class,
        updated_at=row.updated_at,
        deadline_at=row.deadline_at,
        tell_at=row.tell_at,
    )


_COUNT = select(deliveries.c.channel, func.count().label("many")).group_by(deliveries.c.channel)
_OPEN_PAUSES = select(pauses.c.channel).where(pauses.c.resumed_at.is_(None))

_other = deliveries.alias("other")
_its_order = orders.alias("its_order")
_ASKED_ABOUT = (Status.AWAITING, Status.UNKNOWN)
_AMBIGUOUS = (
    exists()
    .where(
        # Not as a join: SQLite would begin it with all deliveries of the channel.
        _other.c.order_id.in_(
            select(_its_order.c.id)
            .where(_its_order.c.item_id == orders.c.item_id)
            .correlate(orders)
        ),
        _other.c.channel == deliveries.c.channel,
        or_(
            _other.c.id > deliveries.c.id,
            and_(
                _other.c.id != deliveries.c.id,
                _other.c.status.in_(_ASKED_ABOUT),
                deliveries.c.status.in_(_ASKED_ABOUT),
            ),
        ),
    )
    .correlate(deliveries, orders)
)
_last_word = orders.alias("last_word")
_newest = (
    select(func.max(_other.c.order_id))
    .where(
        _other.c.order_id.in_(
            select(_its_order.c.id)
            .where(_its_order.c.item_id == orders.c.item_id)
            .correlate(orders)
        ),
        _other.c.channel == deliveries.c.channel,
        _other.c.id > deliveries.c.id,
        _other.c.status != Status.CANCELLED,
    )
    .correlate(deliveries, orders)
    .scalar_subquery()
)
_REPLACED_BY = select(_last_word.c.action).where(_last_word.c.id == _newest).scalar_subquery()
WITH_WHAT_FOLLOWED = (_AMBIGUOUS.label("ambiguous"), _REPLACED_BY.label("replaced_by"))
"""Of a delivery with its order: what else there is of its item in its channel."""
_TO_TELL = (
    select(deliveries, orders.c.item_id, orders.c.action, revisions.c.title)
    .add_columns(*WITH_WHAT_FOLLOWED)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .join(revisions, revisions.c.id == orders.c.revision_id)
    .order_by(deliveries.c.tell_at, deliveries.c.id)
)
_TOLD = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.status == bindparam("was"),
        deliveries.c.updated_at == bindparam("seen_at"),
        deliveries.c.tell_at == bindparam("told_at"),
    )
    .values(tell_at=bindparam("next"))
)
_UNTOLD = select(func.count()).where(deliveries.c.tell_at <= bindparam("now"))
_OVERDUE = _COUNT.where(
    deliveries.c.deadline_at <= bindparam("now"),
    OPEN,
    deliveries.c.status.in_(NOT_AT_THEIR_END),  # named, for SQLite to use the index
)
_UNSENT = _COUNT.where(
    OPEN,
    deliveries.c.status == Status.QUEUED,
    deliveries.c.due_at <= bindparam("now"),
    deliveries.c.channel.not_in(_OPEN_PAUSES),
)
_UNSEEN = _COUNT.where(
    IN_VAIN,
    deliveries.c.verify_at.is_not(None),
    deliveries.c.verifications >= bindparam("in_vain"),
    deliveries.c.status == Status.DELIVERED,
)
