"""Can everybody read the site? Every layout before axe-core, by day, night and high contrast."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.site.conftest import Go, nothing_in
from tests.site.kinds import CLASSES, LAYOUTS

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
EVERYTHING: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # axe leaves it out unless asked
    "resultTypes": ["violations", "incomplete"],
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
STRONG = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
# Gradients are the shadows at the edges of tables that go on; axe cannot see what lies over one.
FLAT = "* { background-image: none !important }"
PLANTED = """() => {
  const main = document.querySelector("main");
  main.insertAdjacentHTML("beforeend", "<img src=style.css><p style='color: #999'>灰</p>");
  main.insertAdjacentHTML("beforeend", "<a href=/></a>");
  document.querySelector("h1").remove();
  document.documentElement.removeAttribute("lang");
}"""


def faults(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core finds wrong, and what it could not tell."""
    found = page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{rule['id']}: {node['target']}: {' '.join(node['failureSummary'].split())}"
        for rule in (*found["violations"], *found["incomplete"])
        for node in rule["nodes"][:3]
    ]


def prepare(page: Page) -> None:
    page.add_style_tag(content=FLAT)
    page.evaluate(AXE)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_layout_is_accessible(open_page: Page, go: Go, kind: str) -> None:
    go(open_page, kind)
    assert open_page.locator("body").get_attribute("class") == CLASSES[kind]
    prepare(open_page)
    found = {"by day": faults(open_page, EVERYTHING)}
    open_page.emulate_media(color_scheme="dark")
    ground = open_page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, ground[4:-1].split(","))) < 150, f"{ground} is not dark"
    found["by night"] = faults(open_page, CONTRAST)
    open_page.emulate_media(contrast="more")
    found["by night, more contrast"] = faults(open_page, STRONG)
    open_page.emulate_media(color_scheme="light")
    found["by day, more contrast"] = faults(open_page, STRONG)
    nothing_in(found)


def test_a_fault_would_be_seen(open_page: Page, go: Go) -> None:
    go(open_page, "withdrawn")
    prepare(open_page)
    open_page.evaluate(PLANTED)
    seen = {line.partition(":")[0] for line in faults(open_page, EVERYTHING)}
    one_of_each = {
        "image-alt",
        "color-contrast",
        "link-name",
        "page-has-heading-one",
        "html-has-lang",
    }
    assert one_of_each <= seen
