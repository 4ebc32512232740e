"""What stands around every page: who answers for the site, its numbers, the ways in and out."""

import re
from collections.abc import Iterator

from channels.website.inspection.page import Page, text
from channels.website.inspection.scene import Scene
from channels.website.places import SEARCH
from publisher.channel import Breach

_FEEDS = ("application/atom+xml", "application/rss+xml")


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    for rule, sentence in (
        *_footer(page, scene),
        *_find_errors(page, scene),
        *_search(page, scene),
        *_feeds(page),
    ):
        yield Breach(page.name, rule, f"{sentence}；请用 publisher rebuild 重新生成")


def _footer(page: Page, scene: Scene) -> Iterator[tuple[str, str]]:
    options = scene.site.options
    said = "".join(map(text, page.all("footer")))
    # The sponsor's name may be part of the contact, which does not say who the sponsor is.
    if options.sponsor and not re.search(f"主办(单位)?[：:]?{re.escape(options.sponsor)}", said):
        yield "页脚", f"页脚没有主办单位“{options.sponsor}”"
    for name, value in (
        ("联系方式", scene.site.contact),
        ("网站标识码", options.site_code),
        ("ICP备案号", options.icp),
        ("公安备案号", options.police),
    ):
        if value and "".join(value.split()) not in said:
            yield "页脚", f"页脚没有{name}“{value}”"


def _find_errors(page: Page, scene: Scene) -> Iterator[tuple[str, str]]:
    address = scene.site.options.find_errors_url
    if address and not any(link.get("href") == address for link in page.all("a")):
        yield "页脚", "页脚没有“我为政府网站找错”的入口"


def _search(page: Page, scene: Scene) -> Iterator[tuple[str, str]]:
    if not scene.site.options.search:
        return
    actions = (form.get("action", "") for form in page.all("form"))
    if not any(scene.addresses.target(page.name, one).name == SEARCH for one in actions):
        yield "搜索框", "网页上没有搜索框"


def _feeds(page: Page) -> Iterator[tuple[str, str]]:
    """Whether a browser or reader finds the feeds by itself."""
    types = {one.get("type") for one in page.all("link") if one.get("rel") == "alternate"}
    for missing in (one for one in _FEEDS if one not in types):
        yield "订阅入口", f"网页没有声明 {missing} 订阅源"
