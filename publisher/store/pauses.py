"""Pauses: a channel that sends nothing until a person says go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, literal, select, update

from publisher.model import Status
from publisher.settle import Kind, Settlement, Times
from publisher.store import audit
from publisher.store.base import Instant
from publisher.store.engine import Database
from publisher.store.history import Try, write_history
from publisher.store.tables import deliveries, pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    channel: str
    reason: str
    by: str
    since: datetime


_LASTING = select(pauses).where(pauses.c.resumed_at.is_(None)).order_by(pauses.c.id)
_LASTING_HERE = _LASTING.where(pauses.c.channel == bindparam("channel"))


IS_PAUSED = select(pauses.c.id).where(
    pauses.c.channel == bindparam("channel"), pauses.c.resumed_at.is_(None)
)
"""A row if the channel is paused."""


def _is_paused(connection: Connection, channel: str) -> bool:
    return connection.execute(IS_PAUSED, {"channel": channel}).first() is not None


class Pauses:
    def __init__(self, database: Database) -> None:
        self._database = database

    def lasting(self) -> dict[str, Pause]:
        """The pauses that last, by channel."""
        with self._database.read() as connection:
            return {row.channel: _pause(row) for row in connection.execute(_LASTING)}

    def of(self, channel: str) -> Pause | None:
        """The pause of a channel, while it lasts."""
        with self._database.read() as connection:
            row = connection.execute(_LASTING_HERE, {"channel": channel}).first()
            return _pause(row) if row else None

    def begin(self, channel: str, *, by: str, reason: str, now: datetime) -> bool:
        """Pause a channel; False if it is paused already. Calls under way come to their end."""
        with self._database.write() as connection:
            if _is_paused(connection, channel):
                return False
            connection.execute(
                insert(pauses).values(
                    channel=channel,
                    reason=reason,
                    paused_by=by,
                    paused_at=now,
                    resumed_by="",
                )
            )
            why = f"原因：{reason}"
            audit.write(connection, at=now, actor=by, act="paused", detail=why, channel=channel)
        return True

    def end(self, channel: str, *, by: str, now: datetime, times: Times) -> bool:
        """Let a channel go on, with all that was held; False if it is not paused."""
        with self._database.write() as connection:
            ended = connection.execute(
                update(pauses)
                .where(pauses.c.channel == channel, pauses.c.resumed_at.is_(None))
                .values(resumed_by=by, resumed_at=now)
            )
            if not ended.rowcount:
                return False
            _turn(
                connection, channel, Status.HELD, Status.QUEUED, f"{by} 恢复了渠道", by, now, times
            )
            audit.write(connection, at=now, actor=by, act="resumed", channel=channel)
        return True

    def hold(self, pause: Pause, *, actor: str, now: datetime, times: Times) -> int:
        """Hold what is due in a paused channel; how many that were. What is urgent is told at once:
        a withdrawal that cannot go out leaves the text where it is.
        """
        with self._database.write() as connection:
            if not _is_paused(connection, pause.channel):
                return 0
            reason = f"渠道已暂停（{pause.by}：{pause.reason}）"
            return _turn(
                connection, pause.channel, Status.QUEUED, Status.HELD, reason, actor, now, times
            )


def _turn(
    connection: Connection,
    channel: str,
    current: Status,
    to: Status,
    reason: str,
    actor: str,
    now: datetime,
    times: Times,
) -> int:
    mine = (
        deliveries.c.channel == channel,
        deliveries.c.status == current,
        deliveries.c.due_at <= now,
    )
    urgent = literal(now if to is Status.HELD else times.tell_at, Instant)
    tell_at = case((deliveries.c.urgent, urgent), else_=literal(times.tell_at, Instant))
    ids = connection.execute(select(deliveries.c.id).where(*mine)).scalars().all()
    if ids:
        connection.execute(
            update(deliveries)
            .where(*mine)
            .values(
                status=to,
                reason=reason,
                reason_class="",
                deadline_at=times.deadline_at,
                tell_at=tell_at,
                updated_at=now,
            )
        )
        done = Try(kind=Kind.STAFF, actor=actor, started_at=now, ended_at=now)
        write_history(connection, ids, None, Settlement(status=to, reason=reason), done)
    return len(ids)


def _pause(row: Any) -> Pause:
    return Pause(
        channel=row.channel,
        reason=row.reason,
        by=row.paused_by,
        since=row.paused_at,
    )
