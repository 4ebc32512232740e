"""Deliver: one flush of one channel, under its lock. Nothing here knows which channel it is.

    settle what a dead holder left -> ask about what was accepted -> plan -> render -> freeze
    -> claim (intent committed) -> send -> settle

No transaction spans a call to the outside. Every exception of an adapter ends as an outcome.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from publisher import followup, recheck
from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    Receipt,
    Rendition,
    TemporaryError,
)
from publisher.courier import Courier
from publisher.model import Action, ReasonClass, Status
from publisher.orders import to_do
from publisher.planning import Due, Parcel, address, group
from publisher.route import Route
from publisher.settle import Kind
from publisher.store import StoreError
from publisher.store.history import Try
from publisher.store.pauses import Pause
from publisher.store.queue import Batch
from publisher.vault import VaultError

log = structlog.get_logger(__name__)


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
        if pause := courier.store.pauses.of(route.name):
            _hold(courier, route, pause)
            return False
        worked = False
        while not courier.stopping() and _next(courier, route):
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
    if due and due[0].urgent:
        due = [one for one in due if one.urgent]
    groups = group(due, route.grouping)
    # A window shows what stands when it goes out: the next one waits for this one.
    for place, together in enumerate(groups[:1] if route.fresh else groups):
        if courier.stopping() or (place and _overtaken(courier, route, together)):
            break
        _send_all(courier, route, _freeze(courier, route, together))
    return bool(found)


def _left_to_do(courier: Courier, route: Route, found: Sequence[Due]) -> list[Due]:
    """Each with what is left to do; what has nothing left is settled on the way."""
    left: list[Due] = []
    for one in found:
        recall, out = route.channel.recall, bool(one.traces)
        action = to_do(one.action, minor=one.minor, recall=recall, out=out)
        if action is None:
            _let_go(courier, route, one, "没有发出过，或已随后来的版本改正，不需要再办")
        elif action is one.action:
            left.append(one)
        else:
            left.append(replace(one, action=action, traces=()))
    return left


def _overtaken(courier: Courier, route: Route, together: Sequence[Due]) -> bool:
    """Whether something urgent has come up that these must let go first."""
    if any(one.urgent for one in together):
        return False
    return courier.store.queue.urgent(route.name, courier.clock())


def _hold(courier: Courier, route: Route, pause: Pause) -> None:
    now = courier.clock()
    times = route.times(Status.HELD, now)
    courier.store.pauses.hold(pause, actor=courier.actor, now=now, times=times)


def _freeze(courier: Courier, route: Route, together: tuple[Due, ...]) -> list[Batch]:
    """Frozen batches of these deliveries; what cannot be rendered is settled on the way."""
    now = courier.clock()
    rendered: dict[Parcel, Rendition] = {}
    for parcel in _address(courier, route, together):
        rendered |= _render(courier, route, parcel, now)
    if not rendered:
        return []
    return courier.store.queue.freeze(route.name, rendered, now, courier.clock())


def _send_all(courier: Courier, route: Route, batches: Sequence[Batch]) -> None:
    for place, batch in enumerate(batches):
        if not batch.claim and (
            courier.stopping()
            or (place and courier.store.queue.urgent(route.name, courier.clock()))
        ):
            break
        _send(courier, route, batch)


def _address(courier: Courier, route: Route, together: tuple[Due, ...]) -> list[Parcel]:
    if not route.channel.addressed:
        return [Parcel(together)]
    news = tuple(one for one in together if one.action is Action.PUBLISH)
    parcels = _to_all_who_want(courier, route, news) if news else []
    for one in together:
        if one.action is not Action.PUBLISH:
            parcels += _to_those_who_got_it(courier, route, one)
    wanted = {one.id for parcel in parcels for one in parcel.deliveries}
    for one in together:
        if one.id not in wanted:
            _let_go(courier, route, one, "没有订户要收到这一条")
    return parcels


def _to_all_who_want(courier: Courier, route: Route, news: tuple[Due, ...]) -> list[Parcel]:
    subscriptions = courier.store.subscribers.wanting(news)
    return address(news, subscriptions, route.recipients_per_batch)


def _to_those_who_got_it(courier: Courier, route: Route, one: Due) -> list[Parcel]:
    """What happened to the first text, to those who got it; and the corrected text as news to the
    rest, where the first was stopped before it had reached everybody.
    """
    reached = courier.store.subscribers.reached(one, route.name)
    parcels = address([one], reached, route.recipients_per_batch)
    if one.action is Action.CORRECT and courier.store.subscribers.owed(one, route.name):
        news = replace(one, action=Action.PUBLISH, traces=())
        told = {each.subscriber for each in reached}
        rest = [
            each
            for each in courier.store.subscribers.wanting([news])
            if each.subscriber not in told
        ]
        parcels += address([news], rest, route.recipients_per_batch)
    return parcels


def _let_go(courier: Courier, route: Route, one: Due, reason: str) -> None:
    """Nothing is left to do for this delivery."""
    now = courier.clock()
    done = Try(kind=Kind.RENDER, actor=courier.actor, started_at=now, ended_at=now)
    courier.store.outcomes.unwanted(one, reason, done, lambda status: route.times(status, now))


def _render(
    courier: Courier, route: Route, parcel: Parcel, now: datetime
) -> dict[Parcel, Rendition]:
    """The parcel with its rendition; where one item spoils it, the others go without that one."""
    try:
        return {parcel: _rendition(courier, route, parcel.deliveries, now)}
    except DeliveryError as error:
        if len(parcel.deliveries) == 1:
            _give_up(courier, route, parcel.deliveries[0], error, now)
            return {}
    sound = tuple(one for one in parcel.deliveries if _is_sound(courier, route, one, now))
    if not sound:
        return {}
    if sound == parcel.deliveries:  # each alone is sound: they are too many together
        half = len(sound) // 2
        first = _render(courier, route, Parcel(sound[:half], parcel.recipients), now)
        return first | _render(courier, route, Parcel(sound[half:], parcel.recipients), now)
    return _render(courier, route, Parcel(sound, parcel.recipients), now)


def _is_sound(courier: Courier, route: Route, one: Due, now: datetime) -> bool:
    try:
        _rendition(courier, route, (one,), now)
    except DeliveryError as error:
        _give_up(courier, route, one, error, now)
        return False
    return True


def _rendition(
    courier: Courier, route: Route, deliveries: Sequence[Due], now: datetime
) -> Rendition:
    items = courier.store.queue.load(deliveries, now)
    recent = (
        courier.store.items.recent(
            route.name, route.grouping.recent, [item.id for item in items], now
        )
        if route.grouping.kind == "window"
        else ()
    )
    try:
        return route.channel.render(items, recent)
    except DeliveryError:
        raise
    except Exception as error:
        log.exception("render_bug", channel=route.name, items=[item.id for item in items])
        raise PermanentError(
            f"程序错误（{type(error).__name__}），请联系技术人员", ReasonClass.INTERNAL
        ) from error


def _give_up(
    courier: Courier, route: Route, one: Due, error: DeliveryError, started: datetime
) -> None:
    now = courier.clock()
    done = Try(kind=Kind.RENDER, actor=courier.actor, started_at=started, ended_at=now)
    settlement = route.settle(error, tries=one.tries, now=now)
    times = route.times(settlement.status, now)
    courier.store.outcomes.unrendered(one, settlement, done, times)
    log.warning("not_rendered", channel=route.name, item=one.item_id, outcome=settlement.status)


def _send(courier: Courier, route: Route, batch: Batch) -> None:
    started = courier.clock()
    claim = batch.claim or courier.store.queue.claim(batch, started)
    if claim is None:
        return
    held = batch.claimed(claim)
    outcome = _call(courier, route, held)
    now = courier.clock()
    settlement = route.settle(outcome, tries=batch.tries, now=now, since=batch.frozen_at)
    written = courier.store.outcomes.settle(
        held,
        settlement,
        Try(kind=Kind.SEND, actor=courier.actor, started_at=started, ended_at=now),
        lambda status: route.times(status, now),
        dissolve=route.fresh and settlement.status is Status.QUEUED,
    )
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
