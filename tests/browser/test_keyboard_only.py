"""Can the console be used with a keyboard alone?"""

import pytest
from playwright.sync_api import Page, expect

from publisher.model import Status
from tests.browser.conftest import Enter, People
from tests.browser.hall import Hall
from tests.browser.pages import PAGES
from tests.browser.seen import card
from tests.site.test_keyboard import walk

MOST = 80
NAME = """() => {
  const one = document.activeElement;
  return one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText;
}"""
PARTS_OF_A_DATE = 3
"""More than the one stop of any other field: year, month, day, and the calendar."""


def tab_to(page: Page, name: str) -> None:
    """Press the key until something of this name has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        found: str = page.evaluate(NAME)
        if found.strip().startswith(name):
            return
    raise AssertionError(f"the key never comes to {name}")


@pytest.mark.parametrize("name", [name for name in PAGES if " " not in name])
def test_the_key_reaches_everything_in_order_and_shows_where_it_is(
    people: People, name: str
) -> None:
    login, path = PAGES[name]
    page = people[login]
    page.goto(path)
    places, _ = walk(page)
    for _ in range(PARTS_OF_A_DATE * page.locator("input[type=date]").count()):
        page.keyboard.press("Tab")
    stops = page.evaluate("window.stops")
    assert len(places) > 1
    assert [stop["place"] for stop in stops][: len(places)] == places
    assert [stop["what"] for stop in stops if not (stop["seen"] and stop["clear"])] == []
    assert [stop["what"] for stop in stops if not stop["marked"]] == []


def test_the_first_key_leads_past_the_head(enter: Enter) -> None:
    page = enter("viewer", "/worklist")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_failure_is_mended_without_a_mouse(hall: Hall, enter: Enter) -> None:
    item_id = hall.refused()
    page = enter("operator", "/")
    tab_to(page, "✗ 未发出")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?status=failed")
    tab_to(page, hall.title(item_id))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{item_id}")
    tab_to(page, "重发")
    page.keyboard.press("Enter")
    tab_to(page, "重发的原因")
    page.keyboard.press("Control+A")
    page.keyboard.type("已加入白名单")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已重新排队")
    hall.go_through()
    assert hall.city.status(item_id, "wechat") is Status.DELIVERED
    expect(card(page, "微信").locator(".status").first).to_have_text("✓已送达")
