"""A publisher at work in a process of its own, that kills itself when it is told to.

Nothing in the product knows of it: the database's `write` is wrapped from outside, so «before» is
the last moment at which a step is not persisted and «after» the first at which it is.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import structlog
from sqlalchemy import Connection

from config.settings import Settings
from publisher.bootstrap import Publisher, build
from publisher.model import Status

SPEED = 300
"""Seconds of the city in one second of ours."""
DONE = 0
RAISED = 3
"""Done, but on the way something was raised out of a flush."""
_LOOK = 0.02
_GRACE = timedelta(minutes=1)
"""What is unknown may still be settled by a later question."""
OPEN = {Status.QUEUED, Status.HELD, Status.SENDING, Status.ACCEPTED}


@dataclass(frozen=True, slots=True)
class QuickClock:
    """The city's time: `start` at our second `begun`, and fast from there, in every process."""

    start: datetime
    begun: float
    speed: int = SPEED

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.time() - self.begun) * self.speed)


@dataclass(frozen=True, slots=True)
class Death:
    """Killed at a thread's commit of this number, just before it or just after it.

    A thread serves a channel; what its first commits are does not hang on how fast the others were.
    """

    thread: str
    commit: int
    before: bool


class Steps:
    """Keeps what was committed, by the name of its thread, and dies at the step asked for."""

    def __init__(self, publisher: Publisher, death: Death | None) -> None:
        self._database = publisher.store.database
        self._write = self._database.write
        self._death = death
        self._lock = threading.Lock()
        self.names: list[str] = []
        self._database.write = self._counted  # type: ignore[method-assign]

    @contextmanager
    def _counted(self) -> Iterator[Connection]:
        with self._write() as connection:
            yield connection
            with self._lock:
                name = threading.current_thread().name
                self.names.append(name)
                mine = self.names.count(name)
            self._die_at(Death(name, mine, before=True))
        self._die_at(Death(name, mine, before=False))

    def _die_at(self, step: Death) -> None:
        if step == self._death:
            _die()


def work(config: Path, clock: QuickClock, death: Death | None, *, side_by_side: bool) -> NoReturn:
    """Flush all channels until nothing is left to do; leave the steps in a file.

    One channel after the other, so that it is the same each time; or `side_by_side`, as in a city.
    """
    with (config.parent / f"{os.getpid()}.log").open("a") as said:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(said))
        publisher = build(Settings.load(config), clock)
        steps = Steps(publisher, death)
        rounds = [list(publisher.routes)] if side_by_side else [[one] for one in publisher.routes]
        sound = _until_done(publisher, rounds)
        (config.parent / "steps").write_text("\n".join(steps.names))
        publisher.close()
    os._exit(DONE if sound else RAISED)


def _until_done(publisher: Publisher, rounds: list[list[str]]) -> bool:
    sound, quiet_since = True, None
    while True:
        for channels in rounds:
            sound &= publisher.local_runner(channels).run_once()
        statuses = {status for _, status in publisher.store.standing.counts()}
        now = publisher.clock()
        if statuses & OPEN:
            quiet_since = None
        elif Status.UNKNOWN not in statuses:
            return sound
        else:
            quiet_since = quiet_since or now
            if now - quiet_since >= _GRACE:
                return sound
        time.sleep(_LOOK)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL came back")
