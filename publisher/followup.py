"""Follow up: what a dead holder left, and how what was accepted ended."""

from dataclasses import replace
from datetime import datetime

import structlog

from publisher.channel import DeliveryError, HasLookup, OutcomeUnknown, Receipt, TemporaryError
from publisher.courier import Courier
from publisher.model import ARROWS, ReasonClass, Status
from publisher.planning import check_at
from publisher.route import Route
from publisher.settle import Kind, Settlement, tell_counts
from publisher.store.history import Try
from publisher.store.queue import Batch
from publisher.store.recipients import Tally

log = structlog.get_logger(__name__)


def settle_stranded(courier: Courier, route: Route) -> None:
    """Settle every batch that was in somebody's hands when its holder died.

    It may be out. A look-up by its key decides; without one, it is an unknown outcome like any
    other. What may go again goes before anything newer, with the bytes it was frozen with; but a
    window shows what stands when it goes out, and is made anew.
    """
    for batch in courier.store.queue.stranded(route.name):
        started = courier.clock()
        if _may_still_be_calling(courier, route, batch, started):
            continue
        outcome = _lookup(route, batch) or _given_up(route, batch, started)
        if outcome is None:
            continue
        settlement = route.settle(outcome, tries=batch.tries, now=started)
        if settlement.due_at:
            settlement = replace(settlement, due_at=started)
        by_key = isinstance(outcome, OutcomeUnknown) and not route.channel.repeatable
        _write(courier, route, batch, settlement, Kind.SETTLE, started, by_key=by_key)


def check_accepted(courier: Courier, route: Route) -> None:
    """Ask about every accepted batch whose time has come."""
    for batch in courier.store.queue.unfinished(route.name, courier.clock()):
        if courier.stopping():
            return
        started = courier.clock()
        answer = _ask(route, batch)
        if route.channel.addressed:
            _take_reports(courier, route, answer)
            settlement = _of_tally(batch, courier.store.recipients.tally(batch))
        else:
            settlement = _ended(batch, answer)
        now = courier.clock()
        if settlement is None and batch.deadline_at and batch.deadline_at <= now:
            settlement = _overdue(courier, route, batch)
        if settlement is None:
            next_time = check_at(batch.checks + 1, now, route.checks)
            # The deadline is a time to look at it too, however far away the next question is.
            courier.store.outcomes.asked(batch, min(next_time, batch.deadline_at or next_time))
        else:
            _write(courier, route, batch, settlement, Kind.CHECK, started)


def ask_in_doubt(courier: Courier, route: Route) -> None:
    """Look again at what is unknown, where something can be learnt: it may have settled since."""
    for batch in courier.store.queue.doubtful(route.name, courier.clock()):
        if courier.stopping():
            return
        if isinstance(route.channel, HasLookup):
            look_again(courier, route, batch)
        else:
            _look_for_reports(courier, route, batch)


def _look_for_reports(courier: Courier, route: Route, batch: Batch) -> None:
    """What its recipients' phones say of a batch in doubt. Where its name never reached us, reports
    that can only be its own bring it.
    """
    started = courier.clock()
    _take_reports(courier, route, _ask(route, batch))
    found = courier.store.recipients
    settlement: Settlement | None = None
    if batch.reference:
        tally = found.tally(batch)
        settlement = None if tally.counts.get(Status.UNKNOWN) else _of_tally(batch, tally)
    elif reference := found.adoptable(route.name).get(batch.id):
        settlement = Settlement(
            status=Status.ACCEPTED,
            tries=batch.tries,
            reference=reference,
            reason="收到这一批收件人的回执，据此确认对方已受理",
        )
    if settlement is None:
        next_time = check_at(batch.checks + 1, started, route.checks)
        courier.store.outcomes.asked(batch, next_time)
        return
    _write(courier, route, batch, settlement, Kind.CHECK, started)
    found.report(route.name, [], courier.clock())


def look_again(courier: Courier, route: Route, batch: Batch) -> None:
    """Settle one unknown batch by a look-up, or leave it unknown until the next one."""
    started = courier.clock()
    outcome = _lookup(route, batch)
    if outcome is None or isinstance(outcome, OutcomeUnknown):
        next_time = check_at(batch.checks + 1, started, route.checks)
        courier.store.outcomes.asked(batch, next_time)
        return
    settlement = route.settle(outcome, tries=batch.tries, now=started)
    if settlement.due_at:
        settlement = replace(settlement, due_at=started)
    _write(courier, route, batch, settlement, Kind.CHECK, started)


