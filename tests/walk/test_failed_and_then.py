"""What failed: confirmed by hand, corrected elsewhere, at its end; and answers that come late."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.render import let_go
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, walks, withdraw
from tests.support.orders import SOON, correct, texts
from tests.support.townsfolk import ANN, BEA, CHO, city_of_three, report, some_hours

PERIOD = {"from": "2026-11-23", "to": "2026-11-27"}
OLD = "关于印发"


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    """A page that is edited in place, and a box that takes letters."""
    web = postbox(box.url, retry=SOON, options={"recall": "edits", "repeatable": True})
    stanzas = {"web": web, "post": postbox(box.url, retry=SOON)}
    with closing(City(settings_for(tmp_path, stanzas))) as found:
        yield found


def concerns(city: City) -> list[tuple[str, Action, Status]]:
    told = city.publisher.store.watching.to_tell(city.clock(), {})
    return [(one.channel, one.action, one.status) for one in told]


def confirm(city: City, channel: str = "post") -> None:
    city.publisher.staff.confirm(
        "A-1", channel, by="李办", note="已手工发出", evidence=None, now=city.clock()
    )


def fail_once(box: EventfulPostbox, *, skip: int = 0, times: int = 1) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", skip=skip, times=times)


def test_what_failed_and_was_done_by_hand_is_confirmed(city: City, box: EventfulPostbox) -> None:
    fail_once(box, skip=1)
    city.submit()
    city.flush("web", "post")
    assert city.statuses("A-1") == {"web": Status.DELIVERED, "post": Status.FAILED}
    confirm(city)
    assert city.status("A-1", "post") is Status.DELIVERED


def test_what_was_withdrawn_is_not_confirmed_where_it_had_failed(
    city: City, box: EventfulPostbox
) -> None:
    fail_once(box, skip=1)
    city.submit()
    city.flush("web", "post")
    withdraw(city)
    city.flush("web", "post")
    with pytest.raises(NotPossible, match="已经撤回"):
        confirm(city)
    assert city.status("A-1", "post") is Status.FAILED


@pytest.mark.parametrize("elsewhere", [True, False], ids=["out elsewhere", "out nowhere"])
def test_what_failed_where_the_correction_does_not_go_is_over(
    city: City, box: EventfulPostbox, *, elsewhere: bool
) -> None:
    fail_once(box, skip=int(elsewhere), times=1 if elsewhere else 2)
    city.submit()
    city.flush("web", "post")
    assert city.status("A-1", "post") is Status.FAILED
    correct(city, channels=["web"])
    some_hours(city)
    assert concerns(city) == []
    with pytest.raises(NotPossible, match="不能重发"):
        city.publisher.staff.resend(
            "A-1", "post", by="赵值", why="再发", not_out=False, now=city.clock()
        )
    city.flush("post")
    assert sum(OLD in text for text in texts(box)) == int(elsewhere)


def test_at_the_end_of_its_time_a_correction_that_failed_still_needs_somebody(
    city: City, box: EventfulPostbox
) -> None:
    city.submit(posting=PERIOD)
    city.flush("web", "post")
    fail_once(box, skip=1)
    correct(city, posting=PERIOD)
    city.flush("web", "post")
    city.clock.advance(days=6)
    assert city.publisher.amendments.expire_due(city.clock()) == ["A-1"]
    city.flush("web", "post")
    assert ("post", Action.CORRECT, Status.FAILED) in concerns(city)


def test_what_is_found_not_to_be_out_has_all_its_time_again(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    """The look-up is down for forty minutes, and the box is busy once after that."""
    retry = {"attempts": 5, "base": 10, "ceiling": 60}
    stanza = postbox(box.url, retry=retry, options={"timeout": 10}, checks=[60])
    stanza["adapter"] = "tests.support.lookup_postbox"
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        box.plan(Fault.DROP, path="/letters")
        box.plan(Fault.REFUSE, path="/letters")
        box.plan(Fault.REFUSE, path="/lookup", times=40)
        city.submit()
        city.flush()
        assert city.status("A-1", "post") is Status.UNKNOWN
        for _ in range(60):
            city.clock.advance(minutes=1)
            city.flush()
        assert walks(city) == [(Action.PUBLISH, Status.DELIVERED)]


def test_withdrawn_between_the_question_what_is_due_and_the_answer(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        fail_once(box, skip=1)
        city.submit()
        city.flush()
        report(city, box, delivered=[ANN, CHO])
        now: datetime = city.clock()
        city.publisher.staff.resend("A-1", "post", by="赵值", why="再发", not_out=False, now=now)
        assert city.publisher.vault
        city.publisher.store.subscribers.stop(
            city.publisher.vault.index(BEA), shown="", by="李办", now=now
        )
        courier, route = city.publisher.courier(), city.publisher.routes["post"]
        (due,) = courier.due(route.channel)
        withdraw(city)
        before = walks(city)
        let_go(courier, route, due, "没有订户要收到这一条")
        assert walks(city) == before
