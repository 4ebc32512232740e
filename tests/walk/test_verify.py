"""What was delivered is looked at again; what is gone is lost, told, and can be sent again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.robot import RobotSimulator
from tests.support.watched_postbox import WatchedSimulator

HOUR, DAY = 3600, 86400


@pytest.fixture
def box() -> Iterator[WatchedSimulator]:
    with WatchedSimulator() as simulator:
        yield simulator


@pytest.fixture
def robot() -> Iterator[RobotSimulator]:
    with RobotSimulator() as simulator:
        yield simulator


def a_city(folder: Path, box: WatchedSimulator, robot: RobotSimulator, **rules: Any) -> City:
    stanza = postbox(box.url, **({"verify": [HOUR, DAY], "checks": [60, 600]} | rules))
    stanza["adapter"] = "tests.support.watched_postbox"
    return City(settings_for(folder, {"post": stanza}, alerts=robot.stanza()))


@pytest.fixture
def city(tmp_path: Path, box: WatchedSimulator, robot: RobotSimulator) -> Iterator[City]:
    found = a_city(tmp_path, box, robot)
    found.submit()
    found.flush()
    yield found
    found.close()


def flush(city: City, **later: float) -> None:
    city.clock.advance(**later)
    city.flush()
    city.publisher.watch.tend()


def kinds(city: City) -> list[tuple[str, str]]:
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    lines = city.publisher.store.standing.history(found.id)
    return [(line.kind, line.outcome) for line in lines if line.kind != "receipt"]


def test_what_stands_is_looked_at_at_the_times_set_and_then_no_more(
    city: City, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    flush(city, minutes=59)
    assert box.looks == 0
    flush(city, minutes=2)
    assert box.looks == 1
    flush(city, hours=22)
    assert box.looks == 1
    flush(city, hours=2)
    assert box.looks == 2
    flush(city, days=300)
    assert box.looks == 2
    assert city.status("A-1", "post") is Status.DELIVERED
    assert kinds(city) == [("send", "delivered"), ("verify", "delivered"), ("verify", "delivered")]
    assert robot.told == []


def test_a_look_that_was_missed_is_made_up_for_once(city: City, box: WatchedSimulator) -> None:
    flush(city, days=3)
    flush(city, minutes=1)
    assert box.looks == 1


def test_what_is_gone_is_lost_told_once_and_can_be_sent_again(
    city: City, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    box.letters[0]["text"] = ""
    flush(city, hours=2)
    flush(city, minutes=5)
    assert city.status("A-1", "post") is Status.LOST
    assert kinds(city)[-1] == ("verify", "lost")
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜已失效｜A-1")
    assert "信被人拿走了" in line
    assert "publisher resend A-1 --channel post" in line
    flush(city, days=2)
    assert box.looks == 1, "what is lost is not looked for"
    assert len(robot.told) == 2, "and once more at its deadline"

    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="补发", not_out=False, now=city.clock()
    )
    flush(city)
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 2
    flush(city, hours=2)
    assert box.looks == 2
    assert city.status("A-1", "post") is Status.DELIVERED, "the new letter stands"
    box.letters[1]["text"] = ""
    flush(city, days=2)
    assert city.status("A-1", "post") is Status.LOST
    assert len(robot.told) == 3


def test_what_cannot_be_looked_at_is_not_lost(
    city: City, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    box.plan(Fault.REFUSE, "/seen", times=3)
    flush(city, hours=1)
    flush(city, seconds=59)
    assert len(box.calls) == 2, "a letter and one look: asked again when a check would be"
    flush(city, seconds=2)
    assert city.publisher.watch.troubles() == []
    flush(city, minutes=11)
    (trouble,) = city.publisher.watch.troubles()
    assert "连续 3 次以上复查不成" in trouble
    assert city.status("A-1", "post") is Status.DELIVERED
    assert robot.told == []
    flush(city, minutes=11)
    assert city.publisher.watch.troubles() == []
    assert kinds(city)[-1] == ("verify", "delivered")
    flush(city, days=1)
    assert box.looks == 5


def test_an_adapter_that_breaks_while_looking_spoils_nothing(
    city: City, box: WatchedSimulator
) -> None:
    box.plan(Fault.NONSENSE, "/seen")
    city.submit("A-2")
    flush(city, hours=2)
    assert city.status("A-1", "post") is Status.DELIVERED
    assert city.status("A-2", "post") is Status.DELIVERED


def test_sending_comes_first_and_looking_has_its_limit(
    tmp_path: Path, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    city = a_city(tmp_path, box, robot)
    for number in range(25):
        city.submit(f"A-{number}")
    city.flush()
    flush(city, hours=2)
    assert box.looks == 20
    city.submit("B-1")
    flush(city, seconds=1)
    assert [call.path for call in box.calls[45:]] == ["/letters", *["/seen"] * 5]
    city.close()


def test_looking_stops_when_something_falls_due(
    tmp_path: Path, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    city = a_city(tmp_path, box, robot)
    for number in range(3):
        city.submit(f"A-{number}")
    city.flush()
    box.meanwhile = lambda: city.submit("B-1")
    flush(city, hours=2)
    assert [call.path for call in box.calls[3:]] == ["/seen", "/letters", "/seen", "/seen"]
    city.close()


def test_a_channel_that_is_not_told_to_look_does_not(
    tmp_path: Path, box: WatchedSimulator, robot: RobotSimulator
) -> None:
    city = a_city(tmp_path, box, robot, verify=[])
    city.submit()
    city.flush()
    flush(city, days=300)
    assert box.looks == 0
    city.close()
