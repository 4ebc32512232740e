"""Real processes: who is killed between a call and its commit leaves it to be made again."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from publisher.bootstrap import build
from publisher.webhooks import Webhooks
from tests.factories import ROOT
from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.told import RULES


@pytest.fixture
def receiver(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReceiverSimulator]:
    """One that the desk's city tells."""
    desk.environment |= {
        "PUBLISHER_WEBHOOKS__KEY": str(RULES["key"]),
        "PUBLISHER_WEBHOOKS__NETWORKS": json.dumps(RULES["networks"]),
        "PUBLISHER_ENGINE__SWEEP": "PT0.2S",
    }
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    with ReceiverSimulator() as simulator:
        with office(desk) as webhooks:
            _, simulator.secret = webhooks.add("协同办公", simulator.address, by="赵管")
        yield simulator


@contextmanager
def office(desk: Desk) -> Iterator[Webhooks]:
    """What an administrator does elsewhere, in the desk's city."""
    with closing(build(Settings.load(Path(desk.environment["PUBLISHER_CONFIG"])))) as city:
        yield city.webhooks


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_killed_after_the_call_the_same_goes_out_again(
    desk: Desk, receiver: ReceiverSimulator
) -> None:
    """It has taken the call, but nobody lives to write that down."""
    receiver.plan(Fault.DELAY, seconds=3)
    assert desk.run("submit", desk.approved()).returncode == 0
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        wait_for(lambda: receiver.bodies)
        worker.kill()
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        wait_for(lambda: ("A-1", "delivered") in receiver.steps)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    assert receiver.bodies[0] == receiver.bodies[1], "the same key and the same bytes"
    assert [status for _, status in receiver.steps] == ["queued", "sending", "delivered"]


def test_working_once_tells_them_too(
    desk: Desk, receiver: ReceiverSimulator
) -> None:
    receiver.plan(Fault.ERROR)
    assert desk.run("submit", desk.approved()).returncode == 0
    assert "对方回答 HTTP 500" in desk.run("work", "--once").stderr
    assert receiver.bodies == []
    with office(desk) as webhooks:
        (webhook,) = webhooks.all()
        webhooks.again(webhook.id, by="赵管")
    assert desk.run("work", "--once").returncode == 0
    assert len(receiver.steps) == 3
