"""The TV sheet: lines that fit the screen, broken where the sense allows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.broadcast import Options, build
from channels.broadcast.breaking import WIDTH, broken
from publisher.channel import Rendition
from publisher.model import Action, Status
from tests.channels import broadcast_items as items
from tests.factories import a_house


def rendered(name: str) -> Rendition:
    item = getattr(items, name)()
    return build("电视", Options(), a_house(Path("/nowhere"))).render([item])


def part(rendition: Rendition, title: str) -> list[str]:
    """The lines under one heading of the TV sheet."""
    sheet = rendition.files[1].data.decode()
    block = sheet.partition(f"──────── {title}")[2].partition("\n")[2].partition("────")[0]
    return [line for line in block.splitlines() if line]


@pytest.mark.parametrize("name", ["seed", "budget", "storm"])
def test_every_line_fits_the_screen(name: str) -> None:
    rendition = rendered(name)
    card = part(rendition, "标题字幕")
    assert 1 <= len(card) <= 2
    assert all(len(line) <= WIDTH for line in card)
    captions = [line.partition("　")[2] for line in part(rendition, "口播字幕")]
    assert captions
    assert all(0 < len(line) <= WIDTH for line in captions)
    crawl = part(rendition, "滚动字幕")
    assert len(crawl) > 1
    assert all(len(one) <= 40 and "　" not in one for one in crawl)


def test_figures_stay_written() -> None:
    captions = "".join(part(rendered("budget"), "口播字幕"))
    assert "36.82亿元" in captions
    assert "0311-83200000转6" in captions


def test_the_title_card_of_the_seed_notice() -> None:
    assert part(rendered("seed"), "标题字幕") == [
        "关于印发辛集市政务公开标准化",
        "规范化试点工作实施方案的通知",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("关于公布《演出管理办法》的通告", ["关于公布《演出管理办法》的通告"]),
        ("市政府办公室印发《公共文化服务目录》", ["市政府办公室印发", "《公共文化服务目录》"]),
        ("2024年度全市一般公共预算收入完成36.82亿元",
         ["2024年度全市一般公共预算", "收入完成36.82亿元"]),
        ("自2025年10月26日起至2025年11月26日止", ["自2025年10月26日", "起至2025年11月26日止"]),
    ],
)  # fmt: skip
def test_breaks_by_sense(text: str, lines: list[str]) -> None:
    assert broken(text) == lines


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="关于印发《》〈〉（）“”，。、2018年1月政务公开标准化 abc%", max_size=60))
def test_a_break_loses_nothing_and_no_line_is_too_long(text: str) -> None:
    lines = broken(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line.rstrip("，。、：；！？")) <= WIDTH for line in lines)


def test_nobody_is_asked_to_mend_what_is_withdrawn() -> None:
    title = "关于转发《" + "基层综合性文化服务中心建设" * 4 + "》的通知"
    item = items.later(Action.WITHDRAW, Status.DELIVERED, title, short_title="短标题")
    rendition = build("电视", Options(), a_house(Path("/nowhere"))).render([item])
    assert any("标题字幕" in note for note in rendition.notes)
    assert "short_title" not in "".join(file.data.decode() for file in rendition.files)


def test_a_title_that_fits_no_card_is_told() -> None:
    title = "关于转发《" + "基层综合性文化服务中心建设" * 4 + "》的通知"
    item = items.an_aired_item("内容如下。", title=title)
    rendition = build("电视", Options(), a_house(Path("/nowhere"))).render([item])
    assert any("标题字幕" in note and "short_title" in note for note in rendition.notes)
    assert "".join(part(rendition, "标题字幕")) == "基层综合性文化服务中心建设" * 4
