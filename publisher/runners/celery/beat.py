"""The beat: it sweeps, which wakes the channels that have work, and tends deadlines and alerts.

Two of them on two machines do no harm: a channel woken twice looks twice. Where the broker is away,
the beat tends all the same, so staff are told.
"""

from collections.abc import Callable, Collection
from datetime import timedelta

from publisher.runners.causes import Causes
from publisher.runners.celery.broker import Broker
from publisher.runners.timer import Timer


class Beat:
    """`due` says which channels have work now. Tending may be slow: it has a thread of its own."""

    def __init__(
        self,
        broker: Broker,
        due: Callable[[], Collection[str]],
        tend: Callable[[], object],
        *,
        every: timedelta,
        causes: Causes | None = None,
    ) -> None:
        self._broker = broker
        self._stopping = False
        self._due = due
        self._timers = (
            Timer("sweep", self._sweep, every, causes),
            Timer("tend", tend, every, causes),
        )

    @property
    def stopping(self) -> bool:
        return self._stopping

    @property
    def alive(self) -> bool:
        return all(timer.alive for timer in self._timers)

    def start(self) -> None:
        for timer in self._timers:
            timer.start()

    def stop(self, timeout: float | None = None) -> bool:
        self._stopping = True
        for timer in self._timers:
            timer.begin_no_more()
        ended = [timer.stop(timeout) for timer in self._timers]
        return all(ended)

    def _sweep(self) -> None:
        if channels := self._due():
            self._broker.wake(channels)
