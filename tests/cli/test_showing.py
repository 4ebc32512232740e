"""What staff see of items on a narrow screen: nothing that matters is cut away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from rich.cells import cell_len

from publisher.channel import Recall
from publisher.cli.app import screen
from publisher.cli.matrix import show_matrix
from publisher.cli.one_item import show_item
from publisher.model import Status
from publisher.report import item_json
from publisher.store.standing import ItemRow
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.orders import correct, withdraw
from tests.support.postbox import PostboxSimulator

KINDS = {
    "website": ("网站", Recall.EDITS),
    "wechat": ("微信", Recall.DELETES),
    "sms": ("短信", Recall.FOLLOW_UP),
    "broadcast": ("广播电视", Recall.FOLLOW_UP),
    "noticeboard": ("公示栏", Recall.HUMAN),
}


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    channels = {
        name: postbox(box.url, title=title, options={"recall": recall})
        for name, (title, recall) in KINDS.items()
    }
    found = City(settings_for(tmp_path, channels))
    yield found
    found.close()


def item(city: City) -> ItemRow:
    (found,) = city.publisher.store.standing.items("A-1")
    return found


@contextmanager
def wide(width: int) -> Iterator[Callable[[], str]]:
    """The screen with this many columns; gives what is printed on it."""
    before = screen.width
    screen.width = width
    try:
        with screen.capture() as capture:
            yield capture.get
    finally:
        screen.width = before


def matrix(city: City, width: int) -> list[str]:
    with wide(width) as printed:
        show_matrix(city.publisher, city.publisher.store.standing.items())
    return printed().splitlines()


def view(city: City, width: int = 80) -> list[str]:
    with wide(width) as printed:
        show_item(city.publisher, item(city))
    return printed().splitlines()


@pytest.mark.parametrize("width", [80, 90, 100])
@pytest.mark.parametrize("order", [correct, withdraw])
def test_the_table_keeps_its_items_after_an_order(
    city: City, width: int, order: Callable[[City], object]
) -> None:
    city.submit()
    city.flush()
    order(city)
    city.flush()
    lines = matrix(city, width)
    assert any(line.startswith(" A-1") for line in lines), lines
    assert any("信息条目" in line for line in lines)
    title = item(city).title[:8]
    assert any(line.startswith(f" {title}") for line in lines), lines
    word = "更正" if order is correct else "撤回"
    assert any(line.count(word) == len(KINDS) for line in lines)
    assert any(line.count("✓ 已送达") == len(KINDS) for line in lines)
    assert all(cell_len(line) <= width for line in lines)


def test_a_narrow_screen_breaks_words_and_loses_none(city: City) -> None:
    city.submit()
    lines = matrix(city, 60)
    assert any(line.startswith(" A-1") for line in lines)
    assert any(line.startswith(f" {item(city).title[:9]} ") for line in lines), lines
    assert all(cell_len(line) <= 60 for line in lines)


def test_what_was_replaced_says_so_and_is_not_stored(city: City) -> None:
    city.submit()
    city.flush()
    assert [one["replaced_by"] for one in item_json(item(city))["deliveries"]] == [None] * 5
    correct(city)
    city.flush()
    assert [line.split()[2:4] for line in view(city) if "发布  " in line] == [
        ["–", "已被代替"],
        ["–", "已被代替"],
        ["✓", "已送达"],
        ["✓", "已送达"],
        ["–", "已被代替"],
    ]
    assert sum("后有更正" in line for line in view(city) if "（" not in line) == 2
    first = item(city).deliveries[:5]
    assert {one.status for one in first} == {Status.DELIVERED}
    found = item_json(item(city))["deliveries"]
    assert [one["replaced_by"] for one in found] == ["correct"] * 5 + [None] * 5
    withdraw(city)
    city.flush()
    assert any(line.startswith("微信（发布，已撤回）") for line in view(city))
    assert any(line.startswith("短信（发布，后有撤回）") for line in view(city))


def test_what_is_only_ordered_replaces_nothing_yet(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    correct(city)
    assert not any("已被代替" in line for line in view(city))
    box.plan(Fault.CODE, "/letters", code="422")
    city.flush("wechat")
    assert city.status("A-1", "wechat") is Status.FAILED
    assert not any(line.startswith("微信（发布，") for line in view(city))


def test_who_ordered_what_and_why_can_be_seen(city: City) -> None:
    city.submit()
    city.flush()
    correct(city, minor=True, why="错别字")
    ordered_at = city.clock().astimezone(UTC)
    city.clock.advance(minutes=1)
    withdraw(city, why="内容不宜公开")
    shown = "\n".join(view(city))
    assert "更正（小更正，不另行通知）　李办　原因：错别字" in shown
    assert "撤回　李办　原因：内容不宜公开" in shown
    first, second, third = item_json(item(city))["orders"]
    assert (first["action"], first["ordered_by"], first["reason"]) == ("publish", "李办", "")
    assert second == {
        "action": "correct",
        "minor": True,
        "reason": "错别字",
        "ordered_by": "李办",
        "created_at": ordered_at.isoformat(),
    }
    assert (third["action"], third["reason"]) == ("withdraw", "内容不宜公开")


def test_addresses_are_whole_on_a_narrow_screen(city: City) -> None:
    city.submit()
    city.flush()
    found = item(city)
    long = f"http://127.0.0.1:8081/s/{'aB3-_' * 12}"
    long_one = replace(found, deliveries=(replace(found.deliveries[1], url=long),))
    with wide(60) as printed:
        show_item(city.publisher, long_one)
    assert f"微信（发布）　{long}" in printed().splitlines()


def test_a_pause_is_not_said_to_be_the_work_of_hands(city: City) -> None:
    city.publisher.staff.pause("sms", by="赵值", why="核对名单", now=city.clock())
    city.submit()
    city.flush("website", "sms")
    (line,) = [line for line in view(city) if "搁置" in line]
    assert "搁置　暂停　程序　渠道已暂停（赵值：核对名单）" in line
    assert "人工" not in line
