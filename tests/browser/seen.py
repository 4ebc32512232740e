"""Where on a page a person looks."""

from playwright.sync_api import Locator, Page


def cell(page: Page, item_id: str, channel: str) -> Locator:
    """How an item stands in a channel, in the matrix."""
    return page.locator(f'[data-item="{item_id}"] [data-label="{channel}"]')


def card(page: Page, channel: str, what: str = "发布") -> Locator:
    """A delivery on the page of its item."""
    return page.get_by_role("article", name=f"{channel} {what}")
