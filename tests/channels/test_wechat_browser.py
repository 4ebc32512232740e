"""The published article on a phone: it fits, its pictures are there, a wide table scrolls alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.channels.wechat_items import a_budget, a_posting
from tests.channels.wechat_world import KEY, a_world
from tests.simulators.wechat import Account

LOADED = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 375, "height": 812})
    yield opened
    opened.close()


def test_published_articles(page: Page) -> None:
    with a_world(Account(polls=0)) as world:
        world.channel.send(world.channel.render([a_budget(), a_posting()]), KEY)
        page.goto(world.simulator.url)
        page.wait_for_function(LOADED, timeout=5_000)
        page.get_by_role("link", name="辛集市2026年第四季度困难群众补助公示").click()
        assert page.evaluate(WIDTH) == 375
        table = page.locator("table").first
        assert table.evaluate("e => e.scrollWidth > e.parentElement.clientWidth")
        assert table.evaluate("e => getComputedStyle(e.parentElement).overflowX") == "auto"
        page.go_back()
        page.get_by_role("link", name="辛集市2025年预算草案报告").click()
        page.wait_for_function(LOADED, timeout=5_000)
        assert page.evaluate(WIDTH) == 375
        figure = page.get_by_role("cell", name="152,346.78")
        assert figure.evaluate("e => getComputedStyle(e).textAlign") == "right"


def test_preview(page: Page, tmp_path: Path) -> None:
    with a_world() as world:
        for file in world.channel.render([a_budget(), a_posting()]).files:
            (tmp_path / file.name).write_bytes(file.data)
    page.goto((tmp_path / "article.html").as_uri())
    page.wait_for_function(LOADED, timeout=5_000)
    assert page.evaluate(WIDTH) == 375
    assert page.locator("article").count() == 2
