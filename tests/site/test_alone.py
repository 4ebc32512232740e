"""Does the site stand by itself, under the strictest of rules for content?"""

from collections import defaultdict

from playwright.sync_api import Browser, ConsoleMessage, Request, Response

from publisher.web.server import Server
from tests.site.conftest import Go, nothing_in
from tests.site.kinds import LAYOUTS


def test_no_page_asks_anybody_else_or_complains(browser: Browser, go: Go, shown: Server) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    kind = ""

    def hear(message: ConsoleMessage) -> None:
        # A page that tells of a loss is answered with 404 or 410, and the browser says so.
        if message.location["url"] != page.url or "Failed to load" not in message.text:
            found[kind].append(f"{message.location['url']}: {message.text}")

    def look(answer: Response) -> None:
        if not answer.url.startswith(shown.url) or (answer.status >= 400 and not _main(answer)):
            found[kind].append(f"{answer.url}: {answer.status}")

    def fail(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the next page was opened meanwhile
            found[kind].append(request.url)

    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: found[kind].append(str(error)))
        page.on("requestfailed", fail)
        page.on("response", look)
        for kind in LAYOUTS:
            go(page, kind)
            assert page.title()
        page.wait_for_load_state("networkidle")
    nothing_in(found)


def _main(answer: Response) -> bool:
    return answer.request.is_navigation_request()


def test_a_breach_would_be_heard(browser: Browser, go: Go) -> None:
    said: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        go(page, "home")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    assert any("Content Security Policy" in text for text in said)
