"""Serving: whoever is due is called, each by itself, until nothing is due.

A transaction before each call says what goes out and under which key, one after it what became of
it; none spans the call.
"""

import random
import secrets
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from publisher.courier import Clock
from publisher.retry import RetryPolicy
from publisher.store import Store
from publisher.store.calls import Letter
from publisher.webhooks.calling import Caller, Made

log = structlog.get_logger(__name__)

LOCK = "webhooks"
_RETRY = RetryPolicy(base=timedelta(seconds=5), ceiling=timedelta(minutes=15))
_MOST = 100
"""Changes in one call."""
_AT_ONCE = 16


@dataclass(slots=True, kw_only=True)
class Serving:
    """`look`: how often, while some are being called, the others are looked at."""

    store: Store
    caller: Caller
    clock: Clock
    look: timedelta
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)

    def round(self) -> bool:
        """Call whoever is due until nobody is; any number of processes may ask for it. False if
        another is at it.
        """
        with self.store.database.channel_lock(LOCK) as held:
            if held:
                self._serve()
            return held

    def begin_no_more(self) -> None:
        """Begin no call from now on; those under way come to their end, which is bounded."""
        self._stopping.set()

    def _serve(self) -> None:
        under_way: dict[Future[Made], Letter] = {}
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix=LOCK) as pool:
            while True:
                for letter in self._letters({one.webhook_id for one in under_way.values()}):
                    under_way[pool.submit(self.caller.deliver, letter)] = letter
                if not under_way:
                    return
                pause = self.look.total_seconds()
                for done in wait(under_way, pause, return_when=FIRST_COMPLETED).done:
                    self._settle(under_way.pop(done), done)

    def _letters(self, busy: set[int]) -> list[Letter]:
        """What may go out now, to those who are not being called."""
        if self._stopping.is_set():
            return []
        now = self.clock()
        free = (one for one in self.store.calls.due(now) if one not in busy)
        found = [self.store.calls.take_up(one, secrets.token_hex(16), _MOST, now) for one in free]
        return [letter for letter in found if letter]

    def _settle(self, letter: Letter, done: Future[Made]) -> None:
        made = done.result()
        calls = self.store.calls
        if not made.call.reason:
            calls.taken(letter, made.call)
            return
        log.warning("webhook_failed", webhook=letter.name, reason=made.call.reason)
        if made.gone:
            calls.gone(letter, made.call)
            return
        jitter = random.random()  # noqa: S311 - spreads load, guards nothing
        pause = _RETRY.wait(letter.failures + 1, jitter=jitter, retry_after=made.wait)
        calls.refused(letter, made.call, self.clock() + pause)
