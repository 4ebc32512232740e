"""A city on several machines, as an operator starts it: `publisher work`, `publisher beat`.

Nothing in it is ours but the configuration, whose waits are as short as a test can wait for, and
the other side, which takes its time, so that who is killed is often in the middle of a call.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.scene import ALL, Outside, Scene, with_news
from tests.crash.worker import OPEN
from tests.support.brokers import TestBroker
from tests.support.office import begun, kill, wait_for, wait_until_at_work
from tests.support.postgres import PostgresServer

_PATIENCE = 90.0
_QUIET = 3.0
"""Seconds without a change after which what is unknown stays so: longer than the longest check."""
_ENGINE = """\
patience = 2
sweep = 0.3
runner = "celery"
broker = { file = "given/broker" }
"""
_CHANNEL = """\
longest_call = 6
retry = { base = 0.1, ceiling = 0.5 }
"""


@dataclass
class Cluster:
    """The machines of a city, its broker and its database server."""

    scene: Scene
    broker: TestBroker
    server: PostgresServer
    _running: ExitStack = field(default_factory=ExitStack)
    _logs: list[Path] = field(default_factory=list)

    def begin(self, what: str) -> subprocess.Popen[str]:
        """A worker or a beat, not yet at work; it ends with us."""
        self._logs.append(self.scene.folder / f"{len(self._logs)}-{what}.log")
        process = begun(
            [sys.executable, "-m", "publisher", what],
            os.environ | {"PUBLISHER_CONFIG": str(self.scene.config)},
            self._logs[-1],
        )
        self._running.callback(kill, process)
        return process

    def start(self, what: str) -> subprocess.Popen[str]:
        process = self.begin(what)
        wait_until_at_work(process)
        return process

    def close(self) -> None:
        self._running.close()

    def wait_until_done(self) -> None:
        """Until nothing is open, and nothing that is unknown has changed for a while."""
        city = self.scene.city()
        standing = city.publisher.store.standing
        until = time.monotonic() + _PATIENCE
        counts, since = standing.counts(), time.monotonic()
        while {status for _, status in counts} & OPEN or time.monotonic() < since + _QUIET:
            assert time.monotonic() < until, f"no end: {counts}\n{self.said()[-6000:]}"
            time.sleep(0.1)
            before, counts = counts, standing.counts()
            since = since if counts == before else time.monotonic()
        city.close()

    def queues_empty(self) -> bool:
        """Whether what wakes the channels is taken."""
        queues = [f"publisher.{name}" for name in self.scene.channels]
        return wait_for(lambda: not any(map(self.broker.waiting, queues)), _PATIENCE)

    def said(self) -> str:
        return "\n".join(f"{path.name}:\n{path.read_text('utf-8')}" for path in self._logs)

    def raised(self) -> list[str]:
        """What was said with a traceback: a server that is away has earned one sentence only."""
        lines = [line for path in self._logs for line in path.read_text("utf-8").splitlines()]
        return [line for line in lines if "Traceback" in line or '_bug"' in line]


@contextmanager
def cluster(
    folder: Path,
    outside: Outside,
    broker: TestBroker,
    server: PostgresServer,
    *,
    channels: tuple[str, ...] = ALL,
) -> Iterator[Cluster]:
    """The city with some news in its rows; nobody is at work yet."""
    scene = with_news(folder, outside, channels=channels, items=3, server=server, speed=1)
    (folder / "given" / "broker").write_text(broker.url)
    text = scene.config.read_text("utf-8")
    text = text.replace("patience = 20\nsweep = 1\n", _ENGINE)
    text = text.replace("checks = [1, 1, 2, 5]", "checks = [0.2, 0.5, 1]")
    text = text.replace("accepted = 1200", "accepted = 5")
    text = re.sub(r"(?m)^(\[channels\.\w+\]\n)", rf"\1{_CHANNEL}", text)
    scene.config.write_text(text, "utf-8")
    for name in scene.channels:
        broker.empty(f"publisher.{name}")
    outside.take_time()
    found = Cluster(scene, broker, server)
    try:
        yield found
    finally:
        found.close()
        outside.answer_at_once()
        scene.end()
