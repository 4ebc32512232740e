"""A quota that never opens again: an order ends after its deadline, and then a person is asked."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import ReasonClass, Status
from publisher.orders import Seen
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw
from tests.support.orders import exposed

ORDERS = pytest.mark.parametrize(
    ("order", "word"), [(withdraw, "withdraw"), (correct, "correct")], ids=["withdraw", "correct"]
)
Order = Callable[[City], object]


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    """What is queued is to be out within a day."""
    stanza = postbox(box.url, retry={"attempts": 3, "base": 10, "ceiling": 3600})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as found:
        found.submit()
        found.flush()
        yield found


def used_up(box: EventfulPostbox, times: int = -1) -> None:
    box.plan(Fault.CODE, path="/letters", code="429", times=times)


def hours(city: City, many: int) -> None:
    for _ in range(many):
        city.clock.advance(hours=2)
        city.flush()


@ORDERS
def test_it_is_tried_for_a_day_and_then_a_person_is_asked(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    order(city)
    used_up(box)
    hours(city, 11)
    assert walks(city)[1][1] is Status.QUEUED
    hours(city, 3)
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.FAILED
    assert found.reason_class == ReasonClass.QUOTA
    assert "邮箱额度用完" in found.reason
    (told,) = city.publisher.store.watching.to_tell(city.clock(), {})
    assert told.id == found.id, "staff are asked"
    if word == "withdraw":
        assert exposed(city) == {"post": Seen.WITHDRAWING}
    tried = len(box.calls)
    hours(city, 12)
    assert len(box.calls) == tried, "no more tries"

    box.script.clear()
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="额度已加", not_out=False, now=city.clock()
    )
    city.flush()
    assert letters(box) == ["news", word]


@ORDERS
def test_a_quota_that_opens_in_time_costs_nothing_but_time(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    order(city)
    used_up(box, times=5)
    hours(city, 11)
    assert letters(box) == ["news", word]
    assert walks(city)[1][1] is Status.DELIVERED


@ORDERS
def test_a_second_day_begins_with_a_persons_word(
    city: City, box: EventfulPostbox, order: Order, word: str
) -> None:
    order(city)
    used_up(box)
    hours(city, 14)
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="再试", not_out=False, now=city.clock()
    )
    hours(city, 6)
    assert walks(city)[1][1] is Status.QUEUED, f"the {word} has a day again"
    hours(city, 8)
    assert walks(city)[1][1] is Status.FAILED
