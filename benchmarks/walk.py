"""The walk with a stopwatch on every adapter call; what is left over is the core."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from publisher.channel import NOTHING, Channel, Receipt, Recipient, Rendition, Shelf
from publisher.deliver import flush
from publisher.model import Item, Status
from publisher.runners.local import LocalRunner
from publisher.submit import Outcome
from tests.simulators.wechat import Account, WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City, Clock, an_item_object
from tests.support.demo_city import demo_city

OUT = (Status.DELIVERED, Status.ACCEPTED, Status.AWAITING, Status.CANCELLED)
CORE = "core"
MANY_CALLS = 1_000_000


@dataclass(frozen=True)
class Lap:
    """Wall-clock seconds of a lap, and where threads spent theirs (parts overlap in time)."""

    total: float
    parts: dict[str, float]


class Watch:
    """Seconds by part. What a thread spends in an inner part does not count for the outer one."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._inner = threading.local()

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        outer = getattr(self._inner, "seconds", 0.0)
        self._inner.seconds = 0.0
        began = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - began
            with self._lock:
                self.spent[part] += seconds - self._inner.seconds
            self._inner.seconds = outer + seconds


class Timed:
    """A channel with a stopwatch around what it does."""

    def __init__(self, channel: Channel, watch: Watch) -> None:
        self._channel = channel
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        with self._watch.on(f"{self._channel.name}: render"):
            return self._channel.render(items, shelf)

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        with self._watch.on(f"{self._channel.name}: outside"):
            return self._channel.send(rendition, key, recipients)

    def check(self, receipt: Receipt) -> Receipt:
        with self._watch.on(f"{self._channel.name}: outside"):
            return self._channel.check(receipt)


class RealClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Track:
    """A running city with the demo's five channels and simulators that answer at once."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self._folder = folder
        self.watch = Watch()
        self._running = False

    def start(self) -> None:
        """From here on the runner's threads are at work, one a channel."""
        self.runner.start()
        self._running = True

    def __enter__(self) -> Self:
        limits = dict.fromkeys(("draft/add", "freepublish/submit"), MANY_CALLS)
        account = Account(daily=Counter(limits), polls=0)
        wechat = self._stack.enter_context(WeChatSimulator(account=account))
        sms = self._stack.enter_context(YunMasSimulator(report_after=0.0))
        self.city: City = self._stack.enter_context(demo_city(self._folder, wechat, sms))
        self.city.clock = RealClock()
        self.city.publisher = replace(self.city.publisher, clock=self.city.clock)
        routes = self.city.publisher.routes
        for name, route in routes.items():
            timed: Any = Timed(route.channel, self.watch)
            routes[name] = replace(route, channel=timed)
        self.runner = LocalRunner(
            self._flush, routes, sweep=self.city.publisher.settings.engine.sweep, first="website"
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._running:
            self.runner.stop()
        self._stack.close()

    def approved(self, item_id: str) -> bytes:
        """An urgent item with a short title: it goes to all five at once."""
        return self.city.approved(
            an_item_object(item_id, short_title="试点工作实施方案", urgent=True)
        )

    def lap_alone(self, data: bytes) -> Lap:
        """The same in one thread, channel after channel: nobody waits for anybody."""
        self.watch.spent.clear()
        began = time.perf_counter()
        with self.watch.on(CORE):
            assert self.city.submit_bytes(data).outcome is Outcome.ACCEPTED
        for name in self.city.publisher.routes:
            self._flush(name)
        return Lap(time.perf_counter() - began, dict(sorted(self.watch.spent.items())))

    def lap(self, items: Sequence[bytes]) -> Lap:
        """Submit these and wait until all five channels are handed over."""
        wanted = self._handed_over() + 5 * len(items)
        self.watch.spent.clear()
        began = time.perf_counter()
        for data in items:
            with self.watch.on(CORE):
                assert self.city.submit_bytes(data).outcome is Outcome.ACCEPTED
        self.runner.wake()
        while self._handed_over() < wanted:
            time.sleep(0.002)
        return Lap(time.perf_counter() - began, dict(sorted(self.watch.spent.items())))

    def _flush(self, name: str) -> bool:
        with self.watch.on(CORE):
            return flush(
                self.city.publisher.courier(lambda: self.runner.stopping),
                self.city.publisher.routes[name],
            )

    def _handed_over(self) -> int:
        counts = self.city.publisher.store.standing.counts()
        return sum(many for (_, status), many in counts.items() if status in OUT)


def helper_peaks() -> dict[str, float]:
    """Peak memory in MB of the processes that channels started."""
    helpers = [
        folder
        for folder in Path("/proc").glob("[0-9]*")
        if b"_typst_worker" in _read(folder / "cmdline")
    ]
    return {f"typesetting process {folder.name}": _peak(folder) for folder in helpers}


def _peak(folder: Path) -> float:
    lines = _read(folder / "status").decode().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if "VmHWM" in line), 0.0)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
