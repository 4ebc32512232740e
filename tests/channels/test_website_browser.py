"""The site in a real browser, from a phone of 320 px to a desk, in daylight, dark and on paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from publisher.content import (
    Block,
    Cell,
    Document,
    Heading,
    ImageBlock,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
)
from publisher.model import Action, Item, PostingPeriod
from tests.channels.website_items import a_website, many_items
from tests.factories import an_asset, an_item, later

WIDTHS = (320, 375, 1280)
FIVE = ("名称", "发布机构", "发文字号", "发布日期", "有效性")


def words(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def a_wide_table() -> Table:
    head = (
        "科目编码",
        "科目名称",
        "2024年执行数",
        "2025年预算数",
        "增减（%）",
        "备注",
        "主管部门",
        "口径",
    )
    row = (
        "20701",
        "文化旅游体育与传媒支出",
        "152,346.78",
        "159,200.00",
        "-3.3",
        "—",
        "市财政局",
        "快报",
    )
    rows = [tuple(Cell(words(text), header=True) for text in head)]
    rows += [tuple(Cell(words(text), align="right") for text in row) for _ in range(4)]
    return Table(tuple(rows), columns=8, caption="2025年一般公共预算支出表（单位：万元）")


def a_full_item() -> Item:
    """Everything a page can hold, with the longest of titles and words that do not break."""
    picture = BytesIO()
    Image.new("RGB", (1600, 500), "#c8d4e0").save(picture, "PNG")
    image = an_asset("流程图.png", picture.getvalue(), "公开流程图", "image/png")
    blocks: tuple[Block, ...] = (
        Paragraph(words("各乡、镇人民政府，市政府各部门：")),
        Heading(1, words("一、总体要求")),
        Heading(2, words("（一）指导思想")),
        Paragraph(words("坚持以公开为常态、不公开为例外，公开率达到98.5%。" * 6)),
        Paragraph(
            (Run("详见"), Run("https://www.xinji.example/" + "a" * 90, href="https://a.cn/"))
        ),
        ListBlock((ListItem(words("梳理公开事项")), ListItem(words("编制公开目录"))), ordered=True),
        a_wide_table(),
        ImageBlock("流程图.png", "公开流程图"),
        Paragraph(words("辛集市人民政府办公室"), align="right"),
        Paragraph(words("2018年1月20日"), align="right"),
    )
    item = an_item(
        serial=60,
        title="辛集市人民政府办公室关于转发市文化广电和旅游局等部门《〈辛集市关于进一步加强基层"
        "综合性文化服务中心建设提升公共文化服务效能的若干措施〉实施细则（试行）》的通知",
        images=(image,),
        attachments=(an_asset("任务分解表.pdf", b"%PDF" * 90_000, "试点事项及责任单位任务分解表"),),
        posting=PostingPeriod(
            first=date(2026, 11, 24),
            last=date(2026, 11, 30),
            place="市政务服务大厅公示栏",
            contact="市政府办公室",
        ),
        validity="部分失效",
        contact="市政府办公室政务公开股",
    )
    return replace(item, revision=replace(item.revision, document=Document(blocks)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Root, as in a container, cannot use the sandbox.
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("website")
    website = a_website(folder)
    full, *recent = a_full_item(), *many_items(59)
    changed = [
        later(recent[0], Action.CORRECT, "表二金额单位有误"),
        later(recent[1], Action.WITHDRAW, "发布有误"),
        later(recent[2], Action.EXPIRE, "已被新文件代替"),
    ]
    website.send(website.render([full, *changed], recent[3:]), "key-1")
    return folder / "output" / "site"


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "2026" / "00060.html").as_uri())
        yield page


CHANGED = ("2026/00059.html", "2026/00058.html", "2026/00057.html")
"""Corrected, withdrawn, expired."""


def go_home(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(page: Page, site: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for name in ("index.html", *CHANGED):
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_five_facts_are_seen_in_order(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    tops = []
    for name in FIVE:
        label = page.locator(".facts dt").get_by_text(name, exact=True)
        assert label.is_visible()
        box = label.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        tops.append((box["y"], box["x"]))
    assert tops == sorted(tops)


def test_a_wide_table_scrolls_in_its_own_box_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    box = page.get_by_role("region", name="2025年一般公共预算支出表")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table').scrollLeft > 0")


HINT = "getComputedStyle(document.querySelector('.table'), '::before').display"


def test_a_phone_is_told_that_a_table_goes_on(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate(HINT) == "block"
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(HINT) == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_shadow_lies_only_where_a_table_goes_on(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 375, "height": 800})
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


def test_the_first_key_leads_to_the_text(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


# Every stretch of text against what is painted behind it, as WCAG 2.2 counts contrast.
_CONTRASTS = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (; element; element = element.parentElement) {
      const paint = getComputedStyle(element).backgroundColor;
      if (paint !== 'rgba(0, 0, 0, 0)') return paint;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.textContent.trim()) continue;
    const element = walker.currentNode.parentElement;
    const pair = [light(getComputedStyle(element).color), light(behind(element))].sort();
    const [dark, bright] = pair[0] < pair[1] ? pair : pair.reverse();
    found.push([(bright + 0.05) / (dark + 0.05), walker.currentNode.textContent.trim()]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(page: Page, site: Path, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(22, 24, 27)" if scheme == "dark" else "rgb(255, 255, 255)")
    found = page.evaluate(_CONTRASTS)
    for name in ("index.html", *CHANGED):
        page.goto((site / name).as_uri())
        found += page.evaluate(_CONTRASTS)
    assert len(found) > 100
    assert {"表二金额单位有误", "本信息已撤回", "更正"} <= {
        text.partition("更正：")[2].rstrip("。") or text for _, text in found
    }
    assert [pair for pair in found if pair[0] < 4.5] == []


def test_nothing_is_asked_of_the_network(browser: Browser, site: Path) -> None:
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name in ("2026/00060.html", "index.html"):
            page.goto((site / name).as_uri())
    assert len(asked) > 3
    assert all(url.startswith(site.as_uri()) for url in asked)


def test_on_paper_the_table_is_whole_and_the_navigation_is_gone(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator(".crumbs").is_visible()
    assert page.locator(".table").evaluate("box => getComputedStyle(box).overflowX") == "visible"
    assert page.locator(".facts").is_visible()


def test_a_feed_opened_in_the_browser_can_be_read(page: Page, site: Path) -> None:
    page.goto((site / "atom.xml").as_uri())
    shown = "getComputedStyle(document.querySelector('entry > title')).display"
    assert page.evaluate(shown) == "block"
    assert page.evaluate(shown.replace("title", "content")) == "none"


@pytest.mark.parametrize("width", [320, 700, 1000, 1280])
def test_no_line_of_a_title_ends_inside_a_word(page: Page, tmp_path: Path, width: int) -> None:
    title = "辛集市住房和城乡建设局关于印发《辛集市农村危房改造补助资金实施细则》的通知"
    website, item = a_website(tmp_path), an_item(3, title=title)
    website.send(website.render([item]), "key-1")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((tmp_path / "output" / "site" / "2026" / "00003.html").as_uri())
    lines = page.locator("h1").evaluate(_LINES)
    assert "".join(lines) == title
    for word in ("城乡", "建设", "关于印发", "农村", "危房改造", "补助", "资金", "实施细则"):
        assert any(word in line for line in lines), f"{word}: {lines}"


_LINES = """heading => {
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), lines = new Map();
  const range = new Range();
  for (let node; (node = walker.nextNode());) [...node.data].forEach((letter, at) => {
    range.setStart(node, at); range.setEnd(node, at + 1);
    const top = Math.round(range.getBoundingClientRect().top);
    lines.set(top, (lines.get(top) ?? "") + letter);
  });
  return [...lines.values()];
}"""
