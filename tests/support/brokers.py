"""Brokers of our own for tests: Debian's Redis and RabbitMQ on free loopback ports.

Whatever runs on this machine already stays as it is: ports, node name, cookie, folders and the
port mapper of Erlang are ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kombu import Connection

from publisher.runners.celery.broker import waiting
from tests.factories import ROOT

_PATIENCE = 60.0
_RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one in the path insists on its own user


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


class TestBroker(ABC):
    """A broker in a folder; it can be stopped and started again on the same port."""

    __test__ = False
    scheme: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"{self.scheme}://127.0.0.1:{self.port}//"
        self._running = ExitStack()
        self._keepers: list[subprocess.Popen[bytes]] = []

    @abstractmethod
    def programs(self) -> list[list[str]]:
        """The commands to run, in this order."""

    def environment(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        self._keepers = [
            self._running.enter_context(self._kept(command)) for command in self.programs()
        ]
        until = time.monotonic() + _PATIENCE
        while not self.answers():
            assert time.monotonic() < until, (self.folder / "log").read_text("utf-8")[-2000:]
            time.sleep(0.1)

    def stop(self) -> None:
        self._running.close()

    def kill(self) -> None:
        """End it in the middle of whatever it does, as a broken machine would."""
        for keeper in self._keepers:
            keeper.send_signal(signal.SIGUSR1)
            keeper.wait(_PATIENCE)
        self.stop()

    def answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=1) as connection:
                connection.ensure_connection(max_retries=1, interval_start=0)
        except Exception:  # noqa: BLE001 - any of the drivers' errors means the same
            return False
        return True

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue."""
        with Connection(self.url) as connection, connection.channel() as channel:
            return waiting(channel, queue)

    def empty(self, queue: str) -> None:
        """Take away what waits in a queue."""
        with Connection(self.url) as connection, connection.channel() as channel:
            if waiting(channel, queue):
                channel.queue_purge(queue)

    @contextmanager
    def _kept(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        keeper = [sys.executable, "-m", "tests.support.keeper", str(self.folder), *command]
        with (
            (self.folder / "log").open("ab") as said,
            subprocess.Popen(
                keeper,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment()},
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()
                process.wait(_PATIENCE)


class Redis(TestBroker):
    scheme = "redis"

    def programs(self) -> list[list[str]]:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port)]
        return [[*command, "--save", "", "--appendonly", "no", "--dir", str(self.folder)]]


class RabbitMQ(TestBroker):
    scheme = "amqp"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._mapper = free_port()
        self._distribution = free_port()

    def programs(self) -> list[list[str]]:
        return [["epmd", "-address", "127.0.0.1", "-port", str(self._mapper)], [_RABBITMQ]]

    def environment(self) -> dict[str, str]:
        plugins, config = self.folder / "enabled_plugins", self.folder / "rabbitmq.conf"
        plugins.write_text("[].\n")
        config.write_text("disk_free_limit.absolute = 10MB\n")
        return {
            "HOME": str(self.folder),  # the cookie
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapper),
            "RABBITMQ_ALLOW_INPUT": "1",  # no shell between us and the server
            "RABBITMQ_NODENAME": f"publisher{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-noinput -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        }


@contextmanager
def running(kind: type[TestBroker]) -> Iterator[TestBroker]:
    """A broker of this kind for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix=f"publisher-{kind.__name__.lower()}-"))
    broker = kind(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
