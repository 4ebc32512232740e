"""The commands that an alert prints can be given as they stand, and mean what they are told for."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.channel import Recall
from publisher.model import Action, Status
from publisher.operations import NotPossible
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox
from tests.support.orders import correct, deliveries
from tests.support.robot import RobotSimulator

_COMMAND = re.compile(r"publisher (confirm|resend) (\S+) --channel (\w+)(?: --delivery (\d+))?")


@pytest.fixture
def robot() -> Iterator[RobotSimulator]:
    with RobotSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox, robot: RobotSimulator) -> Iterator[City]:
    board = postbox(
        box.url,
        adapter="tests.support.watched_postbox",
        options={"by_hand": True, "recall": Recall.HUMAN, "repeatable": True},
    )
    channels = {"post": postbox(box.url), "board": board}
    found = City(settings_for(tmp_path, channels, alerts=robot.stanza()))
    yield found
    found.close()


def told(city: City, robot: RobotSimulator) -> list[str]:
    """The lines of the alert that comes now."""
    assert city.publisher.watch.tend()
    return robot.lines[-1]


def commands(line: str) -> list[tuple[str, str, str]]:
    """What staff are to type, each with its channel and the delivery it names."""
    return [(found[1], found[3], found[4] or "") for found in _COMMAND.finditer(line)]


def confirm(city: City, line: str) -> None:
    """Give the confirmation that this line prints."""
    ((_, channel, number),) = [one for one in commands(line) if one[0] == "confirm"]
    given = int(number) if number else None
    city.publisher.staff.confirm(
        "A-1", channel, by="赵值", note="已贴", evidence=None, now=city.clock(), number=given
    )


def number_of(city: City, channel: str, action: Action) -> str:
    (item,) = city.publisher.store.standing.items("A-1")
    (one,) = [one for one in item.deliveries if (one.channel, one.action) == (channel, action)]
    return str(one.id)


def test_what_is_alone_needs_no_number(city: City, robot: RobotSimulator) -> None:
    city.submit()
    city.flush()
    (line,) = told(city, robot)
    assert commands(line) == [("confirm", "board", "")]
    confirm(city, line)
    assert city.status("A-1", "board") is Status.DELIVERED


def test_of_two_that_await_a_person_each_is_named(city: City, robot: RobotSimulator) -> None:
    city.submit()
    city.flush()
    correct(city)
    city.flush()
    first, second = told(city, robot)
    assert commands(first) == [("confirm", "board", number_of(city, "board", Action.PUBLISH))]
    assert commands(second) == [("confirm", "board", number_of(city, "board", Action.CORRECT))]
    confirm(city, first)
    assert dict(deliveries(city, "board"))[Action.PUBLISH] is Status.DELIVERED
    assert dict(deliveries(city, "board"))[Action.CORRECT] is Status.AWAITING
    confirm(city, second)
    assert dict(deliveries(city, "board"))[Action.CORRECT] is Status.DELIVERED


def test_an_older_one_in_doubt_is_named_and_a_newer_one_is_not(
    city: City, box: EventfulPostbox, robot: RobotSimulator
) -> None:
    city.submit()
    box.plan(Fault.RESET, "/letters")
    city.flush("post")
    correct(city)
    city.flush("post")
    (line,) = told(city, robot)
    number = number_of(city, "post", Action.PUBLISH)
    assert commands(line) == [("confirm", "post", number), ("resend", "post", number)]
    confirm(city, line)
    assert set(dict(deliveries(city, "post")).values()) == {Status.DELIVERED}


def test_the_newest_in_doubt_is_what_a_plain_command_means(
    city: City, box: EventfulPostbox, robot: RobotSimulator
) -> None:
    city.submit()
    city.flush("post")
    correct(city)
    box.plan(Fault.RESET, "/letters")
    city.flush("post")
    (line,) = told(city, robot)
    assert commands(line) == [("confirm", "post", ""), ("resend", "post", "")]
    confirm(city, line)
    assert city.status("A-1", "post") is Status.DELIVERED


def test_what_failed_after_a_newer_order_has_come_needs_nobody(
    city: City, box: EventfulPostbox, robot: RobotSimulator
) -> None:
    """It cannot be sent again, so nobody is told to."""
    city.submit()
    box.plan(Fault.CODE, "/letters", code="422")
    box.meanwhile.append(lambda: correct(city))
    city.flush("post")
    assert dict(deliveries(city, "post"))[Action.PUBLISH] is Status.FAILED
    assert city.publisher.watch.tend()
    assert robot.told == []


def test_of_two_corrections_in_doubt_each_is_named_and_meant(
    city: City, box: EventfulPostbox, robot: RobotSimulator
) -> None:
    city.submit()
    city.flush("post")
    for title in ("第一次更正", "第二次更正"):
        correct(city, title=title)
        box.plan(Fault.RESET, "/letters")
        city.flush("post")
    first, second = told(city, robot)
    with pytest.raises(NotPossible, match="请写明是哪一件的编号"):
        city.publisher.staff.confirm(
            "A-1", "post", by="赵值", note="看到了", evidence=None, now=city.clock()
        )
    confirm(city, first)
    assert [status for _, status in deliveries(city, "post")][1:] == [
        Status.DELIVERED,
        Status.UNKNOWN,
    ]
    confirm(city, second)
    assert {status for _, status in deliveries(city, "post")} == {Status.DELIVERED}
