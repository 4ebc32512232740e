"""Audit: who did what, by which door; append-only, written with the deed or not at all.

What workers do is not here: attempts are their history.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from publisher.store.engine import Database
from publisher.store.office_tables import audit
from publisher.store.paging import Asked, Place, Turn

ORIGIN: ContextVar[str] = ContextVar("origin", default="命令行")
"""By which door, and from which address."""

_AT_ONCE = 1000
_LONGEST_TEXT = 100
_ADD = insert(audit)
_SHOWN = audit.c.actor + "\n" + audit.c.item_id + "\n" + audit.c.channel + "\n" + audit.c.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: who did what, when, to what."""

    id: int
    at: datetime
    actor: str
    origin: str
    act: str
    item_id: str
    channel: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which lines; what is empty is not asked about."""

    actor: str = ""
    """Part of a name or a login."""
    act: str = ""
    item_id: str = ""
    text: str = ""
    """Words that each stand somewhere in the line."""
    called: Mapping[str, str] = field(default_factory=dict)
    """How acts are called where the line is shown: there the words may stand as well."""
    since: datetime | None = None
    until: datetime | None = None
    """Before then: the beginning of the day after the last one."""


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        *,
        at: datetime,
        actor: str,
        act: str,
        detail: str = "",
        item_id: str = "",
        channel: str = "",
    ) -> None:
        """A line of its own, for what changes nothing here: evidence taken, a number looked up."""
        with self._database.write() as connection:
            write(
                connection,
                at=at,
                actor=actor,
                act=act,
                detail=detail,
                item_id=item_id,
                channel=channel,
            )

    def page(self, wanted: Filter, asked: Asked) -> Turn[Entry]:
        """The newest lines first, a page at a time."""
        with self._database.read() as connection:
            return _turn(connection, _such(wanted), asked, falling=True)

    def every(self, wanted: Filter) -> Iterator[Entry]:
        """All of them as they are now, the oldest first; read in parts, however many there are.

        Lines never change, so that no transaction has to last as long as somebody downloads.
        """
        with self._database.read() as connection:
            last = connection.execute(select(func.max(audit.c.id))).scalar() or 0
        such = [*_such(wanted), audit.c.id <= last]
        asked = Asked(most=_AT_ONCE)
        while True:
            with self._database.read() as connection:
                turn = _turn(connection, such, asked, falling=False)
            yield from turn.rows
            if turn.next is None:
                return
            asked = Asked(after=turn.next, most=_AT_ONCE)


def write(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    act: str,
    detail: str = "",
    item_id: str = "",
    channel: str = "",
) -> None:
    """Write a line within the transaction that it tells of."""
    values = {
        "at": at,
        "actor": actor,
        "origin": ORIGIN.get(),
        "act": act,
        "item_id": item_id,
        "channel": channel,
        "detail": detail,
    }
    connection.execute(_ADD, values)


@contextmanager
def through(door: str) -> Iterator[None]:
    """What is done within comes by this door."""
    before = ORIGIN.set(door)
    try:
        yield
    finally:
        ORIGIN.reset(before)


def _turn(
    connection: Connection, such: list[ColumnElement[bool]], asked: Asked, *, falling: bool
) -> Turn[Entry]:
    time, key = audit.c.at, audit.c.id
    query = (
        select(audit)
        .where(*such, *asked.beyond(time, key, falling=falling))
        .order_by(*asked.order(time, key, falling=falling))
        .limit(asked.most + 1)
    )
    return asked.turn([_entry(row) for row in connection.execute(query)], _place)


def _place(entry: Entry) -> Place:
    return Place(entry.at, str(entry.id))


def _such(wanted: Filter) -> list[ColumnElement[bool]]:
    columns = ((audit.c.act, wanted.act), (audit.c.item_id, wanted.item_id))
    found: list[ColumnElement[bool]] = [column == _plain(word) for column, word in columns if word]
    if wanted.since:
        found.append(audit.c.at >= wanted.since)
    if wanted.until:
        found.append(audit.c.at < wanted.until)
    actors = _plain(wanted.actor[:_LONGEST_TEXT]).split()
    words = _plain(wanted.text[:_LONGEST_TEXT]).split()
    found += [audit.c.actor.icontains(word, autoescape=True) for word in actors]
    return found + [_says(word, wanted.called) for word in words]


def _says(word: str, called: Mapping[str, str]) -> ColumnElement[bool]:
    acts = [act for act, name in called.items() if word in name]
    return or_(_SHOWN.icontains(word, autoescape=True), audit.c.act.in_(acts))


def _plain(text: str) -> str:
    """Without what PostgreSQL cannot even be asked about."""
    return text.replace("\0", " ")


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        origin=row.origin,
        act=row.act,
        item_id=row.item_id,
        channel=row.channel,
        detail=row.detail,
    )
