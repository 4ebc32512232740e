"""The website goes first; while it is paused, the others wait for it as long as they would."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Status
from tests.support.city import City, postbox, settings_for
from tests.support.orders import correct, withdraw
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    """The others wait a minute; the website is paused."""
    stanzas = {"web": postbox(box.url, options={"recall": "edits"}), "post": postbox(box.url)}
    settings = settings_for(tmp_path, stanzas, engine={"first": "web", "patience": 60})
    with closing(City(settings)) as found:
        found.publisher.staff.pause("web", by="李办", why="核对", now=found.clock())
        yield found


def resume(city: City) -> None:
    city.publisher.staff.resume("web", by="李办", now=city.clock())


def test_the_others_wait_and_then_go_all_the_same(city: City, box: PostboxSimulator) -> None:
    city.submit()
    for _ in range(2):
        city.flush()
        assert city.statuses("A-1") == {"web": Status.HELD, "post": Status.QUEUED}
        city.clock.advance(seconds=29)
    assert box.letters == []
    city.clock.advance(seconds=3)
    city.flush()
    assert city.statuses("A-1") == {"web": Status.HELD, "post": Status.DELIVERED}
    resume(city)
    city.flush()
    assert len(box.letters) == 2


def test_the_others_follow_at_once_when_it_goes_on(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    city.clock.advance(seconds=10)
    resume(city)
    city.flush("post")
    assert box.letters == [], "it has not gone yet"
    city.flush()
    assert set(city.statuses("A-1").values()) == {Status.DELIVERED}


def test_the_others_follow_at_once_when_a_person_says_that_it_is_out(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    city.publisher.staff.confirm(
        "A-1", "web", by="李办", note="网页已在", evidence=None, now=city.clock()
    )
    city.flush()
    assert set(city.statuses("A-1").values()) == {Status.DELIVERED}
    assert len(box.letters) == 1, "only the other channel's"


def test_a_correction_waits_for_the_page_and_a_withdrawal_for_nobody(
    city: City, box: PostboxSimulator
) -> None:
    resume(city)
    city.submit()
    city.flush()
    city.publisher.staff.pause("web", by="李办", why="核对", now=city.clock())
    correct(city)
    city.flush()
    assert len(box.letters) == 2, "the page does not show it yet"
    city.clock.advance(seconds=61)
    city.flush()
    assert len(box.letters) == 3
    withdraw(city)
    city.flush()
    assert " withdraw " in box.letters[-1]["text"]
    assert city.status("A-1", "post") is Status.DELIVERED
