"""Webhooks: the other systems that are told of changes, and how far each of them is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, func, insert, select, update

from publisher.store import audit
from publisher.store.changes import newest
from publisher.store.engine import Database
from publisher.store.office_tables import calls, changes, webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Another system that is told, and how that goes."""

    id: int
    name: str
    url: str
    active: bool
    stopped: str
    """Why it is not active."""
    created_at: datetime
    created_by: str
    behind: int
    """How many changes it has not taken yet."""
    waiting_since: datetime | None
    """When the oldest of these was made."""
    failures: int
    """In a row; 0: the last call was taken."""
    failing_since: datetime | None
    due_at: datetime
    """It is not called before."""


class WebhookRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, url: str, seal: Callable[[int], bytes], *, by: str, now: datetime
    ) -> int | None:
        """A new one that is told of what changes from now on; its id, None if the name is taken."""
        with self._database.write() as connection:
            if _is_taken(connection, name, 0):
                return None
            values = {
                "name": name,
                "url": url,
                "sealed": b"",
                "active": True,
                "stopped": "",
                "created_at": now,
                "created_by": by,
                "position": newest(connection),
                "key": "",
                "until": 0,
                "failures": 0,
                "due_at": now,
            }
            row = connection.execute(insert(webhooks).returning(webhooks.c.id), values)
            found: int = row.scalar_one()
            _set(connection, found, sealed=seal(found))
            audit.write(connection, at=now, actor=by, act="webhook_added", detail=name)
            return found

    def all(self) -> list[Webhook]:
        with self._database.read() as connection:
            return [_webhook(row) for row in connection.execute(_ALL.order_by(webhooks.c.name))]

    def one(self, webhook_id: int) -> Webhook | None:
        with self._database.read() as connection:
            row = connection.execute(_ALL.where(webhooks.c.id == webhook_id)).first()
            return _webhook(row) if row else None

    def sealed(self, webhook_id: int) -> bytes:
        """The sealed secret of its calls; nothing if it is not there any more."""
        query = select(webhooks.c.sealed).where(webhooks.c.id == webhook_id)
        with self._database.read() as connection:
            return connection.execute(query).scalar() or b""

    def change(self, webhook_id: int, *, name: str, url: str, by: str, now: datetime) -> bool:
        """It is called there from now on, and at once; False if another has this name."""
        with self._database.write() as connection:
            if _is_taken(connection, name, webhook_id):
                return False
            _write(connection, webhook_id, "webhook_changed", by, now, to=f"{name}，{_host(url)}")
            _set(connection, webhook_id, name=name, url=url, due_at=now)
            return True

    def stop(self, webhook_id: int, why: str, *, by: str, now: datetime) -> None:
        """It is not called any more. What it has not taken waits for it for a while."""
        with self._database.write() as connection:
            well = {"failures": 0, "failing_since": None}
            _set(connection, webhook_id, active=False, stopped=why, **well)
            _write(connection, webhook_id, "webhook_stopped", by, now)

    def resume(self, webhook_id: int, *, by: str, now: datetime) -> None:
        """It is called again, with what it has missed as far as that is kept."""
        with self._database.write() as connection:
            well = {"failures": 0, "failing_since": None, "due_at": now}
            _set(connection, webhook_id, active=True, stopped="", **well)
            _write(connection, webhook_id, "webhook_resumed", by, now)

    def hurry(self, webhook_id: int, *, by: str, now: datetime) -> None:
        """It is called now, not when its waiting time is over."""
        with self._database.write() as connection:
            _write(connection, webhook_id, "webhook_hurried", by, now)
            _set(connection, webhook_id, due_at=now)

    def delete(self, webhook_id: int, *, by: str, now: datetime) -> None:
        with self._database.write() as connection:
            _write(connection, webhook_id, "webhook_deleted", by, now)
            connection.execute(delete(calls).where(calls.c.webhook_id == webhook_id))
            connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))


def _is_taken(connection: Connection, name: str, by_other_than: int) -> bool:
    query = select(webhooks.c.id).where(webhooks.c.name == name, webhooks.c.id != by_other_than)
    return connection.execute(query).first() is not None


def _set(connection: Connection, webhook_id: int, **values: object) -> None:
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**values))


def _write(
    connection: Connection, webhook_id: int, act: str, by: str, now: datetime, to: str = ""
) -> None:
    """Who did what, by the name that it has then; of one that is gone there is nothing to tell."""
    name = connection.execute(select(webhooks.c.name).where(webhooks.c.id == webhook_id)).scalar()
    if name is not None:
        detail = f"{name} -> {to}" if to else name
        audit.write(connection, at=now, actor=by, act=act, detail=detail)


def _host(url: str) -> str:
    """Where it leads, without what may be a secret of the address."""
    return urlsplit(url).netloc


def _webhook(row: Any) -> Webhook:
    return Webhook(
        id=row.id,
        name=row.name,
        url=row.url,
        active=row.active,
        stopped=row.stopped,
        created_at=row.created_at,
        created_by=row.created_by,
        behind=row.behind,
        waiting_since=row.waiting_since,
        failures=row.failures,
        failing_since=row.failing_since,
        due_at=row.due_at,
    )


_behind = select(func.count()).where(changes.c.id > webhooks.c.position)
_next = select(changes.c.at).where(changes.c.id > webhooks.c.position)
_ALL = select(
    webhooks,
    _behind.correlate(webhooks).scalar_subquery().label("behind"),
    _next.order_by(changes.c.id)
    .limit(1)
    .correlate(webhooks)
    .scalar_subquery()
    .label("waiting_since"),
)
