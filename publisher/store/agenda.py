"""The agenda: what goes out when, what people have to do by when, what ends; by local days."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Column, Select, func, select

from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.tables import OPEN, deliveries, items, orders

_NAMED = 3
_MOST_ENDING = 500
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An item as a calendar names it."""

    item_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Deliveries that a calendar shows as one line."""

    channel: str
    at: datetime
    """When the first of them is due."""
    many: int
    first: tuple[Named, ...]
    """The items of the first few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Named):
    """An item whose posting period or validity ends: after its last day, on which it stands."""

    at: datetime


@dataclass(slots=True, kw_only=True)
class Day:
    """A local day, with what is ahead on it."""

    date: date
    going: list[Slot] = field(default_factory=list)
    """What waits for its time, by channel and minute: a digest, a bundle, another try."""
    by_hand: list[Slot] = field(default_factory=list)
    """What people must have confirmed that day, by channel."""
    ending: list[Ending] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What waits in a channel until somebody lets it go on."""

    channel: str
    many: int
    oldest: datetime
    """When the first of it was to go out."""


class Agenda:
    def __init__(self, database: Database) -> None:
        self._database = database

    def days(
        self, now: datetime, first: date, many: int, zone: tzinfo, department: str = ""
    ) -> list[Day]:
        """These local days, with what is ahead of now; only of a department, if it is given."""
        days = {one: Day(date=one) for one in (first + timedelta(days=n) for n in range(many))}
        span = (
            max(now, datetime.combine(first, time(), zone)),
            datetime.combine(first + timedelta(days=many), time(), zone),
        )

        def day_of(moment: datetime) -> date:
            return moment.astimezone(zone).date()

        with self._database.read() as connection:
            queued = connection.execute(_between(deliveries.c.due_at, span, _QUEUED, department))
            for slot in _slots(queued, _minute_of):
                days[day_of(slot.at)].going.append(slot)
            awaited = _between(deliveries.c.deadline_at, span, _AWAITED, department)
            for slot in _slots(connection.execute(awaited), day_of):
                days[day_of(slot.at)].by_hand.append(slot)
            for row in connection.execute(_ending(span, department)):
                days[day_of(row.at - _A_MOMENT)].ending.append(
                    Ending(item_id=row.item_id, title=row.title, at=row.at)
                )
        return list(days.values())

    def held(self, department: str = "") -> list[Held]:
        """What waits until its channel is resumed, by channel; why, `store.pauses` knows."""
        query = select(
            deliveries.c.channel,
            func.count().label("many"),
            func.min(deliveries.c.due_at).label("oldest"),
        ).where(*_HELD)
        if department:
            query = _with_item(query).where(items.c.department == department)
        query = query.group_by(deliveries.c.channel).order_by(deliveries.c.channel)
        with self._database.read() as connection:
            return [
                Held(channel=row.channel, many=row.many, oldest=row.oldest)
                for row in connection.execute(query)
            ]


def _between(
    when: Column[Any], span: tuple[datetime, datetime], such: Sequence[Any], department: str
) -> Select[Any]:
    """Such deliveries, with their items, whose time lies in the span."""
    query = _with_item(select(deliveries.c.channel, when.label("at"), *_ITEM))
    query = query.where(*such, when >= span[0], when < span[1])
    if department:
        query = query.where(items.c.department == department)
    return query.order_by(when, deliveries.c.id)


def _ending(span: tuple[datetime, datetime], department: str) -> Select[Any]:
    when = items.c.expires_at
    query = select(when.label("at"), *_ITEM).where(when > span[0], when <= span[1])
    if department:
        query = query.where(items.c.department == department)
    return query.order_by(when, items.c.number).limit(_MOST_ENDING)


def _with_item(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(deliveries)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(items, items.c.id == orders.c.item_id)
    )


def _slots(rows: Iterable[Any], part_of: Callable[[datetime], Hashable]) -> list[Slot]:
    """Rows in the order of their times, put together by channel and by the part they are in."""
    found: dict[Hashable, list[Any]] = {}
    for row in rows:
        found.setdefault((row.channel, part_of(row.at)), []).append(row)
    return [
        Slot(
            channel=mine[0].channel,
            at=mine[0].at,
            many=len(mine),
            first=tuple(Named(item_id=row.item_id, title=row.title) for row in mine[:_NAMED]),
        )
        for mine in found.values()
    ]


def _minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


_ITEM = (items.c.id.label("item_id"), items.c.title)
_QUEUED, _AWAITED, _HELD = (
    (OPEN, deliveries.c.status == status)
    for status in (Status.QUEUED, Status.AWAITING, Status.HELD)
)
