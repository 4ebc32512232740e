"""Orders that follow a publication: correct, withdraw, expire. Each in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from publisher.model import Action, Item, Revision, Status, Trace
from publisher.orders import MAY_BE_OUT, PENDING, Past, wanted
from publisher.settle import Kind, Settlement
from publisher.store import traces
from publisher.store.engine import Database
from publisher.store.entering import Decision, Planned, add_order, add_revision
from publisher.store.history import Try
from publisher.store.loading import Wanted, load
from publisher.store.recipients import count_recipients
from publisher.store.superseding import supersede
from publisher.store.tables import batch_deliveries, batches, deliveries, items, orders, revisions

_NEVER = (1 << 31) - 1  # beyond every id
_OUT_OF = (
    select(batches.c.id)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(batch_deliveries.c.delivery_id == bindparam("delivery"), traces.IS_OUT)
)
_WHY = {
    Action.CORRECT: "还没有发出就有了更正，改发更正后的版本",
    Action.WITHDRAW: "还没有发出就已撤回",
    Action.EXPIRE: "还没有发出就已到期",
}
_BEFORE_YOU_ACT = {
    Action.CORRECT: "已有更正：没有办理的不要再办，请按更正后的办理；已经办理的请确认",
    Action.WITHDRAW: "已经撤回：没有办理的不要再办；已经办理的请确认",
    Action.EXPIRE: "已经到期：没有办理的不要再办；已经办理的请确认",
}


class Refusal(StrEnum):
    """Why an order cannot be given."""

    NO_ITEM = "no_item"
    WITHDRAWN = "withdrawn"
    SAME_CONTENT = "same_content"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What an order came to: channels that have something to do, those where what was still on its
    way was stopped, and those that carried the item and are not configured any more.
    """

    ordered: tuple[str, ...]
    stopped: tuple[str, ...]
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The new content of a correction, and the channels that it names."""

    content: Mapping[str, Any]
    revision: Revision
    channels: frozenset[str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Channel:
    """How an item stands in one channel when an order comes."""

    rows: Sequence[Any]
    traces: tuple[Trace, ...]

    @property
    def out(self) -> bool:
        return bool(self.traces)

    @property
    def pending(self) -> list[int]:
        return [row.id for row in self.rows if row.status in PENDING]

    @property
    def awaiting(self) -> list[int]:
        return [row.id for row in self.rows if row.status == Status.AWAITING]


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
            before = _channels(connection, decision.item_id, repeatable)
            if decision.action is not Action.CORRECT and not any(
                one.out or one.pending for one in before.values()
            ):
                return Refusal.NOTHING_LEFT
            if decision.action is Action.CORRECT and not any(one.out for one in before.values()):
                decision = replace(decision, minor=True)  # nobody has seen the first text
            going = _going(decision, planned, before, mended)
            stopped = _take_over(connection, decision, before, going)
            add_order(connection, decision, _revision(connection, decision, mended), going)
            _expires(connection, decision.item_id, mended.expires_at if mended else None)
        return Placed(
            ordered=tuple(one.channel for one in going),
            stopped=stopped,
            beyond=tuple(name for name in before if name not in planned),
        )

    def out(self, item_id: str, repeatable: Mapping[str, bool]) -> dict[str, tuple[Trace, ...]]:
        """What is out of an item, or may be, by channel."""
        with self._database.read() as connection:
            found = _channels(connection, item_id, repeatable)
        return {name: one.traces for name, one in found.items() if one.out}

    def past(self, item_id: str, repeatable: Mapping[str, bool]) -> dict[str, list[Past]]:
        """All deliveries of an item by channel, oldest first."""
        with self._database.read() as connection:
            return {
                name: [
                    _past(connection, row, repeatable=repeatable.get(name, False))
                    for row in one.rows
                ]
                for name, one in _channels(connection, item_id, repeatable).items()
            }

    def expiring(self, now: datetime) -> list[Item]:
        """Items whose posting period or validity has ended and that nobody has told so yet."""
        newest = select(
            select(func.max(revisions.c.id))
            .where(revisions.c.item_id == items.c.id)
            .correlate(items)
            .scalar_subquery()
        ).where(items.c.expires_at <= now)
        with self._database.read() as connection:
            ended = connection.execute(newest).scalars().all()
            wanted = [Wanted(revision_id=one, order_id=0) for one in ended]
            return load(connection, wanted, now, with_bytes=False)

    def let_expire(self, item_id: str) -> None:
        """Nothing is to be done at the end of this item's time."""
        with self._database.write() as connection:
            _expires(connection, item_id, None)


