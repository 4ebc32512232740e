"""An order waits for a call of its item of which nobody can say yet how it ended."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Action, Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw
from tests.support.mortal_postbox import ADAPTER, End, flush_to_the_end
from tests.support.orders import SOON

Order = Callable[[City], object]
ORDERS = pytest.mark.parametrize(
    ("order", "word"), [(withdraw, "withdraw"), (correct, "correct")], ids=["withdraw", "correct"]
)
RECALLS = pytest.mark.parametrize("recall", ["follow_up", "deletes"])


def a_city(folder: Path, box: EventfulPostbox, **options: object) -> City:
    stanza = postbox(box.url, retry=SOON, longest_call=120, options={"timeout": 10, **options})
    stanza["adapter"] = ADAPTER
    return City(settings_for(folder, {"post": stanza}))


def waits(city: City) -> bool:
    """Whether the order has not begun while the call before it is open."""
    (_, first), (_, order) = walks(city)
    return (first, order) == (Status.SENDING, Status.QUEUED)


@ORDERS
@RECALLS
def test_while_a_look_up_gets_no_answer_the_order_waits(
    tmp_path: Path, box: EventfulPostbox, recall: str, order: Order, word: str
) -> None:
    with closing(a_city(tmp_path, box, lookup=True, recall=recall)) as city:
        city.submit()
        flush_to_the_end(city)
        order(city)
        box.plan(Fault.REFUSE, path="/lookup", times=2)
        for _ in range(2):
            city.clock.advance(minutes=3)
            city.flush()
            assert waits(city)
            assert letters(box) == ["news"]
        city.clock.advance(minutes=3)
        city.flush()
        assert letters(box) == ["news", word]
        assert box.letters[1]["text"].endswith(" L1"), "it knows what it is about"
        assert {status for _, status in walks(city)} == {Status.DELIVERED}


@ORDERS
def test_what_turns_out_not_to_be_out_needs_no_order(
    tmp_path: Path, box: EventfulPostbox, order: Order, word: str
) -> None:
    with closing(a_city(tmp_path, box, lookup=True)) as city:
        city.submit()
        flush_to_the_end(city, End.CUT_OFF)  # and it never goes on
        order(city)
        box.plan(Fault.REFUSE, path="/lookup")
        city.clock.advance(minutes=3)
        city.flush()
        assert waits(city)
        city.clock.advance(minutes=3)
        city.flush()
        assert letters(box) == ([] if word == "withdraw" else ["news"])
        assert all("改正后的标题" in one["text"] for one in box.letters)
        assert walks(city)[0] == (Action.PUBLISH, Status.CANCELLED)


def test_it_waits_no_longer_than_a_call_may_last(tmp_path: Path, box: EventfulPostbox) -> None:
    """Past the deadline for sending the call is in doubt, and the withdrawal goes blindly."""
    with closing(a_city(tmp_path, box, lookup=True)) as city:
        city.submit()
        flush_to_the_end(city)
        withdraw(city)
        box.plan(Fault.REFUSE, path="/lookup", times=-1)
        city.clock.advance(minutes=29)
        city.flush()
        assert waits(city)
        city.clock.advance(minutes=2)
        city.flush()
        assert letters(box) == ["news", "withdraw"]
        assert walks(city) == [
            (Action.PUBLISH, Status.UNKNOWN),
            (Action.WITHDRAW, Status.DELIVERED),
        ]


def test_other_items_do_not_wait(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(a_city(tmp_path, box, lookup=True)) as city:
        city.submit("A-1")
        flush_to_the_end(city)
        withdraw(city)
        city.submit("B-1")
        box.plan(Fault.REFUSE, path="/lookup", times=-1)
        city.clock.advance(minutes=3)
        city.flush()
        assert waits(city)
        assert city.status("B-1", "post") is Status.DELIVERED


@ORDERS
def test_an_order_after_a_death_knows_that_it_may_be_out(
    tmp_path: Path, box: EventfulPostbox, order: Order, word: str
) -> None:
    """Without a look-up the dead worker's call is in doubt; one who may be alive is waited for."""
    with closing(a_city(tmp_path, box)) as city:
        city.submit()
        flush_to_the_end(city)
        order(city)
        city.flush()
        surely_dead = city.publisher.store.database.lock_dies_with_process
        assert letters(box) == (["news", word] if surely_dead else ["news"])
        assert waits(city) is not surely_dead
        city.clock.advance(minutes=3)
        city.flush()
        assert letters(box) == ["news", word]
        assert [status for _, status in walks(city)] == [Status.UNKNOWN, Status.DELIVERED]
