"""Can the site be used with a keyboard alone?"""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.site.conftest import Go
from tests.site.kinds import LAYOUTS

# Everything that a key must reach, in the order in which it stands.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, [tabindex='0']")]
  .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
  .map((element, place) => { element.dataset.place = place; return place; })"""
# Every stop is noted while the key is pressed: where, whether it is seen, and by what sign.
LISTEN = """() => {
  window.stops = [];
  document.addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target), box = target.getBoundingClientRect();
    const front = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    window.stops.push({
      place: Number(target.dataset.place),
      what: target.outerHTML.slice(0, 90),
      seen: box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1,
      clear: !front || target.contains(front) || front.contains(target),
      marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    });
  });
}"""


def walk(page: Page) -> tuple[list[int], list[dict[str, Any]]]:
    """All that can be reached, and the stops that the tabulator key makes."""
    places = page.evaluate(REACHABLE)
    page.evaluate(LISTEN)
    for _ in places:
        page.keyboard.press("Tab")
    return places, page.evaluate("window.stops")


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_key_reaches_everything_in_order_and_shows_where_it_is(
    page: Page, go: Go, kind: str
) -> None:
    go(page, kind)
    places, stops = walk(page)
    assert len(places) > 5
    assert [stop["place"] for stop in stops] == places
    assert [stop["what"] for stop in stops if not (stop["seen"] and stop["clear"])] == []
    assert [stop["what"] for stop in stops if not stop["marked"]] == []


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_first_key_leads_past_the_head_to_the_text(page: Page, go: Go, kind: str) -> None:
    go(page, kind)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    after = "!!(document.querySelector('main').compareDocumentPosition(document.activeElement) & 4)"
    assert page.evaluate(f"{inside} || {after}"), "the head is passed"


def test_large_print_is_switched_by_the_space_key(page: Page, go: Go) -> None:
    go(page, "home")
    page.locator("#large").focus()
    page.keyboard.press("Space")
    assert page.locator("#large").is_checked()
    page.keyboard.press("Space")
    assert not page.locator("#large").is_checked()
