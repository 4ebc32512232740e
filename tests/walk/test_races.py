"""Races, with real threads, real processes and a world that is slow on purpose.

Each test says which two things happen at once; the postbox's letters are the judge.
"""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.store.orders import Placed
from publisher.submit import Outcome
from tests.simulators.server import Fault, Request, Response
from tests.support.city import City, Clock, an_item_object, postbox, settings_for
from tests.support.postbox import PostboxSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}
SLOW = {"timeout": 10}
PATIENCE = 20.0


class EventfulPostbox(PostboxSimulator):
    """Something happens while a letter is in its hands: the next of `meanwhile`."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def handle(self, request: Request) -> Response:
        self._let_happen(request)
        return super().handle(request)

    def code_response(self, request: Request, code: str) -> Response:
        self._let_happen(request)
        return super().code_response(request, code)

    def _let_happen(self, request: Request) -> None:
        if request.path == "/letters" and self.meanwhile:
            self.meanwhile.pop(0)()


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


def withdraw(city: City) -> Placed:
    return city.publisher.amendments.withdraw("A-1", why="不宜公开", by="李办", now=city.clock())


def correct(city: City, title: str = "改正后的标题") -> Outcome:
    data = city.approved(an_item_object(title=title))
    amended = city.publisher.amendments.correct(
        data, why="数字有误", by="李办", minor=False, now=city.clock()
    )
    return amended.answer.outcome


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


def walks(city: City) -> list[tuple[Action, Status]]:
    (item,) = city.publisher.store.standing.items("A-1")
    return [(one.action, one.status) for one in item.deliveries]


def letters(box: EventfulPostbox) -> list[str]:
    """What each letter was: news, a correction, a withdrawal; in their order."""
    return [
        next((word for word in ("correct", "withdraw") if f" {word} " in one["text"]), "news")
        for one in box.letters
    ]


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


# --- an order while a call is under way ---------------------------------------------------

NEWS, CORRECTED, WITHDRAWN = ["news"], ["news", "correct"], ["news", "withdraw"]
OK, REFUSED_NOW, REFUSED = "200", "503", "422"
# How the call ends, what it was overtaken by: what was sent in the end, and how both orders end.
OVERTAKEN = [
    (OK, withdraw, WITHDRAWN, Status.DELIVERED, Status.DELIVERED),
    (REFUSED_NOW, withdraw, [], Status.CANCELLED, Status.CANCELLED),
    (REFUSED, withdraw, [], Status.FAILED, Status.CANCELLED),
    (OK, correct, CORRECTED, Status.DELIVERED, Status.DELIVERED),
    (REFUSED_NOW, correct, NEWS, Status.CANCELLED, Status.DELIVERED),
    (REFUSED, correct, NEWS, Status.FAILED, Status.DELIVERED),
]


@pytest.mark.parametrize(("answer", "order", "sent", "first", "second"), OVERTAKEN)
def test_an_order_overtakes_a_call(
    city: City,
    box: EventfulPostbox,
    answer: str,
    order: Callable[[City], object],
    sent: list[str],
    first: Status,
    second: Status,
) -> None:
    if answer != OK:
        box.plan(Fault.CODE, path="/letters", code=answer)
    box.meanwhile = [lambda: order(city)]
    city.submit()
    city.flush()
    for _ in range(3):
        city.clock.advance(hours=1)
        city.flush()
    assert letters(box) == sent
    assert [status for _, status in walks(city)] == [first, second]
    if sent == NEWS:
        assert "改正后的标题" in box.letters[0]["text"], "only the corrected text went out"
    if len(sent) == 2:
        assert box.letters[1]["text"].endswith("L1"), "it knows by then what is out"


def test_withdrawn_while_a_call_breaks_off_it_is_taken_back_blindly(
    city: City, box: EventfulPostbox
) -> None:
    box.plan(Fault.RESET, path="/letters")
    box.meanwhile = [lambda: withdraw(city)]
    city.submit()
    city.flush()
    assert letters(box) == WITHDRAWN
    assert walks(city) == [
        (Action.PUBLISH, Status.UNKNOWN),
        (Action.WITHDRAW, Status.DELIVERED),
    ]


def test_corrected_and_then_withdrawn_during_one_call(city: City, box: EventfulPostbox) -> None:
    def both() -> None:
        correct(city)
        withdraw(city)

    box.meanwhile = [both]
    city.submit()
    city.flush()
    assert letters(box) == WITHDRAWN, "nobody is told of the correction any more"
    assert walks(city) == [
        (Action.PUBLISH, Status.DELIVERED),
        (Action.CORRECT, Status.CANCELLED),
        (Action.WITHDRAW, Status.DELIVERED),
    ]


def test_withdrawn_while_the_correction_is_being_sent(city: City, box: EventfulPostbox) -> None:
    city.submit()
    city.flush()
    correct(city)
    box.meanwhile = [lambda: withdraw(city)]
    city.flush()
    assert letters(box) == ["news", "correct", "withdraw"]
    assert {status for _, status in walks(city)} == {Status.DELIVERED}


def test_corrected_while_a_frozen_older_revision_waits_for_its_next_try(
    city: City, box: EventfulPostbox
) -> None:
    box.plan(Fault.REFUSE, path="/letters")
    city.submit()
    city.flush()
    correct(city)
    correct(city, "再次改正的标题")
    city.clock.advance(hours=1)
    city.flush()
    (only,) = box.letters
    assert "再次改正的标题" in only["text"]
    assert [status for _, status in walks(city)] == [
        Status.CANCELLED,
        Status.CANCELLED,
        Status.DELIVERED,
    ]
