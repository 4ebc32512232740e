"""Deliver: one flush of one channel, under its lock. Nothing here knows which channel it is.

    settle what a dead holder left -> ask about what was accepted -> plan -> render -> freeze
    -> claim (intent committed) -> send -> settle

No transaction spans a call to the outside. Every exception of an adapter ends as an outcome.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog

from publisher import followup
from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    Receipt,
    Rendition,
    TemporaryError,
)
from publisher.courier import Courier
from publisher.model import ReasonClass, Status
from publisher.planning import Due, Parcel, address, check_at, group
from publisher.route import Route
from publisher.settle import Kind
from publisher.store import StoreError
from publisher.store.history import Try
from publisher.store.outcomes import Times
from publisher.store.queue import Batch
from publisher.vault import VaultError

log = structlog.get_logger(__name__)


def flush(courier: Courier, route: Route) -> bool:
    """Do all that is due in a channel now. False if another holder is at it, or nothing was due."""
    with courier.store.database.channel_lock(route.name) as held:
        if not held:
            return False
        followup.settle_stranded(courier, route)
        followup.check_accepted(courier, route)
        followup.ask_in_doubt(courier, route)
        ready = courier.store.queue.ready(route.name, courier.clock())
        _send_all(courier, route, ready)
        worked = bool(ready)
        while not courier.stopping() and (due := courier.due(route.name)):
            groups = group(due, route.grouping)
            # A window shows what stands when it goes out: the next one waits for this one.
            for together in groups[:1] if route.fresh else groups:
                if courier.stopping():
                    break
                _send_all(courier, route, _freeze(courier, route, together))
            worked = True
        return worked


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
    for batch in batches:
        if courier.stopping() and not batch.claim:
            break
        _send(courier, route, batch)


def _address(courier: Courier, route: Route, together: tuple[Due, ...]) -> list[Parcel]:
    if not route.channel.addressed:
        return [Parcel(together)]
    subscriptions = courier.store.subscribers.wanting(together)
    parcels = address(together, subscriptions, route.recipients_per_batch)
    wanted = {one.id for parcel in parcels for one in parcel.deliveries}
    now = courier.clock()
    for one in together:
        if one.id not in wanted:
            done = Try(kind=Kind.RENDER, actor=courier.actor, started_at=now, ended_at=now)
            courier.store.outcomes.unwanted(one, "没有订户订阅该信息的领域或主题", done)
    return parcels


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
    courier.store.outcomes.unrendered(one, settlement, done)
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
        Times(
            check_at=check_at(0, now, route.checks),
            deadline_at=route.deadline(settlement.status, now),
        ),
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
