"""The runner: threads that wake, that do not wait for each other, and that nothing kills."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.runners import Runner
from publisher.runners.local import LocalRunner
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

PATIENCE = 30.0
"""Seconds; only a test that fails, or a machine that is very busy, waits so long."""
HOUR = timedelta(hours=1)


class NotAnException(BaseException):
    """What a panic in a Rust extension looks like from here."""


@contextmanager
def running(runner: Runner) -> Iterator[Runner]:
    """The runner at work; whatever the test meets, its threads end."""
    runner.start()
    try:
        yield runner
    finally:
        ended = runner.stop(PATIENCE)
    assert ended, "a channel did not come back"


@contextmanager
def open_city(folder: Path, channels: dict[str, object], **more: object) -> Iterator[City]:
    found = City(settings_for(folder, channels, **more))
    try:
        yield found
    finally:
        found.close()


def wait_for(reached: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while not reached() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(reached())


def test_a_hanging_channel_does_not_delay_the_others(tmp_path: Path) -> None:
    with PostboxSimulator() as slow, PostboxSimulator() as quick:
        channels: dict[str, object] = {
            "slow": postbox(slow.url, options={"timeout": 10}),
            "quick": postbox(quick.url),
        }
        slow.plan(Fault.HANG)
        with open_city(tmp_path, channels) as city:
            city.submit()
            with running(city.publisher.runner()):
                assert wait_for(lambda: city.status("A-1", "quick") is Status.DELIVERED)
                assert wait_for(lambda: city.status("A-1", "slow") is not Status.QUEUED)
                assert city.status("A-1", "slow") is Status.SENDING, "it hangs all the while"
            assert city.status("A-1", "slow") is Status.UNKNOWN


def test_the_runner_is_woken_at_submit_and_need_not_wait_for_the_sweep(tmp_path: Path) -> None:
    swept = threading.Event()
    with PostboxSimulator() as box:
        channels: dict[str, object] = {"post": postbox(box.url)}
        with open_city(tmp_path, channels) as city:

            def flush(name: str) -> bool:
                city.flush(name)
                swept.set()
                return False

            with running(LocalRunner(flush, ["post"], sweep=HOUR)) as runner:
                assert swept.wait(PATIENCE), "the sweep it begins with"
                city.submit()
                runner.wake("post")
                assert wait_for(lambda: box.letters)
            assert len(box.letters) == 1


@pytest.mark.parametrize("trouble", [ValueError, NotAnException])
def test_nothing_that_is_raised_ends_the_thread_of_a_channel(trouble: type[BaseException]) -> None:
    calls: list[str] = []

    def flush(name: str) -> bool:
        calls.append(name)
        if len(calls) == 1:
            raise trouble("a secret")
        return False

    with running(LocalRunner(flush, ["post"], sweep=timedelta(milliseconds=10))):
        assert wait_for(lambda: len(calls) > 1), "the channel goes on"


@pytest.mark.parametrize("trouble", [ValueError, NotAnException])
def test_once_says_whether_all_went_well_and_runs_the_others(trouble: type[BaseException]) -> None:
    calls: list[str] = []

    def flush(name: str) -> bool:
        calls.append(name)
        if name == "bad":
            raise trouble("a secret")
        return False

    assert not LocalRunner(flush, ["bad", "good"], sweep=HOUR, first="bad").run_once()
    assert calls == ["bad", "good"]
    assert LocalRunner(flush, ["good"], sweep=HOUR).run_once()


def test_once_begins_nothing_after_a_stop() -> None:
    calls: list[str] = []

    def flush(name: str) -> bool:
        calls.append(name)
        runner.begin_no_more()
        return True

    runner = LocalRunner(flush, ["site", "post"], sweep=HOUR, first="site")
    assert runner.run_once()
    assert calls == ["site"]
