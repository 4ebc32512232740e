"""Real processes: who is killed between a call and its commit leaves it to be made again."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from tests.factories import ROOT
from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Fault
from tests.support.city import City, Clock
from tests.support.desk import Desk
from tests.support.told import RULES, publish

WALK = [("A-1", "queued"), ("A-1", "sending"), ("A-1", "delivered")]


@pytest.fixture
def receiver(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReceiverSimulator]:
    """One that the desk's city tells; an item is out, and nothing of it told yet."""
    desk.environment |= {
        "PUBLISHER_WEBHOOKS__KEY": str(RULES["key"]),
        "PUBLISHER_WEBHOOKS__NETWORKS": json.dumps(RULES["networks"]),
        "PUBLISHER_ENGINE__SWEEP": "PT0.2S",
    }
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    with ReceiverSimulator() as simulator:
        with office(desk) as city:
            added = city.publisher.webhooks.add("协同办公", simulator.address, by="赵管")
            _, simulator.secret = added
            publish(city, "A-1")
        yield simulator


@contextmanager
def office(desk: Desk) -> Iterator[City]:
    """The desk's city, for what is done elsewhere."""
    settings = Settings.load(Path(desk.environment["PUBLISHER_CONFIG"]))
    with closing(City(settings, Clock(datetime.now(UTC)))) as city:
        yield city


@contextmanager
def working(desk: Desk) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        try:
            yield worker
        finally:
            worker.kill()


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
    with working(desk):
        wait_for(lambda: receiver.bodies)
    with working(desk) as worker:
        wait_for(lambda: len(receiver.bodies) > 1)
        worker.terminate()
        assert worker.wait(15) == 0
    assert receiver.bodies[0] == receiver.bodies[1], "the same key and the same bytes"
    assert receiver.steps == WALK


def test_working_once_tells_them_too(desk: Desk, receiver: ReceiverSimulator) -> None:
    receiver.plan(Fault.ERROR)
    assert "对方回答 HTTP 500" in desk.run("work", "--once").stderr
    assert receiver.bodies == []
    with office(desk) as city:
        (webhook,) = city.publisher.webhooks.all()
        city.publisher.webhooks.again(webhook.id, by="赵管")
    assert desk.run("work", "--once").returncode == 0
    assert receiver.steps == WALK
