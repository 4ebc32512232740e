"""An addressed channel whose other side says at once that a letter is delivered."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.orders import Seen
from tests.simulators.server import Fault
from tests.support.city import City
from tests.support.eventful import correct, walks, withdraw
from tests.support.orders import exposed
from tests.support.postbox import PostboxSimulator
from tests.support.townsfolk import (
    ANN,
    BEA,
    CHO,
    DAN,
    FIRST,
    city_of_three,
    heard,
    some_hours,
    subscribe,
)

ORDERS = pytest.mark.parametrize(
    ("order", "word"), [(withdraw, "withdraw"), (correct, "correct")], ids=["withdraw", "correct"]
)


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    with closing(city_of_three(tmp_path, box, options={"asynchronous": False})) as found:
        yield found


@ORDERS
def test_its_people_are_told_of_what_follows(
    city: City, box: PostboxSimulator, order: Callable[[City], object], word: str
) -> None:
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    subscribe(city, DAN)
    order(city)
    some_hours(city)
    assert heard(box) == {one: [FIRST, word] for one in (ANN, BEA, CHO)}
    assert {status for _, status in walks(city)} == {Status.DELIVERED}


def test_exposure_knows_how_many_have_it(city: City) -> None:
    city.submit()
    city.flush()
    assert city.publisher.amendments.exposure("A-1")["post"].people == 3
    withdraw(city)
    city.flush()
    assert exposed(city) == {"post": Seen.REMAINS}


def test_what_a_person_sends_again_goes_to_the_rest_only(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", skip=1)
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.FAILED
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="再发", not_out=False, now=city.clock()
    )
    city.flush()
    assert heard(box) == {ANN: [FIRST], BEA: [FIRST], CHO: [FIRST]}
