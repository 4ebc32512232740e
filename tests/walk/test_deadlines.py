"""Every status that is not final has a deadline, and passing it does something."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from publisher.planning import Parcel
from publisher.store.queue import Batch
from publisher.store.standing import DeliveryRow
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator
from tests.support.robot import RobotSimulator

MINUTE, HOUR, DAY = 60, 3600, 86400
DEADLINES = {
    "queued": DAY,
    "held": 12 * HOUR,
    "sending": 30 * MINUTE,
    "accepted": 6 * HOUR,
    "awaiting": 2 * DAY,
    "unknown": 30 * MINUTE,
    "failed": DAY,
}
Cities = Callable[..., City]


@pytest.fixture
def robot() -> Iterator[RobotSimulator]:
    with RobotSimulator() as simulator:
        yield simulator


@pytest.fixture
def city_of(tmp_path: Path, box: PostboxSimulator, robot: RobotSimulator) -> Iterator[Cities]:
    """Makes a city with one postbox of this adapter, with these options."""
    made: list[City] = []

    def make(adapter: str = "postbox", options: dict[str, Any] | None = None) -> City:
        stanza = postbox(box.url, options=options or {}, checks=[10, DAY], deadlines=DEADLINES)
        stanza["adapter"] = f"tests.support.{adapter}"
        made.append(City(settings_for(tmp_path, {"post": stanza}, alerts=robot.stanza())))
        made[0].submit()
        return made[0]

    yield make
    for city in made:
        city.close()


def tend(city: City, **later: float) -> None:
    city.clock.advance(**later)
    assert city.publisher.watch.tend()


def deliveries(city: City, item_id: str) -> Sequence[DeliveryRow]:
    return city.publisher.store.standing.items(item_id)[0].deliveries


def claimed(city: City) -> Batch:
    """The item in the hands of a worker that is in mid-call, or dead."""
    queue, now = city.publisher.store.queue, city.clock()
    channel = city.publisher.routes["post"].channel
    (due,) = city.publisher.courier().due(channel)
    rendition = channel.render(queue.load([due], now))
    (batch,) = queue.freeze("post", {Parcel((due,)): rendition}, now, now)
    return batch


def test_queued_too_long_is_told_once(city_of: Cities, robot: RobotSimulator) -> None:
    city = city_of()
    tend(city, hours=23)
    assert robot.told == []
    tend(city, hours=3)
    tend(city, hours=30)
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜待发｜A-1")
    assert line.endswith("（已超时限 2 小时）")


def test_a_retry_does_not_put_the_deadline_off(
    city_of: Cities, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = city_of()
    box.plan(Fault.CODE, "/letters", code="429", times=-1)
    for _ in range(12):
        city.flush()
        tend(city, hours=2)
    assert city.status("A-1", "post") in {Status.QUEUED, Status.FAILED}
    city.flush()
    tend(city, minutes=1)
    assert robot.told, "it has not gone out for a day: somebody must know"


def test_held_too_long_is_told_and_the_pause_is_a_trouble(
    city_of: Cities, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = city_of()
    city.publisher.staff.pause("post", by="赵值", why="核对名单", now=city.clock())
    city.flush()
    assert city.status("A-1", "post") is Status.HELD
    (trouble,) = city.publisher.watch.troubles()
    assert trouble.startswith("邮箱已暂停：赵值 于 ")
    assert trouble.endswith("原因：核对名单")
    tend(city, hours=11)
    assert robot.told == []
    tend(city, hours=2)
    tend(city, hours=2)
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜暂停｜A-1")
    city.publisher.staff.resume("post", by="赵值", now=city.clock())
    city.flush()
    assert len(box.letters) == 1
    tend(city, days=9)
    assert len(robot.told) == 1


def test_what_goes_out_in_time_is_not_told(city_of: Cities, robot: RobotSimulator) -> None:
    city = city_of()
    city.flush()
    tend(city, days=30)
    assert city.status("A-1", "post") is Status.DELIVERED
    assert robot.told == []


def test_what_awaits_a_person_is_told_at_once_and_at_its_deadline(
    city_of: Cities, robot: RobotSimulator
) -> None:
    city = city_of("watched_postbox", {"by_hand": True})
    city.flush()
    tend(city)
    tend(city, hours=47)
    assert len(robot.told) == 1
    assert "请办理后用 publisher confirm A-1 --channel post 确认" in robot.lines[0][0]
    tend(city, hours=2)
    tend(city, days=9)
    assert len(robot.told) == 2
    assert robot.lines[1][0].endswith("（已超时限 1 小时）")


def test_what_was_confirmed_in_time_is_told_no_more(city_of: Cities, robot: RobotSimulator) -> None:
    city = city_of("watched_postbox", {"by_hand": True})
    city.flush()
    tend(city)
    city.publisher.staff.confirm(
        "A-1", "post", by="赵值", note="已取走", evidence=None, now=city.clock()
    )
    tend(city, days=9)
    assert len(robot.told) == 1


def test_in_doubt_without_a_lookup_is_told_at_once(
    city_of: Cities, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = city_of()
    box.plan(Fault.RESET, "/letters")
    city.flush()
    tend(city)
    tend(city, minutes=29)
    assert len(robot.told) == 1
    tend(city, minutes=2)
    tend(city, days=2)
    assert len(robot.told) == 2


def test_in_doubt_with_a_lookup_is_told_only_where_that_does_not_help(
    city_of: Cities, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = city_of("lookup_postbox")
    box.plan(Fault.RESET, "/letters")
    city.flush()
    box.plan(Fault.REFUSE, "/lookup", times=-1)
    tend(city, minutes=29)
    city.flush()
    assert robot.told == []
    tend(city, minutes=2)
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜结果不明｜A-1")


def test_accepted_too_long_is_in_doubt_whenever_the_next_question_is(
    city_of: Cities, robot: RobotSimulator
) -> None:
    city = city_of(options={"asynchronous": True})
    city.flush()
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.ACCEPTED
    tend(city, hours=6)
    assert robot.told == [], "the follow-up ends it"
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    tend(city)
    tend(city)
    ((line,),) = robot.lines
    assert "没有给出结果" in line


def test_a_dead_call_that_cannot_be_looked_up_is_in_doubt_at_last(
    city_of: Cities, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = city_of("lookup_postbox")
    claimed(city)
    box.plan(Fault.REFUSE, "/lookup", times=-1)
    for _ in range(2):
        city.clock.advance(minutes=14)
        city.flush()
        assert city.status("A-1", "post") is Status.SENDING
    city.clock.advance(minutes=3)
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    box.script.clear()
    city.clock.advance(minutes=1)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED, "looked up, not out, sent"
    assert len(box.letters) == 1
    tend(city)
    assert robot.told == [], "it ended by itself"


def test_a_call_that_hangs_is_told_once_and_left_to_its_holder(
    city_of: Cities, robot: RobotSimulator
) -> None:
    city = city_of()
    claimed(city)
    with city.publisher.store.database.channel_lock("post") as held:
        assert held
        tend(city, minutes=34)
        assert robot.told == []
        tend(city, minutes=2)
        tend(city, minutes=2)
        city.flush()
    assert city.status("A-1", "post") is Status.SENDING
    ((line,),) = robot.lines
    assert line.startswith("邮箱｜发送中｜A-1")
    assert "先不要另行发送" in line


def test_what_has_come_to_its_end_is_ordered_to_expire(city_of: Cities) -> None:
    city = city_of(options={"recall": "edits"})
    city.submit("A-2", posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    tend(city, days=3)
    assert [one.action for one in deliveries(city, "A-2")] == ["publish"]
    tend(city, days=3)
    tend(city, minutes=1)
    assert [one.action for one in deliveries(city, "A-2")] == ["publish", "expire"]
    assert [one.action for one in deliveries(city, "A-1")] == ["publish"]


def test_troubles_count_what_is_overdue(city_of: Cities, box: PostboxSimulator) -> None:
    city = city_of()
    box.plan(Fault.CODE, "/letters", code="422")
    city.flush()
    tend(city)
    assert city.publisher.watch.troubles() == []
    tend(city, hours=25)
    assert city.publisher.watch.troubles() == ["邮箱有 1 条已超过时限，请查看并处理"]


def test_troubles_say_when_nobody_works(city_of: Cities) -> None:
    city = city_of()
    assert city.publisher.watch.troubles() == []
    city.clock.advance(minutes=3)
    (trouble,) = city.publisher.watch.troubles()
    assert trouble.startswith("邮箱有 1 条到点未发：publisher work 好像没有在运行")
    with city.publisher.store.database.channel_lock("post"):
        assert city.publisher.watch.troubles() == [], "somebody is at it"
    city.flush()
    assert city.publisher.watch.troubles() == []
