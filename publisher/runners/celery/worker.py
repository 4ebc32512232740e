"""A Celery worker inside this process: it listens to the queues of its channels and flushes.

Its pool is threads. The rows are the truth, so a worker's death costs nothing that a process a
flush would save; the slow part of a flush is the other side, or Typst, which has a process of its
own; and a fork after Typst has compiled would hang. Each channel keeps at most one thread for long
(a second flush meets the channel's lock and returns), so one more than channels is always enough.
"""

import logging
import threading
from collections.abc import Callable, Collection

import structlog
from celery.worker import state

from publisher.runners.caught import Caught
from publisher.runners.causes import Causes
from publisher.runners.celery.broker import FLUSH, Broker, queue_of

log = structlog.get_logger(__name__)

_LOOK = 0.5


class CeleryRunner:
    """Serves the channels named; after the first one did work, wakes all the `others`."""

    def __init__(
        self,
        broker: Broker,
        flush: Callable[[str], bool],
        channels: Collection[str],
        *,
        first: str = "",
        others: Collection[str] = (),
        causes: Causes | None = None,
    ) -> None:
        self._broker = broker
        self._flush = flush
        self._channels = channels
        self._first = first
        self._others = [name for name in others if name != first]
        self._stopping = threading.Event()
        self._caught = Caught("flush_failed", causes)
        self._thread = threading.Thread(target=self._serve, name="celery")
        broker.app.conf.task_queues = [queue_of(name) for name in channels]
        broker.app.task(self._look, name=FLUSH)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def wake(self, *channels: str) -> None:
        self._broker.wake(channels or self._others)

    def stop(self, timeout: float | None = None) -> bool:
        self._stopping.set()
        if not self.alive:
            return True
        state.should_stop = 0  # a warm shutdown: take no more, let what runs end
        self._thread.join(timeout)
        return not self.alive

    def _serve(self) -> None:
        _log_with_structlog(self._broker.cut_off)
        # Not Celery's command-line worker, which would take over our signals, log and screen.
        worker = self._broker.app.WorkController(
            pool="threads",
            concurrency=len(self._channels) + 1,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        # Its loop sleeps until its next timer; this one lets it notice soon that it is to stop.
        worker.timer.call_repeatedly(_LOOK, lambda: None)
        worker.start()
        state.should_stop = None
        if not self.stopping:
            log.error("worker_ended", reason=self._broker.problem() or "程序错误，请看上面的日志")

    def _look(self, channel: str) -> None:
        """One flush; whatever goes wrong is this channel's alone and is tried again."""
        if self.stopping:
            return
        with self._caught(channel=channel):
            if self._flush(channel) and channel == self._first:
                self.wake(*self._others)


class ToStructlog(logging.Handler):
    """What Celery has to say, as one line in our log like any other.

    A connection that was `cut_off` is said in a sentence, which needs no traceback.
    """

    def __init__(self, cut_off: tuple[type[BaseException], ...]) -> None:
        super().__init__(logging.WARNING)
        self._cut_off = cut_off

    def emit(self, record: logging.LogRecord) -> None:
        said = " ".join(record.getMessage().split())
        raised = record.exc_info
        if raised and isinstance(raised[1], self._cut_off):
            raised = None
        log.log(record.levelno, "celery", said=said, exc_info=raised)


def _log_with_structlog(cut_off: tuple[type[BaseException], ...]) -> None:
    for name in ("celery", "kombu"):
        logger = logging.getLogger(name)
        logger.handlers = [ToStructlog(cut_off)]
        logger.propagate = False
