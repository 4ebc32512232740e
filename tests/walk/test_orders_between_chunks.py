"""An order that comes while a delivery is going out person by person.

Who has got the first text is told what became of it; nobody gets that text after the order.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Action, Status
from tests.support.city import City
from tests.support.eventful import EventfulPostbox, correct, walks, withdraw
from tests.support.mortal_postbox import flush_to_the_end
from tests.support.townsfolk import ANN, BEA, CHO, FIRST, city_of_three, heard, some_hours

NEW = "改正后的标题"
WITHDRAWN = {ANN: [FIRST, "withdraw"]}
CORRECTED = {ANN: [FIRST, "correct"], BEA: [NEW], CHO: [NEW]}
ORDERS = [(withdraw, WITHDRAWN), (correct, CORRECTED)]
Order = Callable[[City], object]
Heard = dict[str, list[str]]


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    with closing(city_of_three(tmp_path, box)) as found:
        yield found


@pytest.mark.parametrize(("order", "end"), ORDERS)
def test_ordered_during_the_first_call(
    city: City, box: EventfulPostbox, order: Order, end: Heard
) -> None:
    box.meanwhile = [lambda: order(city)]
    city.submit()
    city.flush()
    some_hours(city)
    assert heard(box) == end


def test_withdrawn_during_the_second_call(city: City, box: EventfulPostbox) -> None:
    box.meanwhile = [lambda: None, lambda: withdraw(city)]
    city.submit()
    city.flush()
    some_hours(city)
    assert heard(box) == {ANN: [FIRST, "withdraw"], BEA: [FIRST, "withdraw"]}


def test_corrected_and_withdrawn_during_the_first_call(city: City, box: EventfulPostbox) -> None:
    box.meanwhile = [lambda: (correct(city), withdraw(city))]
    city.submit()
    city.flush()
    some_hours(city)
    assert heard(box) == WITHDRAWN
    assert walks(city)[1] == (Action.CORRECT, Status.CANCELLED)


def test_corrected_twice_during_the_first_call(city: City, box: EventfulPostbox) -> None:
    box.meanwhile = [lambda: (correct(city), correct(city, "再次改正的标题"))]
    city.submit()
    city.flush()
    some_hours(city)
    assert heard(box) == {
        ANN: [FIRST, "correct"],
        BEA: ["再次改正的标题"],
        CHO: ["再次改正的标题"],
    }


def test_withdrawn_while_the_correction_is_on_its_way(city: City, box: EventfulPostbox) -> None:
    """The correction has reached Ann only; the first text has reached all."""
    city.submit()
    city.flush()
    correct(city)
    box.meanwhile = [lambda: withdraw(city)]
    city.flush()
    some_hours(city)
    assert heard(box) == {
        ANN: [FIRST, "correct", "withdraw"],
        BEA: [FIRST, "withdraw"],
        CHO: [FIRST, "withdraw"],
    }


@pytest.mark.parametrize(("order", "end"), ORDERS)
def test_what_shares_the_letter_still_reaches_everybody_once(
    tmp_path: Path, box: EventfulPostbox, order: Order, end: Heard
) -> None:
    with closing(city_of_three(tmp_path, box, grouping={"kind": "digest"})) as city:
        box.meanwhile = [lambda: order(city)]
        city.submit("A-1")
        city.submit("B-1")
        city.flush()
        some_hours(city)
        assert heard(box) == end
        assert heard(box, "B-1") == {ANN: [FIRST], BEA: [FIRST], CHO: [FIRST]}
        assert city.status("B-1", "post") is Status.ACCEPTED


@pytest.mark.parametrize("grouping", ["each", "digest"])
@pytest.mark.parametrize(("order", "end"), ORDERS)
def test_ordered_when_a_worker_has_died_in_the_first_call(
    tmp_path: Path, box: EventfulPostbox, grouping: str, order: Order, end: Heard
) -> None:
    """What was in that worker's hands may be out, and is: Ann is told."""
    with closing(city_of_three(tmp_path, box, grouping={"kind": grouping})) as city:
        city.submit("A-1")
        city.submit("B-1")
        flush_to_the_end(city)
        assert heard(box) == {ANN: [FIRST]}
        order(city)
        city.flush()
        some_hours(city)
        assert heard(box) == end
        assert heard(box, "B-1") == {ANN: [FIRST], BEA: [FIRST], CHO: [FIRST]}


@pytest.mark.parametrize(("order", "end"), ORDERS)
def test_ordered_before_a_worker_dies_in_the_same_call(
    city: City, box: EventfulPostbox, order: Order, end: Heard
) -> None:
    box.meanwhile = [lambda: order(city)]
    city.submit()
    flush_to_the_end(city)
    city.flush()
    some_hours(city)
    assert heard(box) == end


@pytest.mark.parametrize(("order", "word"), [(withdraw, "withdraw"), (correct, "correct")])
def test_ordered_when_a_worker_has_died_in_the_only_call(
    tmp_path: Path, box: EventfulPostbox, order: Order, word: str
) -> None:
    with closing(city_of_three(tmp_path, box, recipients_per_batch=10)) as city:
        city.submit()
        flush_to_the_end(city)
        order(city)
        city.flush()
        some_hours(city)
        assert heard(box) == {one: [FIRST, word] for one in (ANN, BEA, CHO)}
