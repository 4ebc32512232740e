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
