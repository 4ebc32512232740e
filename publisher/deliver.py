"""Deliver: one flush of one channel, under its lock. Nothing here knows which channel it is.

    settle what a dead holder left -> ask about what was accepted -> plan -> render -> freeze
    -> claim (intent committed) -> send -> settle

No transaction spans a call to the outside. Every exception of an adapter ends as an outcome.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from publisher import followup, recheck
from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    Receipt,
    Rendition,
    TemporaryError,
)
from publisher.courier import Courier
from publisher.model import Action, ReasonClass, Status
from publisher.orders import to_do
from publisher.planning import Due, Parcel, group
from publisher.render import Press, address_parcels, let_go
from publisher.route import Route
from publisher.settle import Kind
from publisher.store import StoreError
from publisher.store.history import Try
from publisher.store.pauses import Pause
from publisher.store.queue import Batch
from publisher.vault import VaultError

log = structlog.get_logger(__name__)

_AHEAD = 20
_SOON = timedelta(milliseconds=100)
"""So many batches are frozen together at most, and for so long the first of them waits for the
others: one transaction instead of many.
"""


def flush(courier: Courier, route: Route) -> bool:
    """Do all that is due in a channel now. False if another holder is at it, or nothing was due."""
    worked = False
    while _flush_under_lock(courier, route):
        # A wake-up that met our lock is not lost: we look once more after unlocking.
        worked = True
    return worked


def _flush_under_lock(courier: Courier, route: Route) -> bool:
    with courier.store.database.channel_lock(route.name) as held:
        if not held or courier.stopping():
            return False
        followup.settle_stranded(courier, route)
        followup.check_accepted(courier, route)
        followup.ask_in_doubt(courier, route)
        worked = False
        while not courier.stopping():
            if pause := courier.store.pauses.of(route.name):
                _hold(courier, route, pause)
                return worked
            if not _next(courier, route):
                break
            worked = True
        recheck.verify_delivered(courier, route)
        return worked or bool(courier.due(route.channel))


def _next(courier: Courier, route: Route) -> bool:
    """The next piece of work: what is urgent, then what was frozen before, then what is due."""
    now = courier.clock()
    if not courier.store.queue.urgent(route.name, now):
        ready = courier.store.queue.ready(route.name, now)
        if ready:
            _send_all(courier, route, ready)
            return True
    found = courier.due(route.channel)
    due = _left_to_do(courier, route, found)
    urgent = bool(due) and due[0].urgent
    if urgent:
        due = [one for one in due if one.urgent]
    groups = group(due, route.grouping)
    if route.fresh:  # a window shows what stands when it goes out: the next one waits for this one
        groups = groups[:1]
    while groups and not _interrupted(courier, route, urgent=urgent):
        batches, groups = _freeze(courier, route, groups)
        _send_all(courier, route, batches, urgent=urgent)
    return bool(found)


def _left_to_do(courier: Courier, route: Route, found: Sequence[Due]) -> list[Due]:
    """Each with what is left to do; what has nothing left is settled on the way."""
    left: list[Due] = []
    for one in found:
        action = to_do(
            one.action,
            minor=one.minor,
            recall=route.channel.recall,
            out=bool(one.traces),
            addressed=route.channel.addressed,
        )
        if action is None or (action is Action.PUBLISH and not one.named):
            let_go(courier, route, one, "没有发出过，或已随后来的版本改正，不需要再办")
            continue
        traces = () if action is Action.PUBLISH else one.traces
        left.append(replace(one, action=action, traces=traces))
    return left


def _interrupted(courier: Courier, route: Route, *, urgent: bool) -> bool:
    """Whether what goes out now must let something else come first."""
    if courier.stopping():
        return True
    return courier.store.queue.interrupted(route.name, courier.clock(), urgent=urgent)


def _hold(courier: Courier, route: Route, pause: Pause) -> None:
    now = courier.clock()
    times = route.times(Status.HELD, now)
    courier.store.pauses.hold(pause, actor=courier.actor, now=now, times=times)


def _freeze(
    courier: Courier, route: Route, groups: list[tuple[Due, ...]]
) -> tuple[list[Batch], list[tuple[Due, ...]]]:
    """Frozen batches of the first groups, as many as are soon rendered, and the groups left.

    What cannot be rendered is settled on the way.
    """
    now = courier.clock()
    press = Press.of(courier, route, groups[:_AHEAD], now)
    rendered: dict[Parcel, Rendition] = {}
    many = 0
    for together in groups[:_AHEAD]:
        for parcel in address_parcels(courier, route, together):
            rendered |= press.render(parcel)
        many += 1
        if courier.clock() - now >= _SOON:
            break
    if not rendered:
        return [], groups[many:]
    if route.fresh:  # a second part would not show what the first one changes: it is planned again
        rendered = dict([*rendered.items()][:1])
    return courier.store.queue.freeze(route.name, rendered, now, courier.clock()), groups[many:]


def _send_all(
    courier: Courier, route: Route, batches: Sequence[Batch], *, urgent: bool = False
) -> None:
    """Send one after the other. With each outcome the next intent is committed."""
    waiting = list(batches)
    held = _take(courier, route, waiting, urgent=urgent)
    while held:
        started = courier.clock()
        outcome = _call(courier, route, held)
        with courier.store.database.write():
            _settle(courier, route, held, outcome, started)
            held = _take(courier, route, waiting, urgent=urgent)


def _take(courier: Courier, route: Route, waiting: list[Batch], *, urgent: bool) -> Batch | None:
    """The first of these that is ours to send; None if none is, or something else comes first."""
    while waiting:
        if not waiting[0].claim and _interrupted(courier, route, urgent=urgent):
            return None
        batch = waiting.pop(0)
        if claim := batch.claim or courier.store.queue.claim(batch, courier.clock()):
            return batch.claimed(claim)
    return None


def _settle(
    courier: Courier,
    route: Route,
    batch: Batch,
    outcome: Receipt | DeliveryError,
    started: datetime,
) -> None:
    now = courier.clock()
    until = courier.store.queue.until(batch) if isinstance(outcome, DeliveryError) else None
    in_doubt = batch.in_doubt and isinstance(outcome, DeliveryError)
    settlement = route.settle(outcome, tries=batch.tries, now=now, until=until, in_doubt=in_doubt)
    written = courier.store.outcomes.settle(
        batch,
        settlement,
        Try(kind=Kind.SEND, actor=courier.actor, started_at=started, ended_at=now),
        lambda status: route.times(status, now),
        addressed=route.channel.addressed,
        dissolve=route.fresh,
        by_key=in_doubt or (isinstance(outcome, OutcomeUnknown) and not route.channel.repeatable),
    )
    if written and settlement.status is Status.DELIVERED and batch.rendition:
        courier.store.shelves.keep(route.name, batch.rendition.cards)
    log.info(
        "sent", channel=route.name, batch=batch.key, outcome=settlement.status, written=written
    )


def _call(courier: Courier, route: Route, batch: Batch) -> Receipt | DeliveryError:
    """One send, and whatever came of it as an outcome."""
    try:
        rendition = courier.store.queue.rendition(batch)
        recipients = courier.addresses(batch.id) if route.channel.addressed else ()
    except (StoreError, VaultError) as error:
        return TemporaryError(f"还没有发出：{error}", ReasonClass.INTERNAL)
    try:
        return route.channel.send(rendition, batch.key, recipients)
    except DeliveryError as error:
        return error
    except Exception as error:
        log.exception("send_bug", channel=route.name, batch=batch.key)
        return OutcomeUnknown(
            f"程序错误（{type(error).__name__}），不能确定是否已发出", ReasonClass.INTERNAL
        )
