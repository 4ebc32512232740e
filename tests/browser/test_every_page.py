"""Every page of the console: can everybody read it, does it fit, is it valid and whole?"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.complaints import Complaints
from tests.browser.conftest import People
from tests.browser.hall import Hall
from tests.browser.pages import AFTER_A_FORM, PAGES
from tests.factories import ROOT
from tests.site.conftest import nothing_in
from tests.site.test_accessible import CONTRAST, EVERYTHING, STRONG, faults, prepare
from tests.site.test_fits import LAID_OUT
from tests.site.test_valid import messages

TEMPLATES = ROOT / "templates" / "console"
MOST_COLOURS = ("matrix", "item in doubt")
HARMLESS = re.compile("role is unnecessary for|input type is not supported in all browsers")
"""Roles are said of what a narrow window does not lay out as a table."""
WIDTHS = (320, 1280)
"""320 px is also what 400 % zoom leaves of a desk's window."""


def opened(people: People, name: str) -> Page:
    login, path = PAGES[name]
    page = people[login]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light", contrast="no-preference", reduced_motion="reduce")
    page.goto(path)
    for one in page.locator("details").all():
        one.evaluate("details => { details.open = true; }")
    return page


def faults_of(page: Page, options: dict[str, Any]) -> list[str]:
    """A sign has the colour of its word, and axe does not judge what is no letter."""
    return [one for one in faults(page, options) if "only non-text characters" not in one]


def test_no_page_is_left_out() -> None:
    whole = {
        path.name.partition(".")[0]
        for path in TEMPLATES.glob("*.html.j2")
        if '{% extends "base.html.j2" %}' in path.read_text("utf-8")
    }
    assert {name.split(" ")[0] for name in PAGES} == whole - AFTER_A_FORM


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it_and_it_fits(people: People, name: str) -> None:
    page = opened(people, name)
    title = page.title()
    assert title.endswith("_辛集市信息发布")
    assert len(title) > len("_辛集市信息发布")
    assert page.locator("h1").count() == 1
    page.evaluate("document.querySelectorAll('iframe').forEach(one => one.remove())")
    prepare(page)
    found = {"by day": faults_of(page, EVERYTHING)}
    page.emulate_media(color_scheme="dark")
    found["by night"] = faults_of(page, CONTRAST)
    if name in MOST_COLOURS:
        page.emulate_media(contrast="more")
        found["by night, more contrast"] = faults_of(page, STRONG)
        page.emulate_media(color_scheme="light")
        found["by day, more contrast"] = faults_of(page, STRONG)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[f"{width} px"] = page.evaluate(LAID_OUT)
    nothing_in(found)


def test_every_page_is_valid_html(people: People, tmp_path: Path) -> None:
    for name, (login, path) in PAGES.items():
        answer = people[login].request.get(path)
        (tmp_path / f"{name.replace(' ', '-')}.html").write_bytes(answer.body())
    said = messages(tmp_path)
    nothing_in(
        {name: [one for one in some if not HARMLESS.search(one)] for name, some in said.items()}
    )


def test_no_browser_complains_of_any_page(browser: Browser, hall: Hall) -> None:
    complaints = Complaints()
    for login in {login for login, _ in PAGES.values()}:
        context: BrowserContext = browser.new_context(base_url=hall.url)
        complaints.listen(context)
        if login:
            hall.enter(context, login)
        page = context.new_page()
        for path in (path for who, path in PAGES.values() if who == login):
            page.goto(path, wait_until="load")
        context.close()
    assert complaints.all == []
