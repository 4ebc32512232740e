"""A paused channel sends nothing; what waits there goes on, or is said to be out already."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from publisher.model import Status
from publisher.operations import NotPossible
from publisher.orders import Seen
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox
from tests.support.orders import exposed, withdraw
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox(box.url), "other": postbox(box.url)}))
    yield found
    found.close()


def pause(city: City) -> None:
    city.publisher.staff.pause("post", by="李办", why="核对", now=city.clock())


def test_a_paused_channel_holds_and_the_others_go_on(city: City, box: PostboxSimulator) -> None:
    pause(city)
    city.submit()
    city.flush()
    assert city.statuses("A-1") == {"post": Status.HELD, "other": Status.DELIVERED}
    held = city.publisher.store.standing.delivery("A-1", "post")
    assert held
    assert "李办" in held.reason
    assert "核对" in held.reason
    city.publisher.staff.resume("post", by="李办", now=city.clock())
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 2


def test_paused_in_mid_call_the_call_ends_and_no_other_begins(
    city: City, box: EventfulPostbox
) -> None:
    for number in (1, 2, 3):
        city.submit(f"A-{number}")
    box.meanwhile.append(lambda: pause(city))
    city.flush("post")
    assert len(box.letters) == 1
    assert [city.status(f"A-{one}", "post") for one in (1, 2, 3)] == [
        Status.DELIVERED,
        Status.HELD,
        Status.HELD,
    ]
    city.publisher.staff.resume("post", by="李办", now=city.clock())
    city.flush("post")
    assert len(box.letters) == 3


def test_what_went_out_before_a_restore_is_said_to_be_out(
    city: City, box: PostboxSimulator
) -> None:
    pause(city)
    city.submit()
    city.flush()
    city.publisher.staff.confirm(
        "A-1", "post", by="李办", note="备份之后已发出", evidence=None, now=city.clock()
    )
    city.publisher.staff.resume("post", by="李办", now=city.clock())
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1, "only the other channel's"
    assert exposed(city)["post"] is Seen.SEEN, "a withdrawal will find it"


def test_pausing_twice_and_resuming_what_runs_is_said(city: City) -> None:
    with pytest.raises(NotPossible, match="没有暂停"):
        city.publisher.staff.resume("post", by="李办", now=city.clock())
    pause(city)
    with pytest.raises(NotPossible, match="已经是暂停"):
        pause(city)
    with pytest.raises(NotPossible, match="没有名为"):
        city.publisher.staff.pause("fax", by="李办", why="核对", now=city.clock())


def test_a_withdrawal_of_what_is_held_cancels_it(city: City, box: PostboxSimulator) -> None:
    pause(city)
    city.submit()
    city.flush("post")
    city.publisher.amendments.withdraw("A-1", why="不宜公开", by="李办", now=city.clock())
    assert set(city.statuses("A-1").values()) == {Status.CANCELLED}
    assert box.letters == []


def test_what_is_urgent_and_held_is_told_at_once(city: City) -> None:
    """A withdrawal that cannot go out leaves the text where it is: that does not wait a day."""
    city.submit("A-1")
    city.flush()
    pause(city)
    city.submit("A-2")
    withdraw(city)
    city.flush()
    with capture_logs() as logs:
        assert city.publisher.watch.tend()
        assert city.publisher.watch.tend()
    (alert,) = [entry for entry in logs if entry["event"] == "alert"]
    (line,) = alert["lines"]
    assert line.startswith("邮箱｜暂停｜A-1")
    assert "publisher resume post" in line
    city.clock.advance(days=1)
    with capture_logs() as logs:
        assert city.publisher.watch.tend()
    (alert,) = [entry for entry in logs if entry["event"] == "alert"]
    assert len(alert["lines"]) == 2, "at the deadline as ever"