def _lookup(route: Route, batch: Batch) -> Receipt | DeliveryError | None:
    """What became of a batch, as far as the channel can say; None: ask again later."""
    if not isinstance(route.channel, HasLookup):
        return OutcomeUnknown(
            "发送中途程序中断，可能已经发出；请核实后确认已发，或确认未发并重发",
            ReasonClass.INTERNAL,
        )
    try:
        found = route.channel.lookup(batch.key)
    except TemporaryError as error:
        log.warning("lookup_failed", channel=route.name, batch=batch.key, reason=error.reason)
        return None
    except DeliveryError as error:
        return OutcomeUnknown(error.reason, error.kind, error.raw)
    except Exception:
        log.exception("lookup_bug", channel=route.name, batch=batch.key)
        return OutcomeUnknown("程序中断后查询又出错，请核实是否已发出", ReasonClass.INTERNAL)
    return found or TemporaryError(
        "发送中途程序中断，经查询确认未发出，重新发送", ReasonClass.INTERNAL
    )


def _may_still_be_calling(courier: Courier, route: Route, batch: Batch, now: datetime) -> bool:
    """Whether the one who lost the lock may be alive, cut off from the database in mid-call.

    Deciding before that call is over would be deciding too early: what it has not done yet, it
    may do the next moment.
    """
    if courier.store.database.lock_dies_with_process or batch.intent_at is None:
        return False
    return now < batch.intent_at + route.longest_call


def _given_up(route: Route, batch: Batch, now: datetime) -> OutcomeUnknown | None:
    """Past the deadline for sending, what cannot be looked up is in doubt; None before that."""
    deadline = route.deadline(Status.SENDING, batch.intent_at) if batch.intent_at else None
    if deadline is None or now < deadline:
        return None
    return OutcomeUnknown(
        "发送中途程序中断，一直查询不到结果；请核实后确认已发，或确认未发并重发",
        ReasonClass.PROVIDER,
    )


def _ask(route: Route, batch: Batch) -> Receipt | None:
    """What the other side says now; None if it cannot be asked."""
    try:
        return route.channel.check(batch.receipt)
    except DeliveryError as error:
        log.warning("check_failed", channel=route.name, batch=batch.key, reason=error.reason)
        return None
    except Exception:
        log.exception("check_bug", channel=route.name, batch=batch.key)
        return None


def _ended(batch: Batch, answer: Receipt | None) -> Settlement | None:
    if answer is None or answer.status is batch.status:
        return None
    if answer.status not in ARROWS[batch.status]:
        log.error("check_bug", batch=batch.key, answered=answer.status)
        return None
    return Settlement(
        status=answer.status,
        tries=batch.tries,
        reference=answer.reference,
        url=answer.url,
        urls=answer.urls,
        reason=answer.reason,
        reason_class=ReasonClass.PROVIDER if answer.status is Status.FAILED else "",
        raw=answer.raw,
    )


def _take_reports(courier: Courier, route: Route, answer: Receipt | None) -> None:
    """Write the reports that came, whichever batch they concern."""
    if answer is None or not answer.reports:
        return
    reports = [
        (one.reference, courier.index(one.address), one.status, one.code) for one in answer.reports
    ]
    strangers = courier.store.recipients.report(route.name, reports, courier.clock())
    if strangers:
        log.warning("reports_without_recipient", channel=route.name, many=strangers)


def _of_tally(batch: Batch, tally: Tally, *, overdue: bool = False) -> Settlement | None:
    """How a batch ends by what became of its recipients; None while some are still open."""
    if tally.open and not overdue:
        return None
    out = bool(tally.counts.get(Status.DELIVERED))
    return Settlement(
        status=Status.DELIVERED if out else Status.FAILED,
        tries=batch.tries,
        reason=tell_counts(tally.counts),
        reason_class="" if out else ReasonClass.ADDRESS,
    )


def _overdue(courier: Courier, route: Route, batch: Batch) -> Settlement:
    """Past the deadline: some reports never come; without any, nobody knows."""
    if route.channel.addressed:
        tally = courier.store.recipients.tally(batch)
        ended = _of_tally(batch, tally, overdue=True)
        if ended and tally.counts.get(Status.DELIVERED):
            return ended
    return Settlement(
        status=Status.UNKNOWN,
        tries=batch.tries,
        reason="对方已受理，但在期限内没有给出结果；请核实后确认已发，或确认未发并重发",
        reason_class=ReasonClass.PROVIDER,
    )


def _write(
    courier: Courier,
    route: Route,
    batch: Batch,
    settlement: Settlement,
    kind: Kind,
    started: datetime,
    *,
    by_key: bool = False,
) -> None:
    now = courier.clock()
    courier.store.outcomes.settle(
        batch,
        settlement,
        Try(kind=kind, actor=courier.actor, started_at=started, ended_at=now),
        lambda status: route.times(status, now),
        addressed=route.channel.addressed,
        dissolve=route.fresh,
        by_key=by_key,
    )
    log.info("settled", channel=route.name, batch=batch.key, kind=kind, outcome=settlement.status)
