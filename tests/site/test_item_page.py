"""An item's page on screens of every width: its facts, its wide tables, the lines of its title."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from publisher.web.server import Server
from tests.site.conftest import Go

FIVE = ("名称", "发布机构", "发文字号", "发布日期", "有效性")
HINT = "getComputedStyle(document.querySelector('.table'), '::before').display"
LINES = """heading => {
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), lines = new Map();
  const range = new Range();
  for (let node; (node = walker.nextNode());) [...node.data].forEach((letter, at) => {
    range.setStart(node, at); range.setEnd(node, at + 1);
    const top = Math.round(range.getBoundingClientRect().top);
    lines.set(top, (lines.get(top) ?? "") + letter);
  });
  return [...lines.values()];
}"""


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_five_facts_are_seen_in_order(page: Page, go: Go, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, "item")
    tops = []
    for name in FIVE:
        label = page.locator(".facts dt").get_by_text(name, exact=True)
        assert label.is_visible()
        box = label.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        tops.append((box["y"], box["x"]))
    assert tops == sorted(tops)


def test_a_wide_table_scrolls_in_its_own_box_by_keyboard(open_page: Page, go: Go) -> None:
    page = open_page  # what waits below is a script of ours
    page.set_viewport_size({"width": 320, "height": 800})
    go(page, "item")
    box = page.get_by_role("region", name="2025年一般公共预算支出表")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table').scrollLeft > 0")


def test_a_phone_is_told_that_a_table_goes_on(page: Page, go: Go) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    go(page, "item")
    assert page.evaluate(HINT) == "block"
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(HINT) == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_shadow_lies_only_where_a_table_goes_on(page: Page, go: Go, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 375, "height": 800})
    go(page, "item")
    box = page.locator(".table")

    def shaded() -> tuple[bool, bool]:
        """Whether the left and the right edge, beside the hint, differ from the paper."""
        picture = Image.open(BytesIO(box.screenshot())).convert("L")
        paper = picture.getpixel((picture.width // 2, 2))
        return picture.getpixel((1, 2)) != paper, picture.getpixel((picture.width - 2, 2)) != paper

    assert shaded() == (False, True)
    box.evaluate("box => box.scrollLeft = 80")
    assert shaded() == (True, True)
    box.evaluate("box => box.scrollLeft = box.scrollWidth")
    assert shaded() == (True, False)


def test_on_paper_a_wide_table_is_whole(page: Page, go: Go) -> None:
    go(page, "item")
    page.emulate_media(media="print")
    assert page.locator(".table").evaluate("box => getComputedStyle(box).overflowX") == "visible"
    assert page.locator(".facts").is_visible()


@pytest.mark.parametrize("width", [320, 700, 1000, 1280])
def test_no_line_of_a_title_ends_inside_a_word(page: Page, go: Go, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, "housing")
    lines = page.locator("h1").evaluate(LINES)
    assert "".join(lines).startswith("辛集市住房和城乡建设局关于印发")
    for word in ("城乡", "建设", "关于印发", "农村", "危房改造", "补助", "资金", "实施细则"):
        assert any(word in line for line in lines), f"{word}: {lines}"


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_line_of_a_title_ends_inside_a_document_number(page: Page, go: Go, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, "corrected")
    for large in (False, True):
        page.locator("#large").set_checked(large)
        lines = page.locator("h1").evaluate(LINES)
        assert any("〔2025〕012号" in line for line in lines), lines
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("#large").uncheck()
    copied = "h1 => { getSelection().selectAllChildren(h1); return getSelection().toString(); }"
    title = "关于撤回（辛）应急罚〔2025〕012号行政处罚决定公示信息的说明"
    assert page.locator("h1").evaluate(copied) == title


def test_a_title_with_markup_is_read_as_it_is_written(page: Page, go: Go) -> None:
    go(page, "hostile title")
    title = "关于废止<script>alert(1)</script>、“&amp;”与'引号'的\"通知\" ]]> {{ 7*7 }}"
    assert page.locator("h1").inner_text() == title
    go(page, "home")
    assert page.get_by_role("main").get_by_text(title).first.is_visible()


@pytest.mark.parametrize("feed", ["atom.xml", "rss.xml"])
def test_a_feed_opened_in_the_browser_can_be_read(page: Page, shown: Server, feed: str) -> None:
    page.goto(f"{shown.url}/{feed}")
    entry = "entry" if feed == "atom.xml" else "item"
    shown_as = f"getComputedStyle(document.querySelector('{entry} > title')).display"
    assert page.evaluate(shown_as) == "block"


def test_an_archive_opened_in_the_browser_is_not_to_be_subscribed_to(
    page: Page, shown: Server
) -> None:
    said = "getComputedStyle(document.documentElement, '::before').content"
    page.goto(f"{shown.url}/catalogue/archive-1.xml")
    assert "不要订阅这个网址" in page.evaluate(said)
    page.goto(f"{shown.url}/atom.xml")
    assert "复制到阅读器" in page.evaluate(said)
