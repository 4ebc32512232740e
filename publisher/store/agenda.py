"""The agenda: what goes out when, what people have to do by when, what ends; by local days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, case, func, select

from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.tables import OPEN, deliveries, items, orders

_NAMED = 3
_ENDING_NAMED = 20
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An item as a calendar names it."""

    item_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The deliveries of a channel on one day, which a calendar shows as one line."""

    channel: str
    at: datetime
    """When the first of them is due."""
    last: datetime
    """When the last of them is."""
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
    """What waits for its time, by channel: a digest, a bundle, other tries."""
    by_hand: list[Slot] = field(default_factory=list)
    """What people must have confirmed that day, by channel."""
    ending: list[Ending] = field(default_factory=list)
    """The first of those that end that day."""
    ending_many: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What waits in a channel until somebody lets it go on."""

    channel: str
    many: int
    oldest: datetime
    """When the first of it was to go out."""


class _Sort(NamedTuple):
    """What is ahead: deliveries of this status, by this time of theirs."""

    status: Status
    when: Column[Any]


_QUEUED = _Sort(Status.QUEUED, deliveries.c.due_at)
_AWAITED = _Sort(Status.AWAITING, deliveries.c.deadline_at)


class Agenda:
    def __init__(self, database: Database) -> None:
        self._database = database

    def days(
        self, now: datetime, first: date, many: int, zone: tzinfo, department: str = ""
    ) -> list[Day]:
        """These local days, with what is ahead of now; only of a department, if it is given.

        However much that is: it is counted by the database, and the first of it are named.
        """
        days = [Day(date=first + timedelta(days=n)) for n in range(many)]
        begins = [
            datetime.combine(first + timedelta(days=n), time(), zone) for n in range(many + 1)
        ]
        begins[0] = max(now, begins[0])
        with self._database.read() as connection:
            for day, slot in _slots(connection, _QUEUED, begins, department):
                days[day].going.append(slot)
            for day, slot in _slots(connection, _AWAITED, begins, department):
                days[day].by_hand.append(slot)
            for day, how_many in _endings(connection, begins, department):
                days[day].ending_many = how_many
                days[day].ending = _ending(connection, begins[day : day + 2], department)
        return days

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


def _slots(
    connection: Connection, sort: _Sort, begins: Sequence[datetime], department: str
) -> Iterator[tuple[int, Slot]]:
    """By day and channel, in the order of their times."""
    day, channel = _day_of(sort.when, begins).label("day"), deliveries.c.channel
    least, most = func.min(sort.when).label("at"), func.max(sort.when).label("last")
    query = select(day, channel, least, most, func.count().label("many"))
    query = _of(query, sort, (begins[0], begins[-1]), department)
    query = query.group_by(day, channel).order_by(least, channel)
    for row in connection.execute(query).all():
        span = (row.at, row.last + _A_MOMENT)
        mine = _of(select(*_ITEM), sort, span, department, with_item=True)
        mine = mine.where(channel == row.channel).order_by(sort.when, deliveries.c.id)
        named = connection.execute(mine.limit(_NAMED)).all()
        yield (
            row.day,
            Slot(
                channel=row.channel,
                at=row.at,
                last=row.last,
                many=row.many,
                first=tuple(Named(item_id=one.item_id, title=one.title) for one in named),
            ),
        )


def _of(
    query: Select[Any],
    sort: _Sort,
    span: tuple[datetime, datetime],
    department: str,
    *,
    with_item: bool = False,
) -> Select[Any]:
    """Such deliveries whose time lies in the span."""
    if with_item or department:
        query = _with_item(query)
    if department:
        query = query.where(items.c.department == department)
    begin, end = span
    return query.where(
        OPEN, deliveries.c.status == sort.status, sort.when >= begin, sort.when < end
    )


def _endings(
    connection: Connection, begins: Sequence[datetime], department: str
) -> Iterator[tuple[int, int]]:
    """How many items end on a day: what stands to the last of it ends with the next one's begin."""
    day = _day_of(items.c.expires_at, [one + _A_MOMENT for one in begins]).label("day")
    query = select(day, func.count().label("many")).where(*_ends((begins[0], begins[-1])))
    if department:
        query = query.where(items.c.department == department)
    for row in connection.execute(query.group_by(day)):
        yield row.day, row.many


def _ending(connection: Connection, span: Sequence[datetime], department: str) -> list[Ending]:
    when = items.c.expires_at
    query = select(when.label("at"), *_ITEM).where(*_ends(span))
    if department:
        query = query.where(items.c.department == department)
    query = query.order_by(when, items.c.number).limit(_ENDING_NAMED)
    return [
        Ending(item_id=row.item_id, title=row.title, at=row.at) for row in connection.execute(query)
    ]


def _ends(span: Sequence[datetime]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    begin, end = span
    return items.c.expires_at > begin, items.c.expires_at <= end


def _day_of(when: Column[Any], begins: Sequence[datetime]) -> ColumnElement[int]:
    """Which of the days that begin and end then a time lies in, which lies in one of them."""
    return case(*((when < end, day) for day, end in enumerate(begins[1:])))


def _with_item(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(deliveries)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(items, items.c.id == orders.c.item_id)
    )


_ITEM = (items.c.id.label("item_id"), items.c.title)
_HELD = (OPEN, deliveries.c.status == Status.HELD)
