"""The engine by itself: how many deliveries a second, how soon the first, on which database."""

import logging
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from benchmarks.nowhere import Nowhere
from benchmarks.old import add_old_items
from publisher.deliver import flush
from publisher.runners import Runner
from publisher.submit import Outcome
from tests.support.city import City, Clock, an_item_object, settings_for

CHANNEL = "post"
_PATIENCE = 30.0


def quiet() -> None:
    """As the command line is by default: writing every event to a screen is not what we measure."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


class _RealClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of each round, for this many deliveries a round."""

    many: int
    rounds: list[float]

    @property
    def rate(self) -> float:
        return self.many / statistics.median(self.rounds)


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from submit's return to the start of the send."""

    seconds: list[float]

    def at(self, percent: int) -> float:
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


class Bench:
    """A city with one channel that takes everything at once."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._number = 0

    @property
    def channel(self) -> Nowhere:
        found = self.city.publisher.routes[CHANNEL].channel
        assert isinstance(found, Nowhere)
        return found

    def approved(self, many: int) -> list[bytes]:
        first, self._number = self._number, self._number + many
        return [
            self.city.approved(an_item_object(f"B-{number}"))
            for number in range(first, self._number)
        ]

    def submit(self, data: bytes) -> None:
        assert self.city.submit_bytes(data).outcome is Outcome.ACCEPTED

    def submits(self, many: int) -> list[float]:
        """Seconds of each of these submits."""
        found = []
        for data in self.approved(many):
            began = time.perf_counter()
            self.submit(data)
            found.append(time.perf_counter() - began)
        return found

    def flush(self) -> float:
        """Seconds in which all that is due goes out."""
        courier = self.city.publisher.courier()
        began = time.perf_counter()
        assert flush(courier, self.city.publisher.routes[CHANNEL])
        return time.perf_counter() - began

    def speed(self, due: int, rounds: int) -> Speed:
        """Flushes with this much due each."""
        found = []
        for _ in range(rounds):
            for data in self.approved(due):
                self.submit(data)
            found.append(self.flush())
        return Speed(due, found)

    def grow_old(self, many: int) -> None:
        """One delivered item, and this many that are just like it."""
        data = self.approved(1)[0]
        self.submit(data)
        self.flush()
        add_old_items(self.city.publisher.store, f"B-{self._number - 1}", many)

    def waits(self, runner: Runner, rounds: int) -> Waits:
        """How long each of these waits for its send, submitted one after the other."""
        began: list[float] = self.channel.began
        found = []
        for data in self.approved(rounds):
            before = len(began)
            self.submit(data)
            submitted = time.perf_counter()
            runner.wake(CHANNEL)
            until = submitted + _PATIENCE
            while len(began) == before:
                if time.perf_counter() > until:
                    raise TimeoutError("nothing was sent")
                time.sleep(0.0005)
            found.append(began[before] - submitted)
            time.sleep(0.01)  # let the flush end: we measure an idle engine
        return Waits(found)


@contextmanager
def opened(folder: Path, database: str = "", broker: str = "", **rules: Any) -> Iterator[Bench]:
    """A fresh city in this folder: on SQLite, or in the PostgreSQL database at this address."""
    folder.mkdir()
    more: dict[str, Any] = {}
    if database:
        names = ("data", "inbox", "output", "fonts")
        more["storage"] = {name: folder / name for name in names} | {"database": database}
    if broker:
        more["engine"] = {"runner": "celery", "broker": broker}
    stanza = {"adapter": "benchmarks.nowhere", "title": "无", **rules}
    city = City(settings_for(folder, {CHANNEL: stanza}, **more), _RealClock())
    try:
        yield Bench(city)
    finally:
        city.close()


@contextmanager
def at_work(bench: Bench) -> Iterator[Runner]:
    """The runner that the settings of this city name, up until the block ends."""
    runner = bench.city.publisher.runner()
    runner.start()
    try:
        yield runner
    finally:
        assert runner.stop(_PATIENCE)
