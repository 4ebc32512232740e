"""The calendar: what goes out when, what people must have done, what ends."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.support.console import THEIRS, Console, field, open_console, text_of


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Console]:
    """One of whose channels sends all of a day at four in the afternoon."""
    with open_console(tmp_path, post={"grouping": {"kind": "digest", "at": "16:00"}}) as found:
        yield found


def test_a_digest_stands_in_its_day_with_what_it_will_hold(office: Console) -> None:
    for number in range(5):
        office.city.submit(f"A-{number}", title=f"第{number}号通知")
    viewer = office.enter("viewer")
    answer = viewer.get("/calendar")
    page = text_of(answer)
    today = page.index("今天 11月23日 星期一")
    digest = page.index("16:00 邮箱汇总 5 条：")
    assert today < digest < page.index("明天 11月24日 星期二")
    assert "第0号通知 、 第1号通知 、 第2号通知 等 5 条 看全部" in page
    (rest,) = set(re.findall(r'href="(/\?channel=post[^"]*)"', answer.text))
    assert "第4号通知" in text_of(viewer.get(unescape(rest)))
    assert page.count("没有安排") == 13


def test_what_a_pause_holds_back_is_at_the_head(office: Console) -> None:
    office.city.submit("A-1")
    office.city.clock.advance(hours=7)
    clerk = office.enter("operator")
    clerk.post("/channels/pause", {"channel": "post", "why": "检修"})
    office.city.flush("post")
    assert "邮箱已暂停，1 条等着恢复" in text_of(clerk.get("/calendar"))


def test_what_ends_stands_in_its_day(office: Console) -> None:
    office.city.submit("A-1", title="公示三天", posting={"from": "2026-11-23", "to": "2026-11-25"})
    page = text_of(office.enter("viewer").get("/calendar"))
    assert "到期的" in page
    assert page.index("11月25日") < page.index("到期的") < page.index("11月26日"), "its last day"


def test_one_looks_ahead_but_not_back(office: Console) -> None:
    clerk = office.enter("viewer")
    ahead = text_of(clerk.get("/calendar?from=2026-12-20"))
    assert "12月20日 星期日" in ahead
    assert "今天" not in ahead
    for typed, said in (
        ("2026-11-22", "日程只有今天和以后的"),
        ("昨天", "日期应写成 2026-03-01 的样子"),
        ("9999-12-31", "2199 年之间"),
    ):
        page = clerk.get("/calendar", params={"from": typed})
        assert page.status_code == 422
        assert said in field(page, "from")["wrong"]
        assert field(page, "from")["value"] == typed
        assert "今天" in page.text, "and shows what is near"


def test_an_editor_sees_only_what_is_of_the_department(office: Console) -> None:
    office.city.submit("A-1", title="我们的通知")
    office.city.submit("A-2", title="财政局的通知", department=THEIRS)
    page = text_of(office.enter("editor").get("/calendar"))
    assert "1 条： 我们的通知" in page
    assert "财政局的通知" not in page
