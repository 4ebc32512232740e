"""Orders that follow a publication: correct, withdraw, expire. Each in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from publisher.model import Action, Item, Revision, Status, Trace
from publisher.orders import MAY_BE_OUT, Past, wanted
from publisher.store import audit, traces
from publisher.store.engine import Database
from publisher.store.entering import Decision, Planned, add_order, add_revision
from publisher.store.loading import Wanted, load
from publisher.store.recipients import count_recipients
from publisher.store.related import Partner
from publisher.store.tables import batch_deliveries, batches, deliveries, items, orders, revisions
from publisher.store.taking_over import InChannel, channels_of, is_public, take_over

_OUT_OF = (
    select(batches.c.id)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(batch_deliveries.c.delivery_id == bindparam("delivery"), traces.IS_OUT)
)
_NEWEST_OUT = (
    select(func.max(orders.c.revision_id))
    .join(deliveries, deliveries.c.order_id == orders.c.id)
    .join(batch_deliveries, batch_deliveries.c.delivery_id == deliveries.c.id)
    .join(batches, batches.c.id == batch_deliveries.c.batch_id)
    .where(
        orders.c.item_id == bindparam("item"),
        batch_deliveries.c.counts,
        batches.c.status.in_(MAY_BE_OUT),
    )
)

_ACTS = {
    Action.CORRECT: "corrected",
    Action.WITHDRAW: "withdrawn",
    Action.EXPIRE: "expired",
}


class Refusal(StrEnum):
    """Why an order cannot be given."""

    NO_ITEM = "no_item"
    WITHDRAWN = "withdrawn"
    SAME_CONTENT = "same_content"
    NOT_SEEN = "not_seen"
    """There is a newer version than the one that its author has seen."""
    PUBLIC = "public"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What an order came to: channels that have something to do, those where what was still on its
    way was stopped, and those that carried the item and are not configured any more.
    """

    ordered: tuple[str, ...]
    stopped: tuple[str, ...]
    beyond: tuple[str, ...]
    left: tuple[Partner, ...] = ()
    """Of a withdrawal: what is shown beside the item, and stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The new content of a correction, and the channels that it names."""

    content: Mapping[str, Any]
    revision: Revision
    channels: frozenset[str]
    public: bool
    """Whether everybody may read it."""
    expires_at: datetime | None
    seen: int | None = None
    """The number of the version that its author has seen, where that is known."""


class Orders:
    def __init__(self, database: Database) -> None:
        self._database = database

    def place(
        self, decision: Decision, planned: Mapping[str, Planned], mended: Mended | None = None
    ) -> Placed | Refusal:
        """Give an order: what is on its way of older ones is stopped where this one takes over.

        `planned` has every configured channel; `mended` is there for a correction, and only then.
        """
        with self._database.write() as connection:
            if refusal := _refusal(connection, decision, mended):
                return refusal
            repeatable = {name: one.repeatable for name, one in planned.items()}
            before = channels_of(connection, decision.item_id, repeatable)
            # What failed counts: a person could still send it again.
            if not mended and not any(one.out or one.open for one in before.values()):
                return Refusal.NOTHING_LEFT
            if mended and not mended.public:
                if is_public(planned, before):
                    return Refusal.PUBLIC
                decision = replace(decision, minor=False)
            elif mended and not any(
                # What failed where the new text does not go must not be sent again as it was.
                one.out or (one.failed and name not in mended.channels)
                for name, one in before.items()
            ):
                decision = replace(decision, minor=True)  # nobody has seen the first text
            going = _going(decision, planned, before, mended)
            stopped = take_over(connection, decision, before, going)
            add_order(connection, decision, _revision(connection, decision, mended), going)
            _expires(connection, decision.item_id, mended.expires_at if mended else None)
            _write_down(connection, decision, mended)
        return Placed(
            ordered=tuple(one.channel for one in going),
            stopped=stopped,
            beyond=tuple(name for name in before if name not in planned),
        )

    def out(self, item_id: str, repeatable: Mapping[str, bool]) -> dict[str, tuple[Trace, ...]]:
        """What is out of an item, or may be, by channel."""
        with self._database.read() as connection:
            found = channels_of(connection, item_id, repeatable)
        return {name: one.traces for name, one in found.items() if one.out}

    def past(self, item_id: str, repeatable: Mapping[str, bool]) -> dict[str, list[Past]]:
        """All deliveries of an item by channel, oldest first."""
        with self._database.read() as connection:
            return past_of(connection, item_id, repeatable)

    def expiring(self, now: datetime) -> tuple[list[Item], list[str]]:
        """Items whose posting period or validity has ended and that nobody has told so yet; and the
        ids of those that cannot be read.
        """
        newest = (
            select(items.c.id, func.max(revisions.c.id).label("revision_id"))
            .join(revisions, revisions.c.item_id == items.c.id)
            .where(items.c.expires_at <= now)
            .group_by(items.c.id)
            .order_by(items.c.expires_at, items.c.id)
        )
        ended, broken = [], []
        with self._database.read() as connection:
            for row in connection.execute(newest).all():
                wanted = [Wanted(revision_id=row.revision_id, order_id=0)]
                try:
                    ended += load(connection, wanted, now, with_bytes=False)
                except (AttributeError, LookupError, TypeError, ValueError):
                    broken.append(row.id)  # not the content that we wrote
        return ended, broken

    def let_expire(self, item_id: str) -> None:
        """Nothing is to be done at the end of this item's time."""
        with self._database.write() as connection:
            _expires(connection, item_id, None)


