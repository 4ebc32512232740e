"""When to try again. Pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off from `base` to `ceiling`, at most `attempts` tries in all."""

    attempts: int = 8
    base: timedelta = timedelta(seconds=5)
    ceiling: timedelta = timedelta(minutes=15)

    def next_try(
        self, tries: int, now: datetime, *, jitter: float, retry_after: timedelta | None = None
    ) -> datetime | None:
        """When to try again after `tries` tries; None when they are used up.

        `jitter` in [0, 1) spreads the wait over its upper half, so that what failed together does
        not come back together. What the other side asked for (`retry_after`) is never undercut.
        """
        if tries >= self.attempts:
            return None
        return now + self.wait(tries, jitter=jitter, retry_after=retry_after)

    def wait(self, tries: int, *, jitter: float, retry_after: timedelta | None = None) -> timedelta:
        doubled = self.base * (1 << min(max(tries, 1) - 1, 30))
        spread = min(doubled, self.ceiling) * (0.5 + jitter / 2)
        return max(spread, retry_after or timedelta(0))
