"""Races, with real threads, real processes and a world that is slow on purpose.

The postbox's letters are the judge: whatever happens at once, each went out once.
"""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.store.orders import Placed
from publisher.submit import Outcome
from tests.simulators.server import Fault
from tests.support.city import City, Clock, postbox, settings_for
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw
from tests.support.watched_postbox import WatchedSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}
SLOW = {"timeout": 10}
PATIENCE = 20.0


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    """One channel that can wait, and that tells afterwards what it cannot take back."""
    stanza = postbox(box.url, retry=SOON, options=SLOW)
    found = City(settings_for(tmp_path, {"post": stanza}))
    yield found
    found.close()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of these in the same moment; what each returned or raised, in their order."""
    gate = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        gate.wait(PATIENCE)
        try:
            return deed()
        except NotPossible as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def resend(city: City) -> None:
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="已核对", not_out=True, now=city.clock()
    )


def confirm(city: City) -> None:
    city.publisher.staff.confirm(
        "A-1",
        "post",
        by="赵值",
        note="已看到",
        evidence=None,
        now=city.clock(),
        action=Action.PUBLISH,
    )


# --- two workers, one row -----------------------------------------------------------------


def test_two_threads_with_a_store_each_send_a_row_once(city: City, box: EventfulPostbox) -> None:
    other = City(city.publisher.settings, city.clock)
    box.plan(Fault.DELAY, path="/letters", seconds=0.05, times=-1)
    for number in range(1, 6):
        city.submit(f"A-{number}")
    at_once(city.flush, other.flush, city.flush, other.flush)
    city.flush()
    assert sorted(one["text"].split()[0] for one in box.letters) == [
        f"A-{number}" for number in range(1, 6)
    ]
    other.close()


def _work(settings: Any, now: Any, gate: Any) -> None:
    """A process of its own: opens the city, waits for the other, flushes."""
    city = City(settings, Clock(now))
    gate.wait(PATIENCE)
    city.flush()
    city.close()


def test_two_processes_send_a_row_once(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.DELAY, path="/letters", seconds=0.05, times=-1)
    for number in range(1, 6):
        city.submit(f"A-{number}")
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(2)
    workers = [
        spawn.Process(target=_work, args=(city.publisher.settings, city.clock(), gate))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE * 2)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert sorted(one["text"].split()[0] for one in box.letters) == [
        f"A-{number}" for number in range(1, 6)
    ]
    assert city.status("A-5", "post") is Status.DELIVERED


def test_a_wake_up_that_meets_the_lock_is_not_lost(city: City, box: EventfulPostbox) -> None:
    met: list[Status] = []

    def submit_and_wake() -> None:
        city.submit("A-2")
        city.flush()
        met.append(city.status("A-2", "post"))

    box.meanwhile = [submit_and_wake]
    city.submit("A-1")
    city.flush()
    assert met == [Status.QUEUED], "it came back at once and did nothing"
    assert city.status("A-2", "post") is Status.DELIVERED, "the holder looks again"
    assert len(box.letters) == 2


@pytest.mark.parametrize("busy", [True, False], ids=["after sending", "nothing was sent"])
def test_a_wake_up_that_meets_a_holder_who_is_looking_is_not_lost(
    tmp_path: Path, *, busy: bool
) -> None:
    """Looking comes last of a flush: nothing of that flush itself would find what comes in now."""
    with WatchedSimulator() as box:
        stanza = postbox(box.url, options=SLOW, verify=[3600])
        stanza["adapter"] = "tests.support.watched_postbox"
        with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
            city.submit("A-1")
            city.flush()
            city.clock.advance(hours=2)
            if busy:
                city.submit("A-2")
            met: list[Status] = []

            def submit_and_wake() -> None:
                city.submit("A-3")
                city.flush()
                met.append(city.status("A-3", "post"))

            box.meanwhile = submit_and_wake
            city.flush()
            assert met == [Status.QUEUED], "it came back at once and did nothing"
            assert city.status("A-3", "post") is Status.DELIVERED


# --- pressed twice, pressed together ------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "more"), [(Fault.CODE, {"code": "422"}), (Fault.ERROR, {})], ids=["failed", "unknown"]
)
def test_resend_pressed_twice_goes_once(
    city: City, box: EventfulPostbox, fault: Fault, more: dict[str, str]
) -> None:
    box.plan(fault, path="/letters", **more)
    city.submit()
    city.flush()
    pressed = at_once(lambda: resend(city), lambda: resend(city))
    assert sorted(type(one).__name__ for one in pressed) == ["NoneType", "NotPossible"]
    city.flush()
    city.flush()
    assert letters(box) == ["news"]
    with pytest.raises(NotPossible):
        resend(city)


def test_withdraw_pressed_twice_is_one_withdrawal(city: City, box: EventfulPostbox) -> None:
    city.submit()
    city.flush()
    pressed = at_once(lambda: withdraw(city), lambda: withdraw(city))
    assert sorted(type(one).__name__ for one in pressed) == ["NotPossible", "Placed"]
    city.flush()
    assert letters(box) == ["news", "withdraw"]


def test_correct_and_withdraw_at_once_leave_it_withdrawn(city: City, box: EventfulPostbox) -> None:
    """Whichever comes first, the last word is the withdrawal, and nobody gets news after it."""
    city.submit()
    city.flush()
    corrected, withdrawn = at_once(lambda: correct(city), lambda: withdraw(city))
    assert isinstance(withdrawn, Placed)
    city.flush()
    assert letters(box)[-1] == "withdraw"
    assert letters(box).count("withdraw") == 1
    assert corrected in {Outcome.ACCEPTED, Outcome.REFUSED}
    stopped = [(Action.CORRECT, Status.CANCELLED)] if corrected is Outcome.ACCEPTED else []
    assert [one for one in walks(city) if one[0] is Action.CORRECT] == stopped
    assert letters(box) == ["news", "withdraw"]


def test_confirm_and_withdraw_at_once(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.RESET, path="/letters")
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    confirmed, withdrawn = at_once(lambda: confirm(city), lambda: withdraw(city))
    assert confirmed is None
    assert isinstance(withdrawn, Placed)
    city.flush()
    assert letters(box) == ["news", "withdraw"]
    assert walks(city) == [
        (Action.PUBLISH, Status.DELIVERED),
        (Action.WITHDRAW, Status.DELIVERED),
    ]
