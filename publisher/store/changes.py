"""Changes: every change of a delivery's status, in the order in which they were committed.

A trigger writes them (publisher.store.office_tables). Whoever follows them keeps the id of the last
one it has taken, and asks for what came after.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, func, select

from publisher.model import Action, Status
from publisher.store.engine import Database
from publisher.store.office_tables import changes
from publisher.store.tables import deliveries, items, orders, revisions

PORTION = 1000
"""So many lines are let go in one transaction, so that no delivery waits for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A delivery has come into a status. But for the item's department it never changes itself."""

    id: int
    delivery_id: int
    item_id: str
    department: str
    title: str
    channel: str
    action: Action
    was: Status | None
    """None: the delivery is new."""
    status: Status
    reason: str
    reason_class: str
    url: str
    at: datetime


class Changes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """The id of the last change; 0 before the first."""
        with self._database.read() as connection:
            return newest(connection)

    def after(self, position: int, most: int) -> list[Change]:
        """What came after this change, oldest first."""
        with self._database.read() as connection:
            return between(connection, position, None, most)

    def let_go(self, before: datetime, keep_from: int) -> int:
        """Delete a portion of the lines older than this, but none from the id `keep_from` on.

        How many that were: as many as PORTION, and there may be more.
        """
        asked = {"before": before, "keep": keep_from}
        with self._database.write() as connection:
            return connection.execute(_LET_GO, asked).rowcount


def newest(connection: Connection) -> int:
    found: int = connection.execute(_NEWEST).scalar_one()
    return found


def between(connection: Connection, after: int, until: int | None, most: int) -> list[Change]:
    """What came after one change, up to another and that one too; oldest first."""
    last = until if until is not None else _NO_END
    asked = {"after": after, "until": last, "most": most}
    return [_change(row) for row in connection.execute(_BETWEEN, asked)]


def _change(row: Any) -> Change:
    status = Status(row.status)
    return Change(
        id=row.id,
        delivery_id=row.delivery_id,
        item_id=row.item_id,
        department=row.department,
        title=row.title,
        channel=row.channel,
        action=Action(row.action),
        was=Status(row.was) if row.was else None,
        status=status,
        # Who takes a delivery in hand leaves in its row why the try before came to nothing.
        reason="" if status is Status.SENDING else row.reason,
        reason_class="" if status is Status.SENDING else row.reason_class,
        url=row.url,
        at=row.at,
    )


_NO_END = 2**31 - 1
_NEWEST = select(func.coalesce(func.max(changes.c.id), 0))
_some = (
    select(changes)
    .where(changes.c.id > bindparam("after"), changes.c.id <= bindparam("until"))
    .order_by(changes.c.id)
    .limit(bindparam("most", type_=Integer))
    .subquery("some")
)  # first the few, then what belongs to them: no planner is tempted to join the whole tables
_BETWEEN = (
    select(
        _some,
        deliveries.c.channel,
        orders.c.action,
        orders.c.item_id,
        revisions.c.title,
        items.c.department,
    )
    .join(deliveries, deliveries.c.id == _some.c.delivery_id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .join(revisions, revisions.c.id == orders.c.revision_id)
    .join(items, items.c.id == orders.c.item_id)
    .order_by(_some.c.id)
)
_LET_GO = delete(changes).where(
    changes.c.id.in_(
        select(changes.c.id)
        .where(
            changes.c.at < bindparam("before"),
            changes.c.id < bindparam("keep"),
            # The newest stays: SQLite would give its id a second time.
            changes.c.id < select(func.max(changes.c.id)).scalar_subquery(),
        )
        .order_by(changes.c.at)
        .limit(PORTION)
    )
)