def _refusal(connection: Connection, decision: Decision, mended: Mended | None) -> Refusal | None:
    given = connection.execute(
        select(orders.c.action).where(orders.c.item_id == decision.item_id)
    ).scalars()
    actions = set(given)
    if not actions:
        return Refusal.NO_ITEM
    if Action.WITHDRAW in actions:
        return Refusal.WITHDRAWN
    if mended:
        newest = (
            select(revisions.c.content_hash, revisions.c.number)
            .where(revisions.c.item_id == decision.item_id)
            .order_by(revisions.c.number.desc())
            .limit(1)
        )
        row = connection.execute(newest).one()
        if mended.revision.content_hash == row.content_hash:
            return Refusal.SAME_CONTENT
        if mended.seen not in {None, row.number}:
            return Refusal.NOT_SEEN
    return None


def past_of(
    connection: Connection, item_id: str, repeatable: Mapping[str, bool]
) -> dict[str, list[Past]]:
    """All deliveries of an item by channel, oldest first, within a transaction that is open."""
    return {
        name: [_past(connection, row, repeatable=repeatable.get(name, False)) for row in one.rows]
        for name, one in channels_of(connection, item_id, repeatable).items()
    }


def _past(connection: Connection, row: Any, *, repeatable: bool) -> Past:
    """A delivery of any status as far as exposure needs it."""
    batch_ids = connection.execute(
        _OUT_OF, {"delivery": row.id, "repeatable": repeatable}
    ).scalars()
    ids = list(batch_ids)
    people = count_recipients(connection, ids) if ids else {}
    return Past(
        action=Action(row.action),
        status=Status(row.status),
        out=bool(ids),
        at=row.updated_at,
        where=row.url or row.reference,
        people=sum(people.get(status, 0) for status in MAY_BE_OUT),
    )


def _going(
    decision: Decision,
    planned: Mapping[str, Planned],
    before: Mapping[str, InChannel],
    mended: Mended | None,
) -> list[Planned]:
    """The deliveries that the order makes: where something is out, and where new content names."""
    named = mended.channels if mended else frozenset()
    nowhere = InChannel((), ())
    return [
        one
        for name, one in planned.items()
        if (before.get(name, nowhere).out or name in named)
        and wanted(
            decision.action,
            minor=decision.minor,
            recall=one.recall,
            out=before.get(name, nowhere).out,
            open_=before.get(name, nowhere).open,
        )
    ]


def _revision(connection: Connection, decision: Decision, mended: Mended | None) -> int:
    """The revision that the order is about: the new one of a correction, else the newest of those
    that are out, else the newest.
    """
    if mended is None:
        mine = revisions.c.item_id == decision.item_id
        newest: int = connection.execute(select(func.max(revisions.c.id)).where(mine)).scalar_one()
        out = connection.execute(_NEWEST_OUT, {"item": decision.item_id}).scalar()
        return out or newest
    number = connection.execute(
        select(func.max(revisions.c.number)).where(revisions.c.item_id == decision.item_id)
    ).scalar_one()
    return add_revision(
        connection,
        mended.content,
        mended.revision,
        number=number + 1,
        by=decision.by,
        now=decision.at,
    )


def _write_down(connection: Connection, decision: Decision, mended: Mended | None) -> None:
    minor = "（小更正，不另行通知）" if decision.minor else ""
    content = f"；内容哈希：{mended.revision.content_hash}" if mended else ""
    audit.write(
        connection,
        at=decision.at,
        actor=decision.by,
        act=_ACTS[decision.action],
        detail=f"原因：{decision.reason}{minor}{content}",
        item_id=decision.item_id,
    )


def _expires(connection: Connection, item_id: str, at: datetime | None) -> None:
    connection.execute(update(items).where(items.c.id == item_id).values(expires_at=at))
