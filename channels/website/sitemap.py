"""Sitemaps (sitemaps.org), cut at fixed places like the lists."""

from collections.abc import Iterable
from html import escape

from channels.website.lists import EVERYTHING
from channels.website.places import LISTS, SITEMAP, SUBSCRIBE, sitemap_name
from channels.website.site import Site
from publisher.channel import Block, File

_TYPE = "application/xml"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(block: Block, site: Site) -> File:
    """The addresses of a block of items."""
    entries = (
        f"<url><loc>{escape(url)}</loc><lastmod>{site.local(at).isoformat()}</lastmod></url>"
        for url, at in block.entries
    )
    return _file(sitemap_name(block.number), "urlset", entries)


def sitemap_of_pages(site: Site) -> File:
    """The pages that are no items: from them all lists are reached."""
    names = ("", EVERYTHING.home, LISTS.removesuffix("index.html"), SUBSCRIBE)
    entries = (f"<url><loc>{escape(site.url(name))}</loc></url>" for name in names)
    return _file(sitemap_name("pages"), "urlset", entries)


def sitemap_index(count: int, site: Site) -> File:
    """All sitemaps. It says nothing of times, so that it changes only when one is added."""
    names = (sitemap_name(one) for one in ("pages", *range(1, count + 1)))
    entries = (f"<sitemap><loc>{escape(site.url(name))}</loc></sitemap>" for name in names)
    return _file(SITEMAP, "sitemapindex", entries)


def _file(name: str, root: str, entries: Iterable[str]) -> File:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    return File(name, _TYPE, "\n".join((*lines, *entries, f"</{root}>", "")).encode())
