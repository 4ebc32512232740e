"""A timer: one thing done now, and again each time an interval has passed.

It waits by the monotonic clock: setting the clock of the machine neither stops nor hurries it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from publisher.runners.caught import Caught
from publisher.runners.causes import Causes


class Timer:
    def __init__(
        self, name: str, turn: Callable[[], object], every: timedelta, causes: Causes | None = None
    ) -> None:
        self._name = name
        self._turn = turn
        self._every = every.total_seconds()
        self._caught = Caught("turn_failed", causes)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def begin_no_more(self) -> None:
        self._stopping.set()

    def stop(self, timeout: float | None = None) -> bool:
        """Begin nothing new, wait for the turn under way; False if it is still not back."""
        self.begin_no_more()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self.alive

    def turn(self) -> bool:
        """Do it once, now; False if something was raised."""
        with self._caught(timer=self._name):
            self._turn()
            return True
        return False  # whatever it was, the next turn may do better

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.turn()
            self._stopping.wait(self._every)


@contextmanager
def running(timer: Timer, *, end: Callable[[], None] = lambda: None) -> Iterator[None]:
    """A timer beside whatever else is done; it ends with that. `end` hurries a turn under way."""
    timer.start()
    try:
        yield
    finally:
        timer.begin_no_more()
        end()
