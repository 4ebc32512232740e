"""What a try leads to, and how a delivery stands when its batches do. Pure.

The whole retry rule of the product is `settle`: certain and passing -> again later; certain and
lasting -> failed; uncertain -> again only where a second send does no harm, else unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    Receipt,
    TemporaryError,
)
from publisher.model import ReasonClass, Status
from publisher.retry import RetryPolicy


class Kind(StrEnum):
    """What an attempt was."""

    RENDER = "render"
    SEND = "send"
    CHECK = "check"
    SETTLE = "settle"
    VERIFY = "verify"
    ORDER = "order"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a batch stands after a try. `due_at` is set when it is to be tried again."""

    status: Status
    tries: int = 0
    due_at: datetime | None = None
    reference: str = ""
    url: str = ""
    urls: tuple[str, ...] = ()
    reason: str = ""
    reason_class: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When to ask again, until when the new status may last, when staff are to be told that it
    needs them, when to look again at what is delivered.
    """

    check_at: datetime | None = None
    deadline_at: datetime | None = None
    tell_at: datetime | None = None
    verify_at: datetime | None = None


TimesOf = Callable[[Status], Times]
"""The times that go with a status that something comes to now."""


def settle(
    outcome: Receipt | DeliveryError,
    *,
    harmless: bool,
    tries: int,
    retry: RetryPolicy,
    now: datetime,
    jitter: float,
) -> Settlement:
    """Where a batch goes after one more try, `tries` having gone before.

    `harmless`: sending it once more does no harm (repeatable channel, or idempotency key).
    A quota that is used up does not count as a try: it says nothing about the delivery.
    """
    if isinstance(outcome, Receipt):
        return _of_receipt(outcome, tries + 1)
    if isinstance(outcome, OutcomeUnknown) and not harmless:
        return _of_error(outcome, Status.UNKNOWN, tries + 1)
    if isinstance(outcome, PermanentError):
        return _of_error(outcome, Status.FAILED, tries + 1)
    retry_after = outcome.retry_after if isinstance(outcome, TemporaryError) else None
    if outcome.kind is ReasonClass.QUOTA:
        wait = retry.wait(tries + 1, jitter=jitter, retry_after=retry_after or retry.ceiling)
        return _of_error(outcome, Status.QUEUED, tries, now + wait)
    due_at = retry.next_try(tries + 1, now, jitter=jitter, retry_after=retry_after)
    used_up = Status.UNKNOWN if isinstance(outcome, OutcomeUnknown) else Status.FAILED
    return _of_error(outcome, Status.QUEUED if due_at else used_up, tries + 1, due_at)


_PRECEDENCE = (
    Status.SENDING,
    Status.QUEUED,
    Status.UNKNOWN,
    Status.ACCEPTED,
    Status.AWAITING,
    Status.FAILED,
    Status.LOST,
    Status.DELIVERED,
)


def combine(statuses: Sequence[Status]) -> Status:
    """How a delivery stands that went out in several batches: what is open first, then the worst.

    Raises ValueError for no batches at all, or for a status that a batch cannot have.
    """
    return min(statuses, key=_PRECEDENCE.index)


def tell_counts(counts: Mapping[Status, int]) -> str:
    """How many recipients stand where, for staff: 送达 98 人，失败 2 人."""
    words = (
        (Status.DELIVERED, "送达"),
        (Status.FAILED, "失败"),
        (Status.UNKNOWN, "不明"),
        (Status.ACCEPTED, "无回执"),
    )
    return "，".join(f"{word} {counts[status]} 人" for status, word in words if counts.get(status))


def _of_receipt(receipt: Receipt, tries: int) -> Settlement:
    return Settlement(
        status=receipt.status,
        tries=tries,
        reference=receipt.reference,
        url=receipt.url,
        urls=receipt.urls,
        reason=receipt.reason,
        reason_class=ReasonClass.PROVIDER if receipt.status is Status.FAILED else "",
        raw=receipt.raw,
    )


def _of_error(
    error: DeliveryError, status: Status, tries: int, due_at: datetime | None = None
) -> Settlement:
    return Settlement(
        status=status,
        tries=tries,
        due_at=due_at,
        reason=error.reason,
        reason_class=error.kind,
        raw=error.raw,
    )
