"""Celery as an operator runs it: real processes, real brokers, killed and stopped in between."""

import signal
import time

from tests.simulators.server import Fault
from tests.support.brokers import TestBroker
from tests.support.office import Office, wait_for
from tests.support.postbox import PostboxSimulator


def test_a_submit_wakes_the_worker_and_the_first_channel_wakes_the_others(
    office: Office, box: PostboxSimulator, echo: PostboxSimulator
) -> None:
    """No beat runs: only messages can have done it."""
    worker = office.start("work")
    office.submit("A-1")
    assert wait_for(lambda: box.letters and echo.letters)
    box.plan(Fault.DELAY, seconds=0.7)
    office.submit("A-2")
    assert wait_for(lambda: len(box.letters) == 2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0, "the call under way ends, then the worker"
    assert office.status("A-2") == "delivered"
    assert len(box.letters) == 2


def test_who_is_killed_while_sending_leaves_it_to_the_next(
    office: Office, box: PostboxSimulator
) -> None:
    box.plan(Fault.DELAY, seconds=1.7)
    killed = office.start("work")
    office.submit("A-1")
    assert wait_for(lambda: box.letters)
    killed.kill()
    killed.wait()
    assert office.status("A-1") == "sending"
    office.start("work")
    office.start("beat")
    assert wait_for(lambda: office.status("A-1") != "sending")
    assert office.status("A-1") == "unknown"
    assert len(box.letters) == 1


def test_a_broker_that_is_away_delays_and_loses_nothing(
    office: Office, box: PostboxSimulator, broker: TestBroker
) -> None:
    office.start("work")
    beat = office.start("beat")
    broker.stop()
    began = time.monotonic()
    said = office.submit("A-1")
    submitting = time.monotonic() - began
    assert said.count("broker_away") == 1
    assert "不会丢" in said
    assert submitting < 6, "no long wait for who does not answer"
    assert wait_for(lambda: "broker_away" in office.said(), 5)
    assert not box.letters
    broker.start()
    assert wait_for(lambda: box.letters)
    assert wait_for(lambda: office.status("A-1") == "delivered")
    assert office.said().count('"event": "broker_away"') == 1, "said once, not each sweep"
    beat.send_signal(signal.SIGTERM)
    assert beat.wait(15) == 0


def test_messages_do_not_pile_up_where_nobody_takes_them(
    office: Office, box: PostboxSimulator, broker: TestBroker
) -> None:
    office.sweep(0.03)
    office.start("beat")
    office.start("beat")
    office.submit("A-1")
    assert wait_for(lambda: broker.waiting("publisher.post"))
    broker.empty("publisher.post")
    assert wait_for(lambda: broker.waiting("publisher.post")), "the beat goes on"
    most = 0
    until = time.monotonic() + 2
    while time.monotonic() < until:
        most = max(most, broker.waiting("publisher.post"))
        time.sleep(0.05)
    assert most <= 2, "one, or two where two beats looked at the same time"
    office.start("work", "--channels", "echo")
    time.sleep(0.5)
    assert broker.waiting("publisher.post"), "not the one who serves another channel"
    office.start("work", "--channels", "post")
    assert wait_for(lambda: box.letters)
    assert wait_for(lambda: not broker.waiting("publisher.post"))
