"""After a restore: what a person says is out while its channel is paused goes out no more.

The database may have forgotten the call, or remember only that it was to be tried again.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.orders import Seen
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import correct, withdraw
from tests.support.orders import SOON, exposed, texts
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


def hold(city: City) -> None:
    city.publisher.staff.pause("post", by="李办", why="从备份恢复", now=city.clock())
    city.clock.advance(hours=1)
    city.flush()
    assert city.status("A-1", "post") is Status.HELD


def say_that_it_is_out_and_go_on(city: City) -> None:
    city.publisher.staff.confirm(
        "A-1", "post", by="李办", note="备份之后已发出", evidence=None, now=city.clock()
    )
    assert city.status("A-1", "post") is Status.DELIVERED
    some_hours(city, 1)
    city.publisher.staff.resume("post", by="李办", now=city.clock())
    some_hours(city)
    assert city.status("A-1", "post") is Status.DELIVERED


@pytest.mark.parametrize("recall", ["follow_up", "deletes"])
def test_a_frozen_batch_that_waited_for_its_next_try_goes_out_no_more(
    tmp_path: Path, box: PostboxSimulator, recall: str
) -> None:
    stanza = postbox(box.url, retry=SOON, options={"recall": recall})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        box.plan(Fault.REFUSE, path="/letters")
        city.submit()
        city.flush()
        hold(city)
        say_that_it_is_out_and_go_on(city)
        assert box.letters == []
        assert exposed(city)["post"] is Seen.SEEN
        withdraw(city)
        city.flush()
        assert len(texts(box, " withdraw ")) == len(box.letters) == 1


def test_what_lay_frozen_with_it_still_goes_out_once(tmp_path: Path, box: PostboxSimulator) -> None:
    """The person has looked for one item; of the other nobody has said anything."""
    stanza = postbox(box.url, retry=SOON, grouping={"kind": "bundle"})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        box.plan(Fault.REFUSE, path="/letters")
        city.submit("A-1")
        city.submit("B-1")
        city.flush()
        hold(city)
        say_that_it_is_out_and_go_on(city)
        (only,) = texts(box)
        assert only.startswith("B-1 ")
        assert "A-1 " not in only
        assert city.status("B-1", "post") is Status.DELIVERED


REACHED_BEFORE = pytest.mark.parametrize("reached", [0, 1], ids=["nobody yet", "Ann"])


@REACHED_BEFORE
def test_person_by_person_it_goes_out_no_more_and_all_hear_of_the_withdrawal(
    tmp_path: Path, box: PostboxSimulator, reached: int
) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        box.plan(Fault.REFUSE, path="/letters", skip=reached, times=3 - reached)
        city.submit()
        city.flush()
        if reached:
            box.reports["L1"] = {ANN: "delivered"}
        hold(city)
        say_that_it_is_out_and_go_on(city)
        before = {ANN: [FIRST]} if reached else {}
        assert heard(box) == before
        withdraw(city)
        some_hours(city)
        assert heard(box) == {one: [*before.get(one, []), "withdraw"] for one in (ANN, BEA, CHO)}


@pytest.mark.parametrize(("order", "word"), [(withdraw, "withdraw"), (correct, "correct")])
def test_what_the_database_forgot_is_told_to_those_who_wanted_it_then(
    tmp_path: Path, box: PostboxSimulator, order: Callable[[City], object], word: str
) -> None:
    """It was never frozen here: those who had asked when it was confirmed are those who got it."""
    with closing(city_of_three(tmp_path, box)) as city:
        city.submit()
        hold(city)
        say_that_it_is_out_and_go_on(city)
        assert box.letters == []
        subscribe(city, DAN)
        order(city)
        some_hours(city)
        assert heard(box) == {one: [word] for one in (ANN, BEA, CHO)}
