"""Health says of each channel what waits, what went well last, what went wrong last."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.store.health import Health
from tests.simulators.server import Fault
from tests.support.city import City
from tests.support.orders import correct
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import townhall


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(database: str, tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    assert database
    with townhall(tmp_path, box.url) as found:
        yield found


def health(city: City, channel: str = "post") -> Health:
    found = city.publisher.store.health.of(city.publisher.routes, city.clock())
    assert list(found) == ["post", "board", "digest"]
    return found[channel]


def test_a_channel_that_has_done_nothing(city: City) -> None:
    nothing = Health(waiting={}, oldest_due=None, last_success=None, last_trouble=None, tries={})
    assert health(city) == nothing


def test_what_waits_and_since_when(city: City) -> None:
    city.submit("A-1")
    began = city.clock()
    city.clock.advance(minutes=5)
    city.submit("A-2")
    assert health(city).waiting == {Status.QUEUED: 2}
    assert health(city).oldest_due == began
    city.flush("board")
    assert health(city, "board").waiting == {Status.AWAITING: 2}
    assert health(city, "board").oldest_due is None


def test_the_last_success_is_the_last_that_was_sent(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    city.submit("A-1")
    city.flush("post")
    assert health(city).last_success is None
    city.clock.advance(minutes=5)
    city.submit("A-2", title="第二条")
    city.flush("post")
    good = health(city).last_success
    assert good
    assert (good.item_id, good.title, good.at) == ("A-2", "第二条", city.clock())
    city.clock.advance(minutes=5)
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="已修好", not_out=False, now=city.clock()
    )
    city.flush("post")
    again = health(city).last_success
    assert again
    assert (again.item_id, again.at) == ("A-1", city.clock()), "though it is the older item"
    assert health(city, "board").last_success is None


def test_the_last_trouble_is_one_that_still_stands(city: City, box: PostboxSimulator) -> None:
    for number, fault in ((1, Fault.CODE), (2, Fault.RESET)):
        box.plan(fault, "/letters", code="422")
        city.submit(f"A-{number}")
        city.flush("post")
        city.clock.advance(minutes=5)
    bad = health(city).last_trouble
    assert bad
    assert (bad.item_id, bad.status) == ("A-2", Status.UNKNOWN)
    assert bad.reason
    city.publisher.staff.confirm(
        "A-2", "post", by="赵值", note="已到", evidence=None, now=city.clock()
    )
    older = health(city).last_trouble
    assert older
    assert (older.item_id, older.status, older.reason_class) == ("A-1", Status.FAILED, "provider")
    correct(city)
    city.flush("post")
    assert health(city).last_trouble is None, "what was replaced troubles nobody"
    assert health(city).waiting == {}


def test_the_tries_of_a_day(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    for number in range(1, 4):
        city.submit(f"A-{number}")
    city.flush("post")
    assert health(city).tries == {Status.FAILED: 1, Status.DELIVERED: 2}
    assert health(city, "board").tries == {}
    city.clock.advance(hours=25)
    city.submit("A-4")
    city.flush("post")
    assert health(city).tries == {Status.DELIVERED: 1}
