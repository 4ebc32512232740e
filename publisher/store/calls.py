"""Calls: what is to be told to a webhook next, and what became of it.

Which changes a call carries, and under which key, is written before it is made. Whatever happens
to the caller, the same changes go out under the same key until they are taken.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from publisher.store import audit
from publisher.store.base import Instant
from publisher.store.changes import Change, between, newest
from publisher.store.engine import Database
from publisher.store.office_tables import calls, changes, webhooks

_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One call to be made: the same each time, until it is taken."""

    webhook_id: int
    name: str
    url: str = field(repr=False)
    sealed: bytes = field(repr=False)
    key: str
    made_at: datetime
    changes: tuple[Change, ...]
    failures: int

    @property
    def last(self) -> int:
        return self.changes[-1].id


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was made. `reason`: why it was not taken; "": it was."""

    key: str
    first: int = 0
    last: int = 0
    many: int = 0
    """How many changes were in it; 0: a trial."""
    at: datetime
    milliseconds: int
    code: int | None
    reason: str


class Calls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime) -> list[int]:
        """Those that may be called by now, and for which there is something."""
        with self._database.read() as connection:
            return list(connection.execute(_DUE, {"now": now}).scalars())

    def take_up(self, webhook_id: int, key: str, most: int, now: datetime) -> Letter | None:
        """The call to be made next: the one that was not taken yet, or a new one with this key."""
        with self._database.write() as connection:
            row = connection.execute(_TAKE_UP, {"webhook": webhook_id}).first()
            if row is None:
                return None
            if row.key:
                found = between(connection, row.position, row.until, row.until - row.position)
                key, now = row.key, row.made_at
            else:
                found = between(connection, row.position, None, most)
                if found:
                    _set(connection, row.id, key=key, until=found[-1].id, made_at=now)
            if not found:
                # It was stopped for so long that what it had not taken has been let go.
                _set(connection, row.id, position=max(row.position, row.until), key="")
                return None
        return Letter(
            webhook_id=row.id,
            name=row.name,
            url=row.url,
            sealed=row.sealed,
            key=key,
            made_at=now,
            changes=tuple(found),
            failures=row.failures,
        )

    def taken(self, letter: Letter, call: Call) -> None:
        """It has got this far; what comes next may go at once."""
        self._settle(
            letter,
            call,
            {"position": letter.last, "key": "", "failures": 0, "failing_since": None},
        )

    def refused(self, letter: Letter, call: Call, due_at: datetime) -> None:
        """The same once more, then."""
        values = {
            "failures": webhooks.c.failures + 1,
            "failing_since": _since(call),
            "due_at": due_at,
        }
        self._settle(letter, call, values)

    def gone(self, letter: Letter, call: Call) -> None:
        """It wants no more, and is not called again until a person says so."""
        values = {
            "failures": webhooks.c.failures + 1,
            "failing_since": _since(call),
            "active": False,
            "stopped": call.reason,
        }
        self._settle(letter, call, values)

    def tried(self, webhook_id: int, call: Call, *, by: str, name: str) -> None:
        """A trial, by whom of which: it says nothing of the changes."""
        with self._database.write() as connection:
            detail = f"{name}：{call.reason or '已收到'}"
            audit.write(connection, at=call.at, actor=by, act="webhook_tried", detail=detail)
            if connection.execute(_THERE, {"webhook": webhook_id}).first():
                _write(connection, webhook_id, call)

    def recent(self, webhook_id: int, most: int) -> list[Call]:
        """The last calls to it, newest first."""
        query = (
            select(calls)
            .where(calls.c.webhook_id == webhook_id)
            .order_by(calls.c.id.desc())
            .limit(most)
        )
        with self._database.read() as connection:
            return [_call(row) for row in connection.execute(query)]

    def keep_from(self) -> int:
        """The first change that some active one has not taken yet, or that is not made yet."""
        with self._database.read() as connection:
            lowest = connection.execute(_LOWEST).scalar()
            return (newest(connection) if lowest is None else lowest) + 1

    def _settle(self, letter: Letter, call: Call, values: dict[str, Any]) -> None:
        """Compare and set: whoever has settled this key before us, or deleted it, was right."""
        with self._database.write() as connection:
            mine = (webhooks.c.id == letter.webhook_id, webhooks.c.key == letter.key)
            if connection.execute(update(webhooks).where(*mine).values(**values)).rowcount:
                _write(connection, letter.webhook_id, call)


def _set(connection: Connection, webhook_id: int, **values: object) -> None:
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**values))


def _write(connection: Connection, webhook_id: int, call: Call) -> None:
    """Another line; the oldest go."""
    connection.execute(
        insert(calls).values(
            webhook_id=webhook_id,
            key=call.key,
            first=call.first,
            last=call.last,
            many=call.many,
            at=call.at,
            milliseconds=call.milliseconds,
            code=call.code,
            reason=call.reason,
        )
    )
    connection.execute(_FORGET, {"webhook": webhook_id})


def _since(call: Call) -> ColumnElement[datetime]:
    """Since when it fails: since the first call in a row that did."""
    return func.coalesce(webhooks.c.failing_since, literal(call.at, Instant))


def _call(row: Any) -> Call:
    return Call(
        key=row.key,
        first=row.first,
        last=row.last,
        many=row.many,
        at=row.at,
        milliseconds=row.milliseconds,
        code=row.code,
        reason=row.reason,
    )


_DUE = (
    select(webhooks.c.id)
    .where(
        webhooks.c.active,
        webhooks.c.due_at <= bindparam("now"),
        webhooks.c.position < select(func.max(changes.c.id)).scalar_subquery(),
    )
    .order_by(webhooks.c.id)
)
_THERE = select(webhooks.c.id).where(webhooks.c.id == bindparam("webhook"))
_TAKE_UP = select(webhooks).where(webhooks.c.id == bindparam("webhook"), webhooks.c.active)
_LOWEST = select(func.min(webhooks.c.position)).where(webhooks.c.active)
_FORGET = delete(calls).where(
    calls.c.webhook_id == bindparam("webhook"),
    calls.c.id
    <= select(calls.c.id)
    .where(calls.c.webhook_id == bindparam("webhook"))
    .order_by(calls.c.id.desc())
    .limit(1)
    .offset(_KEPT)
    .scalar_subquery(),
)
