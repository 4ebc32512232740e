"""What the tests of the site share: the site itself, made once, its server and one browser."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from publisher.web.server import Server
from tests.site.kinds import path_of
from tests.site.whole_site import WholeSite
from tests.site.whole_site import whole_site as built

Found = Mapping[str, Iterable[str]]
Go = Callable[[Page, str], None]
CHROMIUM = "/usr/bin/chromium"


def nothing_in(found: Found) -> None:
    """Fail with every line of what was found."""
    lines = [f"{way}: {one}" for way, some in found.items() for one in some]
    assert not lines, "\n".join(["", *lines])


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSite]:
    """Some sixty items over two years. Look at it, do not change it."""
    with built(tmp_path_factory.mktemp("whole-site")) as site:
        yield site


@pytest.fixture(scope="session")
def shown(whole_site: WholeSite) -> Iterator[Server]:
    with whole_site.served() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file of tests: while Playwright runs, nothing else in its thread may."""
    with sync_playwright() as playwright:
        # Root, as in a container, cannot use the sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def go(whole_site: WholeSite, shown: Server) -> Go:
    """Open the page of a kind."""

    def open_it(page: Page, kind: str) -> None:
        page.goto(shown.url + path_of(whole_site, kind))

    return open_it


# To open a page costs more than to look at it, so each file of tests has one of each sort.


@pytest.fixture(scope="module")
def _strict(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def _open(browser: Browser) -> Iterator[Page]:
    with browser.new_context(bypass_csp=True) as context:
        yield context.new_page()


@pytest.fixture
def page(_strict: Page) -> Page:
    """A reader's browser on a desk. Whoever switches to large print switches back."""
    return _on_a_desk(_strict)


@pytest.fixture
def open_page(_open: Page) -> Page:
    """The same, into which a test may put scripts and styles of its own."""
    return _on_a_desk(_open)


def _on_a_desk(page: Page) -> Page:
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(
        media="screen",
        color_scheme="light",
        contrast="no-preference",
        forced_colors="none",
        reduced_motion="no-preference",
    )
    return page
