"""The subscription feeds. One entry builder serves Atom and RSS; feedgen writes the XML.

Readers keep what they once took. So a withdrawn item is not left out: a stub with the same id
overwrites it, and in Atom a tombstone says so to those who understand one.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from feedgen.feed import FeedGenerator

from channels.website.body import body_html
from channels.website.feed_extension import EntryRepair, FeedRepair, Link, quiet_clock, styled
from channels.website.history import is_withdrawn, mark, told
from channels.website.places import ATOM, FEED_STYLE, HOME, RSS, asset_url
from channels.website.site import Site, excerpt
from publisher.model import Item

ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"


def atom(items: Sequence[Item], site: Site) -> bytes:
    """The Atom feed of these items, in this order."""
    feed = _feed(site, ATOM, ATOM_TYPE, (RSS, RSS_TYPE))
    feed.updated(_updated(items, site))
    feed.repair.deleted = [
        (item.url, site.local(item.changed_at)) for item in items if is_withdrawn(item)
    ]
    for item in items:
        entry = _entry(feed, item, site)
        entry.updated(site.local(item.changed_at))
        entry.published(site.local(item.published_at))
        if author := _author(item):
            entry.author(name=author)
        _links(entry, [_page(item), *_enclosures(item)])
    return styled(feed.atom_str(pretty=True), FEED_STYLE)


def rss(items: Sequence[Item], site: Site) -> bytes:
    """The same as RSS 2.0, which knows one enclosure an entry: the first attachment."""
    feed = _feed(site, RSS, RSS_TYPE, (ATOM, ATOM_TYPE))
    feed.repair.built = _updated(items, site)
    for item in items:
        entry = _entry(feed, item, site)
        entry.guid(item.url, permalink=True)
        entry.repair.published = site.local(item.published_at)
        entry.repair.changed = site.local(item.changed_at) if item.notices else None
        entry.repair.creator = _author(item)
        _links(entry, [_page(item), *_enclosures(item)[:1]])
    return styled(feed.rss_str(pretty=True), FEED_STYLE)


def _feed(site: Site, own: str, media_type: str, other: tuple[str, str]) -> Any:
    feed = FeedGenerator()
    feed.register_extension("repair", FeedRepair, EntryRepair)
    quiet_clock(feed)
    feed.id(site.url(own))
    feed.title(site.feed_title)
    feed.subtitle(site.feed_subtitle)
    feed.description(site.feed_subtitle)
    feed.language(site.options.language)
    feed.generator("publisher")
    feed.author(name=site.options.sponsor or site.name)
    # The page comes last: feedgen takes the last link, whatever its rel, for the link of RSS.
    feed.repair.links = [
        {"rel": "self", "type": media_type, "href": site.url(own)},
        {"rel": "alternate", "type": other[1], "href": site.url(other[0])},
        {"rel": "alternate", "type": "text/html", "href": site.url(HOME)},
    ]
    for link in feed.repair.links:
        feed.link(**link)
    return feed


def _entry(feed: Any, item: Item, site: Site) -> Any:
    revision, marked, sentences = item.revision, mark(item, site), told(item, site)
    entry = feed.add_entry(order="append")
    entry.id(item.url)
    entry.title(f"［{marked}］{revision.title}" if marked else revision.title)
    content = "".join(f"<p><strong>{escape(one)}</strong></p>\n" for one in sentences[:1])
    if is_withdrawn(item):
        entry.summary(sentences[0])
        entry.content(f"{content}<p>索引号：{escape(item.number)}</p>", type="html")
        return entry
    entry.summary("".join((*sentences[:1], excerpt(revision))))
    content += body_html(revision, lambda asset: asset_url(item, asset))
    # Never CDATA, which feedgen writes into Atom's type attribute, where it means nothing.
    entry.content(content, type="html")
    for term in dict.fromkeys((revision.field, revision.five_open_stage, *revision.topics)):
        if term:
            entry.category(term=term)
    return entry


def _author(item: Item) -> str:
    """Of what was withdrawn the feed itself is the author."""
    return "" if is_withdrawn(item) else item.revision.department


def _page(item: Item) -> Link:
    return {"rel": "alternate", "type": "text/html", "href": item.url}


def _enclosures(item: Item) -> list[Link]:
    if is_withdrawn(item):
        return []
    return [
        {
            "rel": "enclosure",
            "type": asset.media_type,
            "length": str(asset.size),
            "title": asset.title,
            "href": asset_url(item, asset),
        }
        for asset in item.revision.attachments
    ]


def _links(entry: Any, links: list[Link]) -> None:
    entry.repair.links = links
    for link in links:
        entry.link(**link)


def _updated(items: Sequence[Item], site: Site) -> Any:
    return site.local(max(item.changed_at for item in items))
