"""Looking again: what was delivered is seen to stand still, or is lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, select, update

from publisher.model import Action, Item, Status, Trace, move
from publisher.settle import Settlement, Times
from publisher.store.engine import Database
from publisher.store.history import Try, write_history
from publisher.store.loading import Wanted, load
from publisher.store.tables import batch_deliveries, batches, deliveries, orders, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A delivered thing to be looked at again. `in_vain`: looks in a row that saw nothing."""

    id: int
    delivered_at: datetime
    verify_at: datetime
    in_vain: int


class Looking:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, channel: str, now: datetime, most: int) -> list[Look]:
        """Deliveries that stand in a channel and are to be looked at again by now."""
        asked = {"channel": channel, "now": now, "most": most}
        with self._database.read() as connection:
            return [
                Look(
                    id=row.id,
                    delivered_at=row.updated_at,
                    verify_at=row.verify_at,
                    in_vain=row.verifications,
                )
                for row in connection.execute(_DUE, asked)
            ]

    def standing(self, delivery_id: int, now: datetime) -> tuple[Item, Trace] | None:
        """The item as it went out in this delivery, with what that gave; None if it gave none."""
        with self._database.read() as connection:
            row = connection.execute(_STANDING, {"delivery": delivery_id}).first()
            if row is None:
                return None
            action = Action(row.action)
            wanted = Wanted(revision_id=row.revision_id, order_id=row.order_id, action=action)
            (item,) = load(connection, [wanted], now)
        trace = Trace(
            key=row.key,
            position=row.position,
            status=Status(row.status),
            reference=row.reference,
            url=row.member_url or row.batch_url,
            title=row.title,
            short_title=item.revision.short_title,
        )
        return item, trace

    def seen(self, look: Look, trace: Trace, done: Try, verify_at: datetime | None) -> None:
        """It stands as it went out; when to look again."""
        settlement = Settlement(
            status=Status.DELIVERED, reference=trace.reference, url=trace.url, reason="复查：仍在"
        )
        with self._database.write() as connection:
            if _set(connection, look, verify_at=verify_at, verifications=0):
                write_history(connection, [look.id], None, settlement, done)

    def not_seen(self, look: Look, verify_at: datetime) -> None:
        """It could not be looked at; when to try again."""
        with self._database.write() as connection:
            _set(connection, look, verify_at=verify_at, verifications=look.in_vain + 1)

    def lost(self, look: Look, settlement: Settlement, done: Try, times: Times) -> None:
        """It stands no more."""
        values = {
            "status": move(Status.DELIVERED, settlement.status),
            "reason": settlement.reason,
            "reason_class": settlement.reason_class,
            "updated_at": done.ended_at,
            "stands_since": None,
            "verifications": 0,
            "verify_at": times.verify_at,
            "deadline_at": times.deadline_at,
            "tell_at": times.tell_at,
        }
        with self._database.write() as connection:
            if _set(connection, look, **values):
                write_history(connection, [look.id], None, settlement, done)


def _set(connection: Connection, look: Look, **values: object) -> bool:
    """Compare and set: only while it stands and nobody else has looked meanwhile."""
    return bool(
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == look.id,
                deliveries.c.status == Status.DELIVERED,
                deliveries.c.stands_since.is_not(None),
                deliveries.c.verify_at == look.verify_at,
            )
            .values(**values)
        ).rowcount
    )


_DUE = (
    select(deliveries)
    .where(
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.verify_at <= bindparam("now"),
        deliveries.c.status == Status.DELIVERED,
        deliveries.c.stands_since.is_not(None),
    )
    .order_by(deliveries.c.verify_at, deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
)
_STANDING = (
    select(
        orders.c.id.label("order_id"),
        orders.c.action,
        orders.c.revision_id,
        revisions.c.title,
        batches.c.key,
        batches.c.status,
        batches.c.reference,
        batches.c.url.label("batch_url"),
        batch_deliveries.c.position,
        batch_deliveries.c.url.label("member_url"),
    )
    .join(deliveries, deliveries.c.order_id == orders.c.id)
    .join(revisions, revisions.c.id == orders.c.revision_id)
    .join(batch_deliveries, batch_deliveries.c.delivery_id == deliveries.c.id)
    .join(batches, batches.c.id == batch_deliveries.c.batch_id)
    .where(
        deliveries.c.id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status == Status.DELIVERED,
    )
    .order_by(batches.c.id.desc())
    .limit(1)
)
