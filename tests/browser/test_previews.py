"""Previews: every channel as its reader gets it, with its style and its pictures."""

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import Enter
from tests.browser.hall import NOTICE

WITH_PICTURE = "T05"
PICTURES = """() => [...document.images].map(image => image.decode().then(
  () => image.naturalWidth, () => 0)).reduce(async (all, one) => [...await all, await one], [])"""


def widths(place: Page | Frame) -> list[int]:
    """How wide each picture really is; 0 for one that does not load."""
    found: list[int] = place.evaluate(PICTURES)
    return found


def frame_of(page: Page) -> Frame:
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame
    frame.wait_for_load_state()
    return frame


def test_the_page_of_the_website_has_its_style_and_pictures(enter: Enter) -> None:
    page = enter("viewer", f"/items/{NOTICE}")
    page.get_by_role("link", name="网站", exact=True).click()
    frame = frame_of(page)
    expect(page.frame_locator("iframe").locator("h1")).to_contain_text("实施方案的通知")
    assert frame.evaluate("document.styleSheets[0].cssRules.length") > 50
    assert frame.evaluate("document.querySelectorAll('script').length") == 0
    assert 0 not in widths(frame)
    box = page.locator("iframe").bounding_box()
    assert box
    assert box["width"] > 900


def test_the_article_of_wechat_is_as_wide_as_a_phone(enter: Enter) -> None:
    page = enter("viewer", f"/items/{WITH_PICTURE}/preview/wechat")
    frame = frame_of(page)
    assert "PingFang" in frame.evaluate("getComputedStyle(document.body).fontFamily")
    box = page.locator("iframe").bounding_box()
    assert box
    assert 320 <= box["width"] <= 430
    assert 0 not in widths(frame)
    assert 0 not in widths(page)


def test_messages_are_bubbles_with_their_number_of_parts(enter: Enter) -> None:
    page = enter("viewer", "/items/T06/preview/sms")
    bubbles = page.locator(".bubbles > li")
    assert bubbles.count() >= 1
    expect(bubbles.first.locator(".bubble")).to_contain_text("【辛集市政府】")
    expect(bubbles.first).to_contain_text("条计费；发给：")


def test_the_script_stands_beside_what_was_written(enter: Enter) -> None:
    page = enter("viewer", f"/items/{NOTICE}/preview/broadcast")
    row = page.get_by_role("row").filter(has_text="2018年1月20日印发").first
    expect(row.get_by_role("cell").nth(1)).to_contain_text("二零一八年一月二十日印发")
    expect(row.get_by_role("cell").nth(2)).to_have_text("2018年1月20日 → 二零一八年一月二十日")
    page.get_by_text("播音稿全文").click()
    expect(page.locator("pre.document").first).to_be_visible()
    assert 0 not in widths(page)


def test_the_sheets_of_the_board_are_pictures(enter: Enter) -> None:
    page = enter("viewer", f"/items/{NOTICE}/preview/noticeboard")
    sheets = page.locator(".sheets img")
    for at in range(sheets.count()):
        sheets.nth(at).scroll_into_view_if_needed()
    found = widths(page)
    assert found
    assert set(found) == {900}


@pytest.mark.parametrize("channel", ["website", "wechat", "sms", "broadcast", "noticeboard"])
def test_nothing_is_missing_in_any_preview(enter: Enter, channel: str) -> None:
    """The fixture listens to what the browser complains of."""
    page = enter("viewer", f"/items/T05/preview/{channel}")
    page.wait_for_load_state("networkidle")
    expect(page.locator("section").first).to_be_visible()
