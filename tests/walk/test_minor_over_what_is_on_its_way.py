"""A minor correction mends what is still on its way and tells nobody who has the text already."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.operations import NotPossible
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox
from tests.support.orders import SOON, correct
from tests.support.townsfolk import (
    ANN,
    BEA,
    CHO,
    DAN,
    FIRST,
    city_of_three,
    heard,
    report,
    some_hours,
    subscribe,
)

SMALL = "小改后的标题"


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


def mend(city: City) -> None:
    correct(city, title=SMALL, minor=True, why="错别字")


def a_day(city: City) -> None:
    city.clock.advance(hours=24)
    city.flush()


@pytest.mark.parametrize("recall", ["deletes", "follow_up", "edits", "human"])
def test_a_correction_that_waits_for_its_time_goes_out_with_the_newest_text(
    tmp_path: Path, box: EventfulPostbox, recall: str
) -> None:
    stanza = postbox(
        box.url,
        retry=SOON,
        grouping={"kind": "bundle", "at": "18:00"},
        options={"recall": recall, "repeatable": recall in {"edits", "human"}},
    )
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        city.submit()
        a_day(city)
        correct(city, title="大改后的标题", why="数字有误")
        mend(city)
        a_day(city)
        a_day(city)
        assert len(box.letters) == 2
        last = box.letters[-1]["text"]
        assert SMALL in last
        assert " correct 数字有误 " in last, "citizens are told why, and of nothing minor"
        assert city.status("A-1", "post") is Status.DELIVERED


@pytest.mark.parametrize("recall", ["deletes", "follow_up", "edits"])
def test_a_correction_that_was_turned_away_goes_out_with_the_newest_text(
    tmp_path: Path, box: EventfulPostbox, recall: str
) -> None:
    options = {"recall": recall, "repeatable": recall == "edits"}
    stanza = postbox(box.url, retry=SOON, options=options)
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        city.submit()
        city.flush()
        correct(city, title="大改后的标题", why="数字有误")
        box.plan(Fault.REFUSE, path="/letters")
        city.flush()
        mend(city)
        some_hours(city)
        assert len(box.letters) == 2
        assert f" {SMALL} " in box.letters[1]["text"]
        assert " correct 数字有误 " in box.letters[1]["text"]


def test_mended_while_its_correction_is_being_sent(tmp_path: Path, box: EventfulPostbox) -> None:
    """The call is turned away: what goes out then is the newest text, as the correction."""
    stanza = postbox(box.url, retry=SOON, options={"timeout": 10})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        city.submit()
        city.flush()
        correct(city, title="大改后的标题", why="数字有误")
        box.plan(Fault.CODE, path="/letters", code="503")
        box.meanwhile = [lambda: mend(city)]
        city.flush()
        some_hours(city)
        assert len(box.letters) == 2
        assert f" {SMALL} " in box.letters[1]["text"]
        assert " correct 数字有误 " in box.letters[1]["text"]


def test_the_rest_of_a_delivery_gets_the_newest_text(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        box.plan(Fault.REFUSE, path="/letters", skip=1, times=2)
        city.submit()
        city.flush()
        subscribe(city, DAN)
        mend(city)
        some_hours(city)
        assert heard(box) == {ANN: [FIRST], BEA: [SMALL], CHO: [SMALL]}


def test_mended_while_the_first_is_being_reached(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        box.meanwhile = [lambda: mend(city)]
        city.submit()
        city.flush()
        some_hours(city)
        assert heard(box) == {ANN: [FIRST], BEA: [SMALL], CHO: [SMALL]}


def test_the_rest_of_a_correction_gets_the_newest_text(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    """Ann has been told of the correction; the others are told of it with the mended text."""
    with closing(city_of_three(tmp_path, box)) as city:
        city.submit()
        city.flush()
        correct(city, title="大改后的标题", why="数字有误")
        box.plan(Fault.REFUSE, path="/letters", skip=1, times=2)
        city.flush()
        mend(city)
        some_hours(city)
        told = [FIRST, "correct"]
        assert heard(box) == {ANN: told, BEA: told, CHO: told}
        mended = [letter["to"] for letter in box.letters if SMALL in letter["text"]]
        assert sorted(mended) == [[BEA], [CHO]]


def test_what_failed_for_good_goes_out_mended_if_at_all(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        box.plan(Fault.CODE, path="/letters", code="422", skip=1)
        city.submit()
        city.flush()
        report(city, box, delivered=[ANN, CHO])
        mend(city)
        some_hours(city)
        with suppress(NotPossible):  # where it has gone out by itself there is nothing to resend
            city.publisher.staff.resend(
                "A-1", "post", by="赵值", why="再发", not_out=False, now=city.clock()
            )
        some_hours(city)
        assert heard(box) == {ANN: [FIRST], BEA: [SMALL], CHO: [FIRST]}
