"""A corrected text is news for those whom the first one was meant for and did not reach.

Who subscribed since was never promised it.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Action, Status
from tests.simulators.server import Fault
from tests.support.city import City
from tests.support.eventful import EventfulPostbox, correct, withdraw
from tests.support.townsfolk import (
    ANN,
    BEA,
    CHO,
    DAN,
    EVA,
    FIRST,
    city_of_three,
    heard,
    report,
    some_hours,
    subscribe,
)

NEW, NEWER = "改正后的标题", "再次改正的标题"
ALL_BUT_BEA = {ANN: [FIRST, "correct"], BEA: [NEW], CHO: [FIRST, "correct"]}


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    with closing(city_of_three(tmp_path, box)) as found:
        yield found


def test_corrected_in_a_call_that_is_turned_away(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.CODE, path="/letters", code="503", skip=1, times=1)
    box.meanwhile = [lambda: None, lambda: correct(city)]
    city.submit()
    city.flush()
    some_hours(city)
    assert heard(box) == {ANN: [FIRST, "correct"], BEA: [NEW], CHO: [NEW]}


def test_a_call_in_doubt_that_a_person_says_is_not_out_after_a_correction(
    city: City, box: EventfulPostbox
) -> None:
    box.plan(Fault.CODE, path="/letters", code="500", skip=1)
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    correct(city)
    goes_out = city.publisher.staff.resend(
        "A-1",
        "post",
        by="赵值",
        why="已核实",
        not_out=True,
        now=city.clock(),
        action=Action.PUBLISH,
    )
    assert not goes_out
    city.flush()
    some_hours(city)
    assert heard(box) == ALL_BUT_BEA


def test_corrected_after_a_part_has_failed_for_good(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", skip=1)
    city.submit()
    city.flush()
    report(city, box, delivered=[ANN, CHO])
    assert city.status("A-1", "post") is Status.FAILED
    correct(city)
    city.flush()
    some_hours(city)
    assert heard(box) == ALL_BUT_BEA


def test_corrected_after_the_network_could_not_reach_somebody(
    city: City, box: EventfulPostbox
) -> None:
    city.submit()
    city.flush()
    report(city, box, failed=[BEA], delivered=[ANN, CHO])
    correct(city)
    city.flush()
    some_hours(city)
    assert heard(box) == {
        ANN: [FIRST, "correct"],
        BEA: [FIRST, NEW],
        CHO: [FIRST, "correct"],
    }, "Bea's phone was off: the first letter never came out of the network"


def test_nobody_is_told_of_the_end_of_what_never_reached_them(
    city: City, box: EventfulPostbox
) -> None:
    city.submit()
    city.flush()
    report(city, box, failed=[BEA], delivered=[ANN, CHO])
    withdraw(city)
    city.flush()
    some_hours(city)
    assert heard(box) == {ANN: [FIRST, "withdraw"], BEA: [FIRST], CHO: [FIRST, "withdraw"]}


@pytest.mark.parametrize("fault", [None, "422"], ids=["all reached", "Bea not reached"])
def test_a_newcomer_hears_nothing_of_an_old_item_that_is_corrected_twice(
    city: City, box: EventfulPostbox, fault: str | None
) -> None:
    if fault:
        box.plan(Fault.CODE, path="/letters", code=fault, skip=1)
    city.submit()
    city.flush()
    subscribe(city, DAN, EVA)
    correct(city)
    correct(city, NEWER)
    city.flush()
    some_hours(city)
    told = [FIRST, "correct"]
    assert heard(box) == {ANN: told, BEA: [NEWER] if fault else told, CHO: told}


def test_a_newcomer_hears_nothing_when_a_part_was_stopped_by_the_correction(
    city: City, box: EventfulPostbox
) -> None:
    box.plan(Fault.CODE, path="/letters", code="503", skip=1)
    city.submit()
    city.flush()
    subscribe(city, DAN)
    correct(city)
    city.flush()
    some_hours(city)
    assert heard(box) == ALL_BUT_BEA


def test_corrected_before_it_went_out_and_again_months_later(
    city: City, box: EventfulPostbox
) -> None:
    """The first text was never sent to anybody: that it was replaced is no debt."""
    city.submit()
    correct(city)
    city.flush()
    some_hours(city)
    subscribe(city, DAN, EVA)
    city.clock.advance(days=90)
    correct(city, NEWER)
    city.flush()
    some_hours(city)
    assert heard(box) == {one: [NEW, "correct"] for one in (ANN, BEA, CHO)}