def _refusal(connection: Connection, decision: Decision, mended: Mended | None) -> Refusal | None:
    if mended:
        seen = select(revisions.c.content_hash).where(revisions.c.item_id == decision.item_id)
        known = connection.execute(seen.order_by(revisions.c.number.desc())).scalars().all()
        if mended.revision.content_hash in known:
            return Refusal.SAME_CONTENT
    given = connection.execute(
        select(orders.c.action).where(orders.c.item_id == decision.item_id)
    ).scalars()
    actions = set(given)
    if not actions:
        return Refusal.NO_ITEM
    return Refusal.WITHDRAWN if Action.WITHDRAW in actions else None


def _channels(
    connection: Connection, item_id: str, repeatable: Mapping[str, bool]
) -> dict[str, _Channel]:
    rows = connection.execute(
        select(deliveries, orders.c.action)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .where(orders.c.item_id == item_id)
        .order_by(deliveries.c.id)
    ).all()
    by_channel: dict[str, list[Any]] = {}
    for row in rows:
        by_channel.setdefault(row.channel, []).append(row)
    return {
        name: _Channel(
            some,
            traces.earlier(
                connection, item_id, name, _NEVER, repeatable=repeatable.get(name, False)
            ),
        )
        for name, some in by_channel.items()
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
    before: Mapping[str, _Channel],
    mended: Mended | None,
) -> list[Planned]:
    """The deliveries that the order makes: where it was, and where the new content names."""
    named = mended.channels if mended else frozenset()
    return [
        one
        for name, one in planned.items()
        if (name in before or name in named)
        and wanted(
            decision.action,
            minor=decision.minor,
            recall=one.recall,
            out=name in before and before[name].out,
        )
    ]


def _take_over(
    connection: Connection,
    decision: Decision,
    before: Mapping[str, _Channel],
    going: Sequence[Planned],
) -> tuple[str, ...]:
    """Stop what is on its way wherever this order goes, and everywhere if it takes back."""
    done = Try(kind=Kind.ORDER, actor=decision.by, started_at=decision.at, ended_at=decision.at)
    taken = {one.channel for one in going}
    stopped = []
    for name, one in before.items():
        if decision.action is Action.CORRECT and name not in taken:
            continue
        if one.pending:
            settlement = Settlement(status=Status.CANCELLED, reason=_WHY[decision.action])
            supersede(connection, one.pending, settlement, done)
            stopped.append(name)
        if one.awaiting:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(one.awaiting))
                .values(reason=_BEFORE_YOU_ACT[decision.action], updated_at=decision.at)
            )
    return tuple(stopped)


def _revision(connection: Connection, decision: Decision, mended: Mended | None) -> int:
    """The revision that the order is about: the new one of a correction, else the newest."""
    newest = connection.execute(
        select(revisions.c.id, revisions.c.number)
        .where(revisions.c.item_id == decision.item_id)
        .order_by(revisions.c.number.desc())
        .limit(1)
    ).one()
    if mended is None:
        found: int = newest.id
        return found
    return add_revision(
        connection,
        mended.content,
        mended.revision,
        number=newest.number + 1,
        by=decision.by,
        now=decision.at,
    )


def _expires(connection: Connection, item_id: str, at: datetime | None) -> None:
    connection.execute(update(items).where(items.c.id == item_id).values(expires_at=at))
