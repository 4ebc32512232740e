"""The ways to reach staff: the log, a command, an address. None says more than it should."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from config.settings import ConfigError
from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator
from tests.support.robot import RobotSimulator


@pytest.fixture
def robot() -> Iterator[RobotSimulator]:
    with RobotSimulator() as simulator:
        yield simulator


def a_city(folder: Path, box: PostboxSimulator, alerts: dict[str, Any]) -> City:
    return City(settings_for(folder, {"post": postbox(box.url)}, alerts=alerts))


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


def test_a_wecom_robot_gets_whole_lines_within_its_limit_until_all_are_told(
    tmp_path: Path, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    city = a_city(tmp_path, box, robot.stanza(format="wecom"))
    items = [f"A-{number:02d}" for number in range(25)]
    fail(city, box, *items)
    tend(city)
    tend(city, seconds=30)
    (alert,) = robot.told
    content = alert["text"]["content"]
    assert alert["msgtype"] == "text"
    assert len(content.encode()) <= 2048
    head, *lines, rest = content.splitlines()
    assert head == "辛集市信息发布：25 条需要处理"
    assert lines
    assert all(line.startswith("邮箱｜") and line.endswith("重发") for line in lines)
    assert rest == f"另有 {25 - len(lines)} 条，用 publisher status 查看"
    for _ in items:
        tend(city, minutes=1)
    named = [re.findall(r"｜(A-\d\d)《", one["text"]["content"]) for one in robot.told]
    assert all(named), "no alert without a line"
    assert [one for some in named for one in some] == items, "each is told, and told once"
    city.close()


def test_a_title_that_no_robot_would_take_is_cut(
    tmp_path: Path, box: PostboxSimulator, robot: RobotSimulator
) -> None:
    channels = {"post": postbox(box.url, title="很长的渠道名" * 200)}
    city = City(settings_for(tmp_path, channels, alerts=robot.stanza(format="wecom")))
    fail(city, box, "A-1")
    tend(city)
    tend(city, minutes=5)
    (alert,) = robot.told
    assert len(alert["text"]["content"].encode()) <= 2048
    city.close()


@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        (Fault.CODE, "45009", "太频繁"),
        (Fault.CODE, "93000", "errcode 93000"),
        (Fault.NONSENSE, "", "看不懂"),
        (Fault.ERROR, "", "HTTP 500"),
        (Fault.HANG, "", "没有回音"),
        (Fault.RESET, "", "送不出去"),
    ],
)
def test_a_wecom_robot_that_says_no_has_not_been_told_and_its_key_stays_secret(
    tmp_path: Path,
    box: PostboxSimulator,
    robot: RobotSimulator,
    fault: Fault,
    code: str,
    reason: str,
) -> None:
    city = a_city(tmp_path, box, robot.stanza(format="wecom", read_timeout=0.3))
    fail(city, box, "A-1")
    robot.plan(fault, code=code)
    with capture_logs() as logs:
        tend(city)
    (failure,) = [entry for entry in logs if entry["event"] == "alert_failed"]
    assert reason in failure["reason"]
    assert "the-robots-key" not in repr(logs)
    before = len(robot.told)
    tend(city, minutes=2)
    assert len(robot.told) == before + 1
    city.close()


def test_the_robots_key_stands_in_no_settings_shown(tmp_path: Path, robot: RobotSimulator) -> None:
    settings = settings_for(tmp_path, {}, alerts=robot.stanza())
    assert "the-robots-key" not in repr(settings)


def script(folder: Path, body: str) -> dict[str, Any]:
    """The [alerts] of a city with a command of its own."""
    file = folder / "tell.py"
    file.write_text(body, "utf-8")
    options = {"command": [sys.executable, str(file)], "timeout": 2}
    return {"adapter": "channels._alerts.command", "options": options}


def test_a_command_gets_the_text_on_its_standard_input(
    tmp_path: Path, box: PostboxSimulator
) -> None:
    heard = tmp_path / "heard"
    body = f"import sys; open({str(heard)!r}, 'ab').write(sys.stdin.buffer.read())"
    city = a_city(tmp_path, box, script(tmp_path, body))
    fail(city, box, "A-1")
    tend(city)
    tend(city, minutes=5)
    head, line = heard.read_text("utf-8").splitlines()
    assert head == "辛集市信息发布：1 条需要处理"
    assert line.startswith("邮箱｜未发出｜A-1")
    city.close()


@pytest.mark.parametrize(
    ("body", "reason"),
    [("raise SystemExit(3)", "退出码 3"), ("import time; time.sleep(60)", "在 2 秒内没有结束")],
)
def test_a_command_that_fails_is_run_again(
    tmp_path: Path, box: PostboxSimulator, body: str, reason: str
) -> None:
    alerts = script(tmp_path, body)
    city = a_city(tmp_path, box, alerts)
    fail(city, box, "A-1")
    with capture_logs() as logs:
        tend(city)
    assert reason in next(entry["reason"] for entry in logs if entry["event"] == "alert_failed")
    heard = tmp_path / "heard"
    script(tmp_path, f"open({str(heard)!r}, 'a').write('!')")
    tend(city, minutes=2)
    tend(city, minutes=2)
    assert heard.read_text() == "!"
    city.close()


def test_a_command_that_does_not_exist_is_a_failure(tmp_path: Path, box: PostboxSimulator) -> None:
    options = {"command": [str(tmp_path / "nothing")]}
    city = a_city(tmp_path, box, {"adapter": "channels._alerts.command", "options": options})
    fail(city, box, "A-1")
    with capture_logs() as logs:
        tend(city)
    assert "运行不了" in next(one["reason"] for one in logs if one["event"] == "alert_failed")
    city.close()


def test_without_settings_it_stands_in_the_log(tmp_path: Path, box: PostboxSimulator) -> None:
    city = City(settings_for(tmp_path, {"post": postbox(box.url)}))
    fail(city, box, "A-1")
    with capture_logs() as logs:
        tend(city)
        tend(city)
    (alert,) = [entry for entry in logs if entry["event"] == "alert"]
    assert alert["log_level"] == "warning"
    assert "A-1" in alert["lines"][0]
    city.close()


@pytest.mark.parametrize(
    ("alerts", "path"),
    [
        ({"adapter": "channels._alerts.pigeon"}, "alerts.adapter"),
        ({"adapter": "channels._alerts.command", "options": {}}, "alerts.options.command"),
        (
            {
                "adapter": "channels._alerts.webhook",
                "options": {"url": "http://robot.example/send?key=the-robots-key"},
            },
            "alerts.options.url：.*https",
        ),
    ],
)
def test_wrong_settings_stop_the_start(
    tmp_path: Path, box: PostboxSimulator, alerts: dict[str, Any], path: str
) -> None:
    with pytest.raises(ConfigError, match=path) as refused:
        a_city(tmp_path, box, alerts)
    assert "the-robots-key" not in str(refused.value)
