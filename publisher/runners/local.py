"""The local runner: one thread a channel in this process, woken at submit, swept on a timer.

One channel can never block another. A wake-up that gets lost costs one sweep and nothing else.
One more thread tends what time does by itself: deadlines, alerts, looking again.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta

from publisher.runners.caught import Caught
from publisher.runners.causes import Causes
from publisher.runners.timer import Timer


class LocalRunner:
    """Runs `flush(channel)` for every channel; `first` wakes the others when it has done work."""

    def __init__(
        self,
        flush: Callable[[str], bool],
        channels: Iterable[str],
        *,
        sweep: timedelta,
        first: str = "",
        tend: Callable[[], object] | None = None,
        causes: Causes | None = None,
    ) -> None:
        self._flush = flush
        self._sweep = sweep.total_seconds()
        self._first = first
        self._stopping = threading.Event()
        self._caught = Caught("flush_failed", causes)
        self._events = {name: threading.Event() for name in channels}
        self._threads = [
            threading.Thread(target=self._serve, args=(name,), name=f"channel-{name}")
            for name in self._events
        ]
        self._timers = [Timer("tend", tend, sweep, causes)] if tend else []

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    @property
    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        for timer in self._timers:
            timer.start()

    def wake(self, *channels: str) -> None:
        """Look now: at the channels named, or at all."""
        for name in channels or self._events:
            self._events[name].set()

    def stop(self, timeout: float | None = None) -> bool:
        """Begin nothing new, wait for calls under way; False if one is still not back."""
        self.begin_no_more()
        for thread in self._threads:
            thread.join(timeout)
        return all([not self.alive, *(timer.stop(timeout) for timer in self._timers)])

    def begin_no_more(self) -> None:
        """Begin nothing new, and do not wait: what is under way ends by itself."""
        self._stopping.set()
        for timer in self._timers:
            timer.begin_no_more()
        self.wake()

    def run_once(self) -> bool:
        """Flush every channel once, the first one first, the others side by side; then tend.

        False if something was raised in one of them.
        """
        failed: list[str] = []
        if self._first in self._events:
            self._try(self._first, failed)
        rest = [
            threading.Thread(target=self._try, args=(name, failed), name=f"channel-{name}")
            for name in self._events
            if name != self._first
        ]
        for thread in rest:
            thread.start()
        for thread in rest:
            thread.join()
        tended = [timer.turn() for timer in self._timers if not self.stopping]
        return not failed and all(tended)

    def _serve(self, channel: str) -> None:
        event = self._events[channel]
        while not self._stopping.is_set():
            event.clear()
            if self._try(channel) and channel == self._first:
                self.wake(*(name for name in self._events if name != channel))
            event.wait(self._sweep)

    def _try(self, channel: str, failed: list[str] | None = None) -> bool:
        """One flush; whatever goes wrong is this channel's alone and is tried again."""
        if self.stopping:
            return False
        with self._caught(channel=channel):
            return self._flush(channel)
        if failed is not None:
            failed.append(channel)
        return False
