"""A channel that knows its keys: what is in doubt is asked for again, by the same key."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Action, Status
from publisher.orders import Seen
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw
from tests.support.orders import SOON, exposed
from tests.support.townsfolk import some_hours

Order = Callable[[City], object]
ORDERS = pytest.mark.parametrize(
    ("order", "word"), [(withdraw, "withdraw"), (correct, "correct")], ids=["withdraw", "correct"]
)


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        simulator.knows_keys = True
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    stanza = postbox(box.url, retry=SOON, options={"idempotent": True, "timeout": 10})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as found:
        yield found


@ORDERS
def test_an_order_in_doubt_is_one_letter_at_the_other_side(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    city.submit()
    city.flush()
    order(city)
    box.plan(Fault.RESET, path="/letters")
    city.flush()
    some_hours(city)
    assert letters(box) == ["news", word]
    assert len(box.calls) == 3, "it was asked for twice"
    assert {status for _, status in walks(city)} == {Status.DELIVERED}


def test_corrected_again_while_a_correction_is_in_doubt(city: City, box: EventfulPostbox) -> None:
    city.submit()
    city.flush()
    correct(city)
    box.plan(Fault.RESET, path="/letters")
    city.flush()
    correct(city, "再次改正的标题")
    some_hours(city)
    assert letters(box) == ["news", "correct", "correct"]
    assert "再次改正的标题" in box.letters[2]["text"]
    assert Status.QUEUED not in {status for _, status in walks(city)}


@ORDERS
def test_a_publication_in_doubt_is_out_and_its_order_follows_it(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    box.plan(Fault.RESET, path="/letters")
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is not Status.DELIVERED
    order(city)
    some_hours(city)
    assert letters(box) == ["news", word]
    assert walks(city)[-1][1] is Status.DELIVERED
    left = Seen.REMAINS if word == "withdraw" else Seen.SEEN
    assert exposed(city) == {"post": left}


@ORDERS
def test_ordered_in_the_call_that_ends_in_doubt(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    box.plan(Fault.RESET, path="/letters")
    box.meanwhile = [lambda: order(city)]
    city.submit()
    city.flush()
    some_hours(city)
    assert letters(box) == ["news", word]
    assert walks(city)[-1][1] is Status.DELIVERED


def test_a_publication_that_never_arrived_does_not_outlive_its_withdrawal(
    city: City, box: EventfulPostbox
) -> None:
    """Nobody knows that it never arrived: whatever is sent to find out is taken back at the end."""
    box.plan(Fault.DROP, path="/letters")
    city.submit()
    city.flush()
    withdraw(city)
    some_hours(city)
    assert letters(box) in ([], ["withdraw"], ["news", "withdraw"])
    ended = {Status.DELIVERED, Status.CANCELLED, Status.FAILED, Status.UNKNOWN}
    assert {status for _, status in walks(city)} <= ended


def test_the_key_is_the_same_for_ever(city: City, box: EventfulPostbox) -> None:
    city.submit()
    city.flush()
    correct(city)
    box.plan(Fault.DROP, path="/letters", times=2)
    city.flush()
    some_hours(city)
    asked = [call.body for call in box.calls[1:]]
    assert len(asked) == 3
    assert len(set(asked)) == 1, "the same key and the same bytes"
    assert walks(city)[1] == (Action.CORRECT, Status.DELIVERED)
