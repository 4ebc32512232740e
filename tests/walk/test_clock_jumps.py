"""A clock that jumps a day back or forward: nothing is doubled, nothing is stuck for ever.

What was queued for a time that now lies ahead once more waits until the clock is there again; the
price of a jump back is a delay as long as the jump.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.postbox import PostboxSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))
    yield found
    found.close()


def test_after_a_jump_back_it_waits_until_the_clock_is_there_again(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.clock.advance(days=-1)
    city.flush()
    assert city.status("A-1", "post") is Status.QUEUED
    assert box.letters == []
    city.clock.advance(days=1)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


def test_a_retry_set_by_a_clock_that_was_a_day_ahead_comes_when_that_day_comes(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.REFUSE, path="/letters")
    city.clock.advance(days=1)
    city.submit()
    city.flush()
    city.clock.advance(days=-1)
    city.flush()
    assert box.letters == []
    city.clock.advance(days=1, minutes=1)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


def test_after_a_jump_back_a_person_need_not_wait(city: City, box: PostboxSimulator) -> None:
    """What a person does is for now, whatever the clock says now is."""
    box.plan(Fault.CODE, path="/letters", code="422")
    city.submit()
    city.flush()
    city.clock.advance(days=-1)
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="已核对", not_out=False, now=city.clock()
    )
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


@pytest.mark.parametrize("jumps", list(product([-1, 1], repeat=3)), ids=str)
def test_a_whole_life_with_jumps_between_its_steps(
    city: City, box: PostboxSimulator, jumps: tuple[int, int, int]
) -> None:
    """Refused once, corrected, withdrawn, with a jump after each; then the clock goes as usual."""
    first, second, third = jumps
    box.plan(Fault.REFUSE, path="/letters")
    city.submit()
    city.flush()
    city.clock.advance(days=first)
    city.flush()
    amendments = city.publisher.amendments
    data = city.approved(an_item_object(title="改正后的标题"))
    amendments.correct(data, why="数字有误", by="李办", minor=False, now=city.clock())
    city.clock.advance(days=second)
    city.flush()
    amendments.withdraw("A-1", why="不宜公开", by="李办", now=city.clock())
    city.clock.advance(days=third)
    city.flush()
    for _ in range(4):
        city.clock.advance(days=1)
        city.flush()
    (item,) = city.publisher.store.standing.items("A-1")
    assert {one.status for one in item.deliveries} <= {Status.DELIVERED, Status.CANCELLED}
    texts = [one["text"] for one in box.letters]
    assert len(set(texts)) == len(texts), "nothing twice"
    if texts:
        assert " withdraw " in texts[-1], "what got out is taken back, and last"
    assert city.publisher.amendments.exposure("A-1").keys() <= {"post"}


@pytest.mark.parametrize("days", [-2, 2])
def test_a_jump_between_being_taken_and_being_asked_about(tmp_path: Path, days: int) -> None:
    """Back: it is asked about when the clock is there again. Forward: asked before it is late."""
    with PostboxSimulator() as box:
        stanza = postbox(box.url, options={"asynchronous": True}, checks=[60])
        city = City(settings_for(tmp_path, {"post": stanza}))
        city.submit()
        city.flush()
        assert city.status("A-1", "post") is Status.ACCEPTED
        box.states["L1"] = Status.DELIVERED
        city.clock.advance(days=days)
        city.flush()
        expected = Status.DELIVERED if days > 0 else Status.ACCEPTED
        assert city.status("A-1", "post") is expected
        city.clock.advance(days=2, minutes=2)
        city.flush()
        assert city.status("A-1", "post") is Status.DELIVERED
        assert len(box.letters) == 1
        city.close()
