"""An office of several processes: workers and beats on a broker, and the desk they share."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.factories import ROOT
from tests.support.brokers import TestBroker
from tests.support.city import City, Clock, an_item_object, postbox, settings_for
from tests.support.desk import CONFIG, Desk
from tests.support.postbox import PostboxSimulator

_PATIENCE = 30.0
_ENGINE = """
[engine]
first = "post"
runner = "celery"
broker = {{ env = "BROKER" }}
sweep = {sweep}
[channels.echo]
adapter = "tests.support.postbox"
title = "回声"
options = {{ base_url = {{ env = "ECHO" }} }}
"""


class Office(Desk):
    """Two channels, post and after it echo. Its commands run as programs of their own."""

    def __init__(
        self,
        folder: Path,
        box: PostboxSimulator,
        echo: PostboxSimulator,
        broker: TestBroker,
        database: str,
    ) -> None:
        super().__init__(folder, box)
        self._running = ExitStack()
        channels = {"post": postbox(box.url), "echo": postbox(echo.url)}
        storage = {name: folder / name for name in ("data", "inbox", "output", "fonts")}
        self._city = City(
            settings_for(folder, channels, storage={**storage, "database": database}),
            Clock(datetime.now(UTC)),
        )
        self.environment |= {"BROKER": broker.url, "ECHO": echo.url}
        self.environment["PUBLISHER_STORAGE__DATABASE"] = database
        self.sweep(0.3)

    def sweep(self, seconds: float) -> None:
        """Write the configuration, with this sweep."""
        text = CONFIG.replace('title = "邮箱"\n', 'title = "邮箱"\nlongest_call = 2\n')
        text = text.replace("timeout = 1.0", "timeout = 1.8")
        text += _ENGINE.format(sweep=seconds)
        (self.folder / "publisher.toml").write_text(text, "utf-8")

    def approved(self, item_id: str = "A-1") -> str:
        file = self.folder / f"{item_id}.json"
        file.write_bytes(self._city.approved(an_item_object(item_id)))
        return str(file)

    def submit(self, item_id: str) -> str:
        """Submit an item in a process of its own; what it says on the way."""
        done = self.run("submit", self.approved(item_id))
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A worker or a beat, up and running; it ends with us."""
        process = begun(self.command(*words), self.environment, self.folder / "log")
        self._running.callback(kill, process)
        wait_until_at_work(process)
        return process

    def said(self) -> str:
        """The log of all that was started here."""
        return (self.folder / "log").read_text("utf-8")

    def status(self, item_id: str) -> str:
        """Where it stands in the channel post."""
        return self._city.status(item_id, "post")

    def close(self) -> None:
        self._running.close()
        self._city.close()


@contextmanager
def opened(
    folder: Path,
    box: PostboxSimulator,
    echo: PostboxSimulator,
    broker: TestBroker,
    database: str,
) -> Iterator[Office]:
    office = Office(folder, box, echo, broker, database)
    try:
        yield office
    finally:
        office.close()


def wait_for(reached: Callable[[], object], patience: float = _PATIENCE) -> bool:
    """Whether it is reached in time. Once is enough: what comes and goes is not asked again."""
    until = time.monotonic() + patience
    while not (found := bool(reached())) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def begun(command: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[str]:
    """A worker or a beat in a process group of its own, beginning."""
    with log.open("a") as said:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )


def wait_until_at_work(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert "正在运行" in process.stdout.readline()


def kill(process: subprocess.Popen[str]) -> None:
    """End it as a broken machine would, with all that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
