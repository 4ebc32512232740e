"""Does every page fit a phone, a zoomed window, large print and wide letter spacing?

320 px is what 400 % zoom leaves of a desk's window, 640 px what 200 % leaves (WCAG 1.4.4, 1.4.10);
the spacing is that of WCAG 1.4.12.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.conftest import Go, nothing_in
from tests.site.kinds import KINDS

LAID_OUT = (Path(__file__).parent / "laid_out.js").read_text("utf-8")
SPACED = """
  * {
    line-height: 1.5 !important;
    letter-spacing: .12em !important;
    word-spacing: .16em !important;
  }
  p { margin-bottom: 2em !important; }
"""


def faults(page: Page) -> list[str]:
    """What is too wide, cut off or lies on something else, at every width."""
    found: list[str] = []
    for width in (320, 640, 1280):
        page.set_viewport_size({"width": width, "height": 400 if width == 640 else 800})
        found += [f"{width} px: {one}" for one in page.evaluate(LAID_OUT)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits(open_page: Page, go: Go, kind: str) -> None:
    go(open_page, kind)
    found = {"as it is": faults(open_page)}
    open_page.locator("#large").check()
    found["large"] = faults(open_page)
    open_page.locator("#large").uncheck()
    open_page.add_style_tag(content=SPACED)
    found["wide spacing"] = faults(open_page)
    nothing_in(found)


HEAD = """() => ["form.search", ".tools", ".masthead .frame", "main"].map(name => {
  const box = document.querySelector(name).getBoundingClientRect();
  return [box.right, box.top, box.bottom, box.left];
})"""


@pytest.mark.parametrize("large", [False, True])
def test_the_head_stands_in_order_at_every_width(page: Page, go: Go, *, large: bool) -> None:
    go(page, "home")
    page.locator("#large").set_checked(large)
    for width in (320, 700, 720, 800, 900, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 568})
        search, tools, frame, main = page.evaluate(HEAD)
        padding = page.evaluate(PADDING)
        edge = pytest.approx(frame[0] - padding, abs=1)
        assert max(search[0], tools[0]) == edge, f"{width} px"
        assert tools[1] < search[2], f"{width} px: the tools are below the search"
        fills = search[0] - search[3] == pytest.approx(frame[0] - frame[3] - 2 * padding, abs=1)
        assert fills or search[1] < tools[2], f"{width} px: half a line of search"
        assert main[1] < 400, f"{width} px: the first screen shows no content"
    page.locator("#large").uncheck()


PADDING = "parseFloat(getComputedStyle(document.querySelector('.frame')).paddingRight)"
WORDS = "document.querySelector('td.summary').clientWidth"
ROW = "getComputedStyle(document.querySelector('tbody tr')).display"


def test_the_catalogue_is_a_table_only_where_there_is_room(page: Page, go: Go) -> None:
    go(page, "catalogue")
    for width, large, display in (
        (720, False, "block"),
        (860, False, "block"),
        (960, False, "table-row"),
        (1280, True, "block"),
    ):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator("#large").set_checked(large)
        assert (width, page.evaluate(ROW)) == (width, display)
        assert page.evaluate(WORDS) > 190
    page.locator("#large").uncheck()
    page.set_viewport_size({"width": 658, "height": 800})  # what A4 leaves of a line
    page.emulate_media(media="print")
    assert page.evaluate(ROW) == "table-row"


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("h1 { width: 2000px }", "wider than the window"),
        ("h1 { height: .8em; overflow: hidden }", "cut off"),
        (".body p + p { margin-top: -2em }", "lies on"),
        ("h1 { position: relative; left: -5rem }", "out of the window"),
    ],
)
def test_a_fault_would_be_seen(open_page: Page, go: Go, style: str, fault: str) -> None:
    go(open_page, "withdrawn")
    open_page.add_style_tag(content=style)
    assert any(fault in one for one in faults(open_page))
