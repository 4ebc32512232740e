"""What failed in a channel and has been taken back since stays failed, and troubles nobody."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action, Status
from publisher.operations import NotPossible
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, walks, withdraw
from tests.support.orders import SOON
from tests.support.townsfolk import ANN, CHO, FIRST, city_of_three, heard, report, some_hours

PERIOD = {"from": "2026-11-23", "to": "2026-11-27"}


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    """It fails for good in `post` and `board`, the first that are called; `web` carries it."""
    kinds: dict[str, dict[str, Any]] = {
        "post": {},
        "board": {"recall": "human"},
        "web": {"recall": "edits", "repeatable": True},
    }
    stanzas = {
        name: postbox(box.url, retry=SOON, options={"timeout": 10, **options})
        for name, options in kinds.items()
    }
    box.plan(Fault.CODE, path="/letters", code="422", times=2)
    with closing(City(settings_for(tmp_path, stanzas))) as found:
        yield found


def resend(city: City, channel: str) -> None:
    city.publisher.staff.resend(
        "A-1",
        channel,
        by="赵值",
        why="再发",
        not_out=False,
        now=city.clock(),
        action=Action.PUBLISH,
    )


def asks_for_nothing(city: City) -> bool:
    """No alert about the item for three days, and nothing of it is past its time."""
    told = []
    for _ in range(12):
        told += city.publisher.store.watching.to_tell(city.clock(), {})
        city.clock.advance(hours=6)
    return (told, city.publisher.store.watching.overdue(city.clock())) == ([], {})


@pytest.mark.parametrize("channel", ["post", "board"])
def test_what_failed_and_was_withdrawn_is_not_sent_again(
    city: City, box: EventfulPostbox, channel: str
) -> None:
    city.submit()
    city.flush()
    assert city.status("A-1", channel) is Status.FAILED
    withdraw(city)
    city.flush()
    many = len(box.letters)
    with pytest.raises(NotPossible, match="撤回"):
        resend(city, channel)
    some_hours(city)
    assert len(box.letters) == many == 2, "the page and its withdrawal"
    assert city.status("A-1", channel) is Status.FAILED


def test_staff_were_asked_to_send_it_again_and_are_no_more(city: City) -> None:
    city.submit()
    city.flush()
    assert len(city.publisher.store.watching.to_tell(city.clock(), {})) == 2
    withdraw(city)
    city.flush()
    assert asks_for_nothing(city)


@pytest.mark.parametrize("channel", ["post", "board"])
def test_what_failed_and_has_expired_is_not_sent_again(
    city: City, box: EventfulPostbox, channel: str
) -> None:
    city.submit(posting=PERIOD)
    city.flush()
    assert city.status("A-1", channel) is Status.FAILED
    city.clock.advance(days=6)
    assert city.publisher.amendments.expire_due(city.clock()) == ["A-1"]
    city.flush()
    with pytest.raises(NotPossible, match="到期"):
        resend(city, channel)
    some_hours(city)
    assert len(box.letters) == 2, "the page, and that it has expired"
    assert asks_for_nothing(city)


def test_what_expires_nowhere_else_is_not_sent_again_either(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    """Its only channel failed: the end of its time makes no order, and is its end all the same."""
    box.plan(Fault.CODE, path="/letters", code="422")
    with closing(City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))) as city:
        city.submit(posting=PERIOD)
        city.flush()
        city.clock.advance(days=6)
        city.publisher.amendments.expire_due(city.clock())
        with pytest.raises(NotPossible, match="到期"):
            resend(city, "post")
        city.flush()
        assert box.letters == []
        assert asks_for_nothing(city)


def test_what_has_failed_everywhere_can_be_withdrawn(tmp_path: Path, box: EventfulPostbox) -> None:
    box.plan(Fault.CODE, path="/letters", code="422")
    with closing(City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))) as city:
        city.submit()
        city.flush()
        placed = withdraw(city)
        assert (placed.ordered, placed.stopped) == ((), ())
        with pytest.raises(NotPossible, match="撤回"):
            resend(city, "post")
        with pytest.raises(NotPossible, match="已经撤回"):
            withdraw(city)
        some_hours(city)
        assert box.letters == []
        assert asks_for_nothing(city)


def test_withdrawn_in_the_call_in_which_it_fails(tmp_path: Path, box: EventfulPostbox) -> None:
    stanza = postbox(box.url, retry=SOON, options={"timeout": 10})
    box.plan(Fault.CODE, path="/letters", code="422")
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        box.meanwhile = [lambda: withdraw(city)]
        city.submit()
        city.flush()
        assert walks(city)[0] == (Action.PUBLISH, Status.FAILED)
        with pytest.raises(NotPossible, match="撤回"):
            resend(city, "post")
        some_hours(city)
        assert box.letters == []
        assert asks_for_nothing(city)


def test_a_part_failed_and_the_rest_is_told_of_the_withdrawal(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", skip=1)
    with closing(city_of_three(tmp_path, box)) as city:
        city.submit()
        city.flush()
        report(city, box, delivered=[ANN, CHO])
        assert city.status("A-1", "post") is Status.FAILED
        withdraw(city)
        with pytest.raises(NotPossible, match="撤回"):
            resend(city, "post")
        some_hours(city)
        assert heard(box) == {ANN: [FIRST, "withdraw"], CHO: [FIRST, "withdraw"]}
        with pytest.raises(NotPossible, match="撤回"):
            resend(city, "post")
