"""Staff are told what needs them, once for each time it does, and by a hook that may fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator
from tests.support.robot import RobotSimulator


@pytest.fixture
def robot() -> Iterator[RobotSimulator]:
    with RobotSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator, robot: RobotSimulator) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox(box.url)}, alerts=robot.stanza()))
    yield found
    found.close()


def fail(city: City, box: PostboxSimulator, *items: str) -> None:
    """Each of these items is refused by the postbox for good."""
    box.plan(Fault.CODE, "/letters", code="422", times=len(items))
    for item in items:
        city.submit(item)
    city.flush()
    assert {city.status(item, "post") for item in items} == {Status.FAILED}


def tend(city: City, **later: float) -> None:
    city.clock.advance(**later)
    assert city.publisher.watch.tend()


def resend(city: City, item: str) -> None:
    now = city.clock()
    city.publisher.staff.resend(item, "post", by="赵值", why="已修好", not_out=False, now=now)


def test_a_failure_is_told_once_with_what_to_do(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")
    tend(city)
    tend(city, hours=3)
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜未发出｜A-1《关于印发辛集市政务公开")
    assert "邮箱不收" in line
    assert "请联系渠道服务方，恢复后用 publisher resend A-1 --channel post 重发" in line
    assert "超时限" not in line
    assert robot.told[0]["headline"] == "辛集市信息发布：1 条需要处理"


def test_it_is_told_once_more_when_its_deadline_has_passed(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")
    tend(city)
    tend(city, hours=25)
    tend(city, hours=48)
    assert len(robot.told) == 2
    assert robot.lines[1][0].endswith("（已超时限 1 小时）")


def test_a_resend_that_fails_again_is_told_again(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")
    tend(city)
    resend(city, "A-1")
    tend(city, minutes=5)
    assert len(robot.told) == 1, "what is queued again needs nobody"
    box.plan(Fault.CODE, "/letters", code="422")
    city.flush()
    tend(city)
    tend(city, minutes=5)
    assert len(robot.told) == 2


def test_a_resend_that_works_is_told_no_more(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")
    tend(city)
    resend(city, "A-1")
    city.flush()
    tend(city, days=10)
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(robot.told) == 1


def test_what_happens_while_the_hook_runs_is_news_of_its_own(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")

    def a_resend_fails_again() -> None:
        robot.meanwhile = lambda: None
        city.clock.advance(seconds=1)
        resend(city, "A-1")
        box.plan(Fault.CODE, "/letters", code="422")
        city.flush()

    robot.meanwhile = a_resend_fails_again
    tend(city)
    assert len(robot.told) == 1
    tend(city)
    tend(city)
    assert len(robot.told) == 2, "the second failure was not marked by the first alert"


def test_of_many_a_part_is_named_and_the_rest_a_minute_later(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    items = [f"A-{number:02d}" for number in range(25)]
    fail(city, box, *items)
    tend(city)
    tend(city, seconds=50)
    (alert,) = robot.told
    assert len(alert["lines"]) == 20
    assert alert["more"] == 5
    assert alert["text"].endswith("\n另有 5 条，用 publisher status 查看")
    tend(city, seconds=10)
    tend(city, minutes=5)
    assert len(robot.told) == 2
    assert robot.told[1]["headline"] == "辛集市信息发布：5 条需要处理"
    assert robot.told[1]["more"] == 0
    assert [line.split("《")[0] for told in robot.lines for line in told] == [
        f"邮箱｜未发出｜{item}" for item in items
    ]


def test_what_is_in_doubt_comes_before_what_failed(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    fail(city, box, "A-1")
    city.submit("A-2")
    box.plan(Fault.RESET, "/letters")
    city.flush()
    tend(city)
    ((first, second),) = robot.lines
    assert first.startswith("邮箱｜结果不明｜A-2")
    assert "publisher confirm A-2 --channel post" in first
    assert "publisher resend A-2 --channel post --not-out" in first
    assert second.startswith("邮箱｜未发出｜A-1")


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.ERROR, Fault.DROP])
def test_a_hook_that_fails_is_tried_again_and_nothing_is_lost(
    city: City, box: PostboxSimulator, robot: RobotSimulator, fault: Fault
) -> None:
    fail(city, box, "A-1")
    robot.plan(fault, times=2)
    tend(city)
    tend(city, seconds=2)
    assert len(robot.calls) == 1, "not every two seconds"
    tend(city, minutes=2)
    assert len(robot.calls) == 2
    (trouble,) = city.publisher.watch.troubles()
    assert "有 1 条提醒没有送到工作人员" in trouble
    tend(city, minutes=2)
    assert len(robot.told) == 1
    assert city.publisher.watch.troubles() == []


def test_an_alert_that_may_have_arrived_is_told_again(
    city: City, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    """At least once: a hook cut off after it was taken, or killed before the mark, tells twice."""
    fail(city, box, "A-1")
    robot.plan(Fault.RESET)
    tend(city)
    tend(city, minutes=2)
    tend(city, minutes=2)
    assert len(robot.told) == 2


def test_one_at_a_time(city: City, box: PostboxSimulator, robot: RobotSimulator) -> None:
    fail(city, box, "A-1")
    with city.publisher.store.database.channel_lock("tend") as held:
        assert held
        assert city.publisher.watch.tend() is False
    assert robot.told == []
    tend(city)
    assert len(robot.told) == 1
