"""What the tests of the console in a browser share: the hall, the browser, pages that complain."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.complaints import Complaints
from tests.browser.hall import Hall, open_hall
from tests.browser.pages import PAGES
from tests.site.conftest import browser

__all__ = ["browser"]

Enter = Callable[..., Page]
People = dict[str, Page]


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One for all: a test that changes something does so to an item of its own."""
    with open_hall(tmp_path_factory.mktemp("hall")) as found:
        yield found


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What went wrong in any page of the test, whatever else it looks at: nothing."""
    found = Complaints()
    yield found
    assert found.unlooked_for == []


@pytest.fixture
def enter(browser: Browser, hall: Hall, complaints: Complaints) -> Iterator[Enter]:
    """Opens a page, in a browser of its own, for somebody of the staff.

    As in `enter("operator", "/worklist")`. What it complains of fails the test.
    """
    with ExitStack() as stack:

        def open_page(login: str = "", path: str = "", **options: Any) -> Page:
            context: BrowserContext = stack.enter_context(
                browser.new_context(base_url=hall.url, **options)
            )
            context.set_default_timeout(8000)
            complaints.listen(context)
            if login:
                hall.enter(context, login)
            page = context.new_page()
            if path:
                page.goto(path)
            return page

        yield open_page


@pytest.fixture(scope="module")
def people(browser: Browser, hall: Hall) -> People:
    """An open page of each who looks at PAGES; tests put scripts of their own into it."""
    found: People = {}
    for login in {login for login, _ in PAGES.values()}:
        context = browser.new_context(base_url=hall.url, bypass_csp=True)
        if login:
            hall.enter(context, login)
        found[login] = context.new_page()
    return found
