"""A route: a channel with the rules by which the core uses it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from publisher.channel import Channel, DeliveryError, Receipt
from publisher.model import Status
from publisher.planning import Grouping
from publisher.retry import RetryPolicy
from publisher.settle import Settlement, settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One configured outlet as the core sees it; `title` is its Chinese name for staff."""

    channel: Channel
    title: str
    public: bool = True
    grouping: Grouping = field(default_factory=Grouping)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    deadlines: dict[Status, timedelta] = field(default_factory=dict)
    checks: Sequence[timedelta] = (timedelta(minutes=1),)
    recipients_per_batch: int = 1000

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

    def settle(
        self,
        outcome: Receipt | DeliveryError,
        *,
        tries: int,
        now: datetime,
        since: datetime | None = None,
    ) -> Settlement:
        """What a try led to, by the rules of this route (publisher.settle).

        `since`: when it was first to go out. Past the deadline for that it is tried no more, even
        where trying costs nothing (a quota that never opens).
        """
        settled = settle(
            outcome,
            harmless=self.harmless,
            tries=tries,
            retry=self.retry,
            now=now,
            jitter=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        limit = self.deadlines.get(Status.QUEUED)
        if settled.status is Status.QUEUED and since and limit and now >= since + limit:
            return replace(
                settled, status=Status.FAILED, due_at=None, reason=f"到期仍未发出：{settled.reason}"
            )
        return settled
