"""Health: how each channel does, found by indexes however much it has sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.office_tables import changes
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    items,
    orders,
)

_A_DAY = timedelta(hours=24)
_WAITS = [one for one in Status if one not in {Status.DELIVERED, Status.CANCELLED}]
_TROUBLES = (Status.FAILED, Status.LOST, Status.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What became of one item in a channel, and when."""

    item_id: str
    title: str
    at: datetime
    status: Status
    reason: str
    reason_class: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a channel does. Whether it is paused, and why, `store.pauses` knows."""

    waiting: Mapping[Status, int]
    """How many are not at their end; without what a newer order has replaced."""
    oldest_due: datetime | None
    """Since when the first of what is queued should be going out, or when it will."""
    last_success: Event | None
    """The last that was sent and is out."""
    last_trouble: Event | None
    """The last that failed, was lost or is in doubt, and is still so."""
    tries: Mapping[Status, int]
    """How the tries of the last 24 hours ended; queued: to be tried again."""


class Healths:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, channels: Iterable[str], now: datetime) -> dict[str, Health]:
        """How each of these channels does."""
        asked = list(channels)
        tries: dict[str, dict[Status, int]] = {name: {} for name in asked}
        with self._database.read() as connection:
            for row in connection.execute(_TRIES, {"since": now - _A_DAY}):
                tries.setdefault(row.channel, {})[Status(row.status)] = row.many
            return {name: _health(connection, name, tries[name]) for name in asked}


def _health(connection: Connection, channel: str, tries: Mapping[Status, int]) -> Health:
    here = {"channel": channel}
    waiting = connection.execute(_WAITING, here)
    return Health(
        waiting={Status(row.status): row.many for row in waiting},
        oldest_due=connection.execute(_OLDEST, here).scalar(),
        last_success=_event(connection, _LAST_OUT, channel),
        last_trouble=_event(connection, _LAST_TROUBLE, channel),
        tries=tries,
    )


def _event(connection: Connection, query: Any, channel: str) -> Event | None:
    row = connection.execute(query, {"channel": channel}).first()
    if row is None:
        return None
    return Event(
        item_id=row.item_id,
        title=row.title,
        at=row.updated_at,
        status=Status(row.status),
        reason=row.reason,
        reason_class=row.reason_class,
        url=row.url,
    )


_WAITING = (
    select(deliveries.c.status, func.count().label("many"))
    .where(
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.status.in_(_WAITS),
        deliveries.c.deadline_at.is_not(None),
    )
    .group_by(deliveries.c.status)
)
_TRIES = (
    select(deliveries.c.channel, changes.c.status, func.count().label("many"))
    .join(deliveries, deliveries.c.id == changes.c.delivery_id)
    .where(changes.c.at > bindparam("since"), changes.c.was == Status.SENDING)
    .group_by(deliveries.c.channel, changes.c.status)
)
_OLDEST = select(func.min(deliveries.c.due_at)).where(
    deliveries.c.channel == bindparam("channel"), deliveries.c.status == Status.QUEUED
)
_EVENT = (
    select(deliveries, orders.c.item_id, items.c.title)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .join(items, items.c.id == orders.c.item_id)
)
_LAST_BATCH = (
    select(batches.c.id)
    .where(batches.c.channel == bindparam("channel"), batches.c.status == Status.DELIVERED)
    .order_by(batches.c.channel.desc(), batches.c.status.desc(), batches.c.id.desc())
    .limit(1)
)
_LAST_OUT = (
    _EVENT.join(batch_deliveries, batch_deliveries.c.delivery_id == deliveries.c.id)
    .where(batch_deliveries.c.batch_id == _LAST_BATCH.scalar_subquery())
    .order_by(batch_deliveries.c.position)
    .limit(1)
)
_LAST_TROUBLE = (
    _EVENT.where(
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.status.in_(_TROUBLES),
        deliveries.c.deadline_at.is_not(None),
    )
    .order_by(deliveries.c.updated_at.desc())
    .limit(1)
)
