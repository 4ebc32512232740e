"""An order that comes while a call is under way: what went out, and how both orders end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.model import Action, Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw

SOON = {"attempts": 3, "base": 10, "ceiling": 300}
SLOW = {"timeout": 10}


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
