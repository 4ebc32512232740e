"""Recheck: is what was delivered still what stands? Looked at with the channel's own eyes."""

import structlog

from publisher.channel import DeliveryError, HasVerify
from publisher.courier import Courier
from publisher.model import Item, ReasonClass, Status, Trace
from publisher.planning import check_at
from publisher.route import Route
from publisher.settle import Kind, Settlement
from publisher.store.history import Try
from publisher.store.looking import Look

log = structlog.get_logger(__name__)

_AT_ONCE = 20


def verify_delivered(courier: Courier, route: Route) -> None:
    """Look again at what is delivered and whose time has come; what is gone or altered is lost.

    Called under the channel's lock when nothing is left to send: sending comes first, so it ends
    when something falls due, and after `_AT_ONCE`. What cannot be looked at says that the others
    cannot either: one such look ends the round.
    """
    if not isinstance(route.channel, HasVerify):
        return
    for look in courier.store.looking.due(route.name, courier.clock(), _AT_ONCE):
        if courier.stopping() or courier.due(route.channel):
            return
        if not _look(courier, route, route.channel, look):
            return


def _look(courier: Courier, route: Route, channel: HasVerify, look: Look) -> bool:
    """One look, and what came of it; False if nothing could be seen."""
    started = courier.clock()
    found = courier.store.looking.standing(look.id, started)
    verdict = _verdict(route, channel, look, found) if found else None
    now = courier.clock()
    if found is None or verdict is None:
        courier.store.looking.not_seen(look, check_at(look.in_vain, now, route.checks))
        return False
    done = Try(kind=Kind.VERIFY, actor=courier.actor, started_at=started, ended_at=now)
    if verdict:
        _lose(courier, route, look, verdict, done)
    else:
        next_time = route.look_at(look.delivered_at, now)
        courier.store.looking.seen(look, found[1], done, next_time)
    return True


def _verdict(route: Route, channel: HasVerify, look: Look, found: tuple[Item, Trace]) -> str | None:
    """What the channel says: "" it stands, a sentence why it does not, None if it cannot say."""
    try:
        return channel.verify(*found)
    except DeliveryError as error:
        log.warning("verify_failed", channel=route.name, delivery=look.id, reason=error.reason)
    except Exception:
        log.exception("verify_bug", channel=route.name, delivery=look.id)
    return None


def _lose(courier: Courier, route: Route, look: Look, why: str, done: Try) -> None:
    lost = Settlement(status=Status.LOST, reason=why, reason_class=ReasonClass.PROVIDER)
    courier.store.looking.lost(look, lost, done, route.times(Status.LOST, done.ended_at))
    log.warning("lost", channel=route.name, delivery=look.id)
