"""Large print, forced colours, no motion, no scripts, paper: is everybody served?"""

from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page

from publisher.web.server import Server
from tests.site.conftest import Go
from tests.site.kinds import LAYOUTS

SIZES = """() => [...document.querySelectorAll("main :is(p, li, td, dd, h1, h2, a)")]
  .filter(element => element.checkVisibility())
  .map(element => parseFloat(getComputedStyle(element).fontSize))"""
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const lasts = (style.transitionDuration + "," + style.animationDuration).split(",");
  return lasts.some(time => parseFloat(time) > 0.01) || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 80))"""
SHOWN = """selector => [...document.querySelectorAll(selector)]
  .filter(element => element.checkVisibility()).map(element => element.outerHTML.slice(0, 80))"""
HIDDEN = "nav, form, .skip, #large, label[for=large], button"


def sizes(page: Page) -> list[float]:
    found: list[float] = page.evaluate(SIZES)
    return found


@pytest.mark.parametrize("kind", LAYOUTS)
def test_large_print_enlarges_every_text(page: Page, go: Go, kind: str) -> None:
    go(page, kind)
    before = sizes(page)
    page.locator("#large").check()
    after = sizes(page)
    page.locator("#large").uncheck()
    assert before
    assert all(large >= 1.2 * small for large, small in zip(after, before, strict=True))
    assert min(after) >= 18


def test_large_print_stays_on_until_it_is_switched_off(
    browser: Browser, shown: Server, go: Go
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        go(page, "home")
        page.locator("#large").check()
        go(page, "item")
        assert page.locator("#large").is_checked()
        assert min(sizes(page)) >= 18
        page.locator("#large").uncheck()
        page.goto(f"{shown.url}/index.html")
        assert not page.locator("#large").is_checked()


def test_without_scripts_large_print_serves_the_page_at_hand(browser: Browser, go: Go) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        go(page, "item")
        page.locator("#large").check()
        assert min(sizes(page)) >= 18


def test_without_scripts_a_citizen_searches_reads_and_walks_on(browser: Browser, go: Go) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        go(page, "home")
        page.get_by_role("searchbox").first.fill("最低生活保障 解读")
        page.keyboard.press("Enter")
        page.get_by_role("main").get_by_role(
            "link", name="《辛集市最低生活保障实施细则》解读"
        ).click()
        assert "解读" in page.locator("h1").inner_text()
        page.get_by_role("main").get_by_role(
            "link", name="关于印发《辛集市最低生活保障"
        ).first.click()
        assert "关于印发《辛集市最低生活保障实施细则》的通知" in page.locator("h1").inner_text()


@pytest.mark.parametrize("kind", ["home", "item", "list"])
def test_nothing_moves_for_who_does_not_want_it(page: Page, go: Go, kind: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    go(page, kind)
    assert page.evaluate(MOVING) == []


FRAMED = """element => {
  const style = getComputedStyle(element);
  return parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none";
}"""


@pytest.mark.parametrize("kind", LAYOUTS)
def test_in_forced_colours_controls_keep_a_frame_and_links_a_colour(
    page: Page, go: Go, kind: str
) -> None:
    page.emulate_media(forced_colors="active")
    go(page, kind)
    for control in page.locator("button, input[type=search]").all():
        assert not control.is_visible() or control.evaluate(FRAMED), control.inner_html()
    text = page.locator("h1").first.evaluate("element => getComputedStyle(element).color")
    link = page.locator("a[href]:visible").last.evaluate("it => getComputedStyle(it).color")
    assert text != link


@pytest.mark.parametrize("kind", LAYOUTS)
def test_on_paper_there_is_nothing_to_click(page: Page, go: Go, kind: str) -> None:
    go(page, kind)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.evaluate(SHOWN, HIDDEN) == []


def test_the_printed_item_is_whole(page: Page, go: Go) -> None:
    go(page, "item")
    page.emulate_media(media="print")
    paper = pypdfium2.PdfDocument(BytesIO(page.pdf(format="A4")))
    text = "".join(one.get_textpage().get_text_bounded() for one in paper)
    for words in ("实施细则（试行）》的通知", "文化旅游体育与传媒支出", "口径", "2026年11月20日"):
        assert words in "".join(text.split())
    assert "跳到正文" not in text
