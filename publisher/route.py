"""A route: a channel with the rules by which the core uses it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from publisher.channel import (
    Channel,
    DeliveryError,
    HasLookup,
    HasVerify,
    OutcomeUnknown,
    Receipt,
    Rendition,
    Shelf,
)
from publisher.model import Item, Status
from publisher.planning import Grouping, check_at
from publisher.retry import RetryPolicy
from publisher.settle import Settlement, Times, settle

_NEEDS_A_PERSON = frozenset({Status.AWAITING, Status.FAILED, Status.LOST, Status.UNKNOWN})
_ENDED_BY_MACHINE = frozenset({Status.SENDING, Status.ACCEPTED})
_GRACE = timedelta(minutes=5)
"""What the follow-up itself ends at its deadline: staff hear of it only where it could not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One configured outlet as the core sees it; `title` is its Chinese name for staff."""

    channel: Channel
    title: str
    longest_call: timedelta
    public: bool = True
    grouping: Grouping = field(default_factory=Grouping)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    deadlines: dict[Status, timedelta] = field(default_factory=dict)
    checks: Sequence[timedelta] = (timedelta(minutes=1),)
    verify: Sequence[timedelta] = ()
    recipients_per_batch: int = 1000
    _one_at_a_time: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def render(self, items: Sequence[Item], *shelf: Shelf) -> Rendition:
        """As the channel does it, one call at a time: a worker, the door and a preview may all ask.

        Raises as the channel does.
        """
        with self._one_at_a_time:
            return self.channel.render(items, *shelf)

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def harmless(self) -> bool:
        """A second send of the same batch does no harm."""
        return self.channel.repeatable or self.channel.idempotent

    @property
    def fresh(self) -> bool:
        """A batch that is to be tried again is planned anew: a feed must show what stands now."""
        return self.grouping.kind == "window"

    def deadline(self, status: Status, now: datetime) -> datetime | None:
        """Until when a delivery may stay in this status; None for final ones."""
        limit = self.deadlines.get(status)
        return now + limit if limit else None

    def times(self, status: Status, now: datetime) -> Times:
        """What is to happen, and when, to what has come into this status now.

        What is queued for a set time comes to it then: it is not late before that.
        """
        deadline = self.deadline(status, now)
        return Times(
            check_at=check_at(0, now, self.checks) if self._is_looked_at(status) else None,
            deadline_at=deadline,
            tell_at=self._tell_at(status, now, deadline),
            verify_at=self.look_at(now, now) if status is Status.DELIVERED else None,
        )

    def hung_since(self, now: datetime) -> datetime | None:
        """A call begun before then should have been settled by now, one way or the other."""
        limit = self.deadlines.get(Status.SENDING)
        return now - limit - _GRACE if limit else None

    def look_at(self, delivered_at: datetime, now: datetime) -> datetime | None:
        """When what was delivered then is to be looked at again; None: no more."""
        if not self.verify or not isinstance(self.channel, HasVerify):
            return None
        looks = (delivered_at + wait for wait in self.verify)
        return min((look for look in looks if look > now), default=None)

    def _is_looked_at(self, status: Status) -> bool:
        """Reports of single recipients may yet settle what cannot be asked about."""
        hopeful = status is Status.UNKNOWN and self.channel.addressed
        return hopeful or self._is_asked(status)

    def _is_asked(self, status: Status) -> bool:
        return status is Status.ACCEPTED or (
            status is Status.UNKNOWN and isinstance(self.channel, HasLookup)
        )

    def _tell_at(self, status: Status, now: datetime, deadline: datetime | None) -> datetime | None:
        if status in _NEEDS_A_PERSON and not self._is_asked(status):
            return now
        if status in _ENDED_BY_MACHINE and deadline:
            return deadline + _GRACE
        return deadline

    def settle(
        self,
        outcome: Receipt | DeliveryError,
        *,
        tries: int,
        now: datetime,
        until: datetime | None = None,
        in_doubt: bool = False,
    ) -> Settlement:
        """What a try led to, by the rules of this route (publisher.settle).

        `until`: by when it is to be out. Past that it is tried no more, even where trying costs
        nothing (a quota that never opens). `in_doubt`: an earlier try may have got through, so that
        no failure of this one says that it is not out.
        """
        settled = settle(
            outcome,
            harmless=self.harmless,
            tries=tries,
            retry=self.retry,
            now=now,
            jitter=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        over = settled.status is Status.QUEUED and until is not None and now >= until
        doubtful = in_doubt or isinstance(outcome, OutcomeUnknown)
        if doubtful and (over or settled.status is Status.FAILED):
            reason = f"可能已经发出，不再自动重试：{settled.reason}"
            return replace(settled, status=Status.UNKNOWN, due_at=None, reason=reason)
        if over:
            reason = f"到期仍未发出：{settled.reason}"
            return replace(settled, status=Status.FAILED, due_at=None, reason=reason)
        return settled
