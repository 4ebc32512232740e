"""What hardly an item changes: style, script, how to subscribe, what is shown when nothing is."""

from dataclasses import dataclass

from channels.website.feeds import FORMATS
from channels.website.list_pages import feeds_on_offer
from channels.website.lists import List
from channels.website.places import (
    FEED_STYLE,
    GONE,
    ICON,
    NOT_FOUND,
    ROBOTS,
    SCRIPT,
    SEARCH,
    SITEMAP,
    STYLE,
    SUBSCRIBE,
)
from channels.website.templates import Templates
from publisher.channel import File, Shelf

_CSS = "text/css; charset=utf-8"
_JS = "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A list with the addresses of its feeds, by format, as a reader must type them in."""

    title: str
    feeds: tuple[tuple[str, str], ...]


def fixed(templates: Templates) -> list[File]:
    return [
        *unchanging(templates),
        # Shown under any address, so their links start from the root of the server.
        templates.page("404.html.j2", NOT_FOUND, root="/"),
        templates.page("410.html.j2", GONE, root="/"),
    ]


def unchanging(templates: Templates) -> list[File]:
    """What no item and no other page has a say in."""
    site = templates.site
    private = f"Disallow: /{SEARCH}\n" if site.options.search else ""
    robots = f"User-agent: *\nAllow: /\n{private}Sitemap: {site.url(SITEMAP)}\n"
    return [
        *worn(templates),
        File(FEED_STYLE, _CSS, templates.asset(FEED_STYLE)),
        File(ROBOTS, "text/plain; charset=utf-8", robots.encode()),
    ]


def worn(templates: Templates) -> list[File]:
    """What every page loads."""
    return [
        File(STYLE, _CSS, templates.asset(STYLE)),
        File(SCRIPT, _JS, templates.asset(SCRIPT)),
        File(ICON, "image/svg+xml", templates.asset(ICON)),
    ]


def subscribe_page(shelf: Shelf, templates: Templates) -> File:
    site = templates.site

    def offer(listed: List) -> Offer:
        feeds = tuple((word, site.url(listed.feed(ending))) for ending, _, word in FORMATS)
        return Offer(title=listed.title, feeds=feeds)

    groups = [
        (title, [offer(one) for one in found]) for title, found in feeds_on_offer(shelf, site)
    ]
    return templates.page(
        "subscribe.html.j2",
        SUBSCRIBE,
        column=templates.column("订阅"),
        groups=groups,
    )
