"""What belongs together: what is still to come is said at the door, what stays at a withdrawal."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from publisher.amend import Amendments
from publisher.report import left_notes
from tests.support.able_postbox import AblePostboxSimulator
from tests.support.city import an_item_object
from tests.support.cms import office_of
from tests.support.console import THEIRS, Console, text_of
from tests.support.shelf_city import ShelfCity, shelf_city


@pytest.fixture
def city(database: str, tmp_path: Path) -> Iterator[ShelfCity]:
    assert database
    with shelf_city(tmp_path / "city") as found:
        yield found


def amendments(city: ShelfCity) -> Amendments:
    return city.city.publisher.amendments


def test_who_names_what_has_not_come_in_is_told_that_the_link_will_come(city: ShelfCity) -> None:
    city.publish("A-1")
    answer = city.city.submit("C-1", related=["A-1", "A-2", "C-1", "A-3"])
    assert answer.notes == tuple(
        f"相关条目：还没有收到编号为「{one}」的信息条目；收到并发布后，链接会自动出现"
        for one in ("A-2", "A-3")
    )
    data = city.city.approved(an_item_object("C-1", title="改正后的标题", related=["A-4"]))
    amended = amendments(city).correct(
        data, why="数字有误", by="李办", minor=False, now=city.clock()
    )
    (note,) = amended.answer.notes
    assert "「A-4」" in note


def test_a_withdrawal_names_what_is_shown_beside_the_item_and_stays(city: ShelfCity) -> None:
    city.publish_each("D-1", "E-1")
    city.publish_each("A-1", related=["D-1"])
    city.publish_each("C-1", "C-2", related=["A-1"])
    amendments(city).withdraw("C-2", why="有误", by="李办", now=city.clock())  # still on its page
    city.submit("C-3", related=["A-1"])  # not on a page yet
    placed = amendments(city).withdraw("A-1", why="已废止", by="李办", now=city.clock())
    assert [one.item_id for one in placed.left] == ["D-1", "C-1"]
    (note,) = left_notes(placed)
    assert "D-1《关于D-1的通知》、C-1《关于C-1的通知》；不宜再公开的，请另行撤回" in note


def test_many_that_stay_are_cut(city: ShelfCity) -> None:
    city.publish_each("A-1")
    city.publish_together({f"C-{number}": {"related": ["A-1"]} for number in range(7)})
    placed = amendments(city).withdraw("A-1", why="已废止", by="李办", now=city.clock())
    (note,) = left_notes(placed)
    assert note.count("《") == 5
    assert "等 7 条；" in note


def test_systems_and_staff_are_told_so_too(city: ShelfCity) -> None:
    city.publish_each("D-1", "B-1")
    city.publish_each("A-1", related=["D-1"])
    city.publish_each("C-1", related=["A-1"], department=THEIRS)
    with ExitStack() as stack:
        cms = stack.enter_context(office_of(city.city))
        box = stack.enter_context(AblePostboxSimulator())
        console = Console(city.city, box, cms.root, stack)
        clerk, editor = console.enter("operator"), console.enter("editor")
        form = clerk.get("/items/A-1/withdraw")
        assert "不会一起撤回，不宜再公开的，请另行撤回： 关于D-1的通知 、 关于C-1的通知" in text_of(
            form
        )
        theirs = f"关于D-1的通知 、关于C-1的通知（{THEIRS}的，请告诉他们）"
        form = editor.get("/items/A-1/withdraw")
        assert theirs in text_of(form)
        assert 'href="/items/C-1"' not in form.text
        answer = cms.post("/items/A-1/withdrawal", {"by": "王芳", "why": "已废止"})
        assert "C-1《关于C-1的通知》" in answer.json()["notes"][0]
        city.city.flush()  # its own page names nothing any more
        page = clerk.get("/items/A-1")
        assert "还公开着： 关于D-1的通知 、 关于C-1的通知 。" in text_of(page)
        page = editor.get("/items/A-1")
        assert theirs in text_of(page)
        assert 'href="/items/C-1"' not in page.text
        city.withdraw("D-1", "已废止")
        city.withdraw("C-1", "已废止")
        assert "还公开着" not in clerk.get("/items/A-1").text
