"""Taking over: how an item stands in its channels when an order comes, and what the order stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from publisher.model import Action, Status, Trace
from publisher.orders import OPEN, PENDING
from publisher.settle import Kind, Settlement
from publisher.store.entering import Decision, Planned
from publisher.store.following import end_tasks, let_be
from publisher.store.history import Try
from publisher.store.superseding import dissolve_all, supersede
from publisher.store.tables import deliveries, orders
from publisher.store.traces import earlier

_NEVER = (1 << 31) - 1  # beyond every id
_WHY = {
    Action.CORRECT: "还没有发出就有了更正，改发更正后的版本",
    Action.WITHDRAW: "还没有发出就已撤回",
    Action.EXPIRE: "还没有发出就已到期",
}
_DROPPED = "还没有发出就有了更正，更正后的版本不再发往这个渠道"
_ENDED = "已经到期，没有确认办理；已经办理过的，请确认"
_BEFORE_YOU_ACT = {
    Action.CORRECT: "已有更正：没有办理的不要再办，请按更正后的办理；已经办理的请确认",
    Action.WITHDRAW: "已经撤回：没有办理的不要再办；已经办理的请确认",
    Action.EXPIRE: "已经到期：没有办理的不要再办；已经办理的请确认",
}


@dataclass(frozen=True, slots=True)
class InChannel:
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
    def sending(self) -> list[int]:
        return [row.id for row in self.rows if row.status == Status.SENDING]

    @property
    def failed(self) -> bool:
        return any(row.status == Status.FAILED for row in self.rows)

    @property
    def open(self) -> bool:
        return any(row.status in OPEN for row in self.rows)

    @property
    def awaiting(self) -> list[int]:
        return [row.id for row in self.rows if row.status == Status.AWAITING]

    def action(self, delivery_id: int) -> Action:
        return next(Action(row.action) for row in self.rows if row.id == delivery_id)


def channels_of(
    connection: Connection, item_id: str, repeatable: Mapping[str, bool]
) -> dict[str, InChannel]:
    """By channel; `repeatable`: of each that is configured, whether it overwrites itself."""
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
        name: InChannel(
            some,
            earlier(
                connection, item_id, name, _NEVER, repeatable=repeatable.get(name, False)
            ).traces,
        )
        for name, some in by_channel.items()
    }


def is_public(planned: Mapping[str, Planned], before: Mapping[str, InChannel]) -> bool:
    """Whether the item is, or may yet come, where everybody can read it."""
    return any(
        (name not in planned or planned[name].public) and (one.out or one.pending)
        for name, one in before.items()
    )


def take_over(
    connection: Connection,
    decision: Decision,
    before: Mapping[str, InChannel],
    going: Sequence[Planned],
) -> tuple[str, ...]:
    """Stop what is on its way of older orders, also what is to follow a call under way; return the
    channels in which something was stopped.
    """
    taken = {one.channel for one in going}
    return tuple(
        name
        for name, one in before.items()
        if _take_over(connection, decision, one, taken=name in taken)
    )


def _take_over(
    connection: Connection, decision: Decision, channel: InChannel, *, taken: bool
) -> bool:
    done = Try(kind=Kind.ORDER, actor=decision.by, started_at=decision.at, ended_at=decision.at)
    mends = decision.action is Action.CORRECT
    why = _DROPPED if mends and not taken else _WHY[decision.action]
    stopped = channel.pending
    if decision.action is Action.EXPIRE and not taken:
        # Where nobody is told of the end, those who read a wrong text are still told that.
        stopped = [one for one in stopped if channel.action(one) is Action.PUBLISH]
        end_tasks(connection, channel.awaiting, done, _ENDED)
    elif channel.awaiting and (taken or not mends):
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(channel.awaiting))
            .values(reason=_BEFORE_YOU_ACT[decision.action], updated_at=decision.at)
        )
    for one in channel.sending:
        dissolve_all(connection, one, why, done)
    supersede(connection, stopped, Settlement(status=Status.CANCELLED, reason=why), done)
    if taken or not decision.minor:
        # At an end that nobody is told of, a correction that failed can still be sent again.
        ends = decision.action is Action.EXPIRE and not taken
        over = [row for row in channel.rows if not ends or row.action == Action.PUBLISH]
        let_be(connection, [row.id for row in over])
    return bool(stopped)
