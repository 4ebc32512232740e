"""Feeds as Atom and as RSS 2.0; feedgen writes the XML."""

from html import escape
from typing import Any

from feedgen.feed import FeedGenerator

from channels.website.feed_extension import EntryRepair, FeedRepair, Link, quiet_clock, styled
from channels.website.feeds import ATOM_TYPE, LANGUAGE, RSS_TYPE, Feed, FeedEntry
from channels.website.places import ATOM, FEED_STYLE, RSS
from channels.website.site import Site


def atom(feed: Feed, site: Site) -> bytes:
    """RFC 4287, with archives (RFC 5005) and tombstones (RFC 6721)."""
    made = _feed(feed, site, _atom_links(feed, site))
    made.updated(feed.updated)
    made.repair.is_archive = feed.archive is not None
    made.repair.deleted = [(one.id, one.updated) for one in feed.entries if one.deleted]
    for one in feed.entries:
        entry = _entry(made, one)
        entry.updated(one.updated)
        entry.published(one.published)
        if one.author:  # of what was withdrawn the feed itself is the author
            entry.author(name=one.author)
        _links(entry, [_page(one), *_enclosures(one)])
    return styled(made.atom_str(pretty=True), f"/{FEED_STYLE}")


def rss(feed: Feed, site: Site) -> bytes:
    """RSS 2.0, which knows one enclosure an entry: the first attachment."""
    made = _feed(feed, site, _rss_links(feed, site))
    made.repair.built = feed.updated
    for one in feed.entries:
        entry = _entry(made, one)
        entry.description(escape(one.summary))  # readers take it for HTML
        entry.guid(one.id, permalink=True)
        entry.repair.published = one.published
        entry.repair.changed = one.updated if one.changed else None
        entry.repair.creator = one.author
        _links(entry, [_page(one), *_enclosures(one)[:1]])
    return styled(made.rss_str(pretty=True), f"/{FEED_STYLE}")


def _feed(feed: Feed, site: Site, links: list[Link]) -> Any:
    made = FeedGenerator()
    made.register_extension("repair", FeedRepair, EntryRepair)
    quiet_clock(made)
    made.id(site.url(feed.list.feed(ATOM)))  # archives are the same feed
    made.title(feed.title)
    made.subtitle(feed.subtitle)
    made.description(feed.subtitle)
    made.language(LANGUAGE)
    made.generator("publisher")
    made.author(name=site.options.sponsor or site.name)
    made.repair.links = links
    for link in links:
        made.link(**link)
    return made


def _atom_links(feed: Feed, site: Site) -> list[Link]:
    head = site.url(feed.list.feed(ATOM))
    own = head if feed.archive is None else site.url(feed.list.archive(feed.archive))
    links = [{"rel": "self", "type": ATOM_TYPE, "href": own}]
    if feed.archive is not None:
        links.append({"rel": "current", "type": ATOM_TYPE, "href": head})
    if feed.previous is not None:
        older = site.url(feed.list.archive(feed.previous))
        links.append({"rel": "prev-archive", "type": ATOM_TYPE, "href": older})
    if feed.archive is None:
        links.append({"rel": "alternate", "type": RSS_TYPE, "href": site.url(feed.list.feed(RSS))})
    return [*links, *_hub(feed, site), _list_page(feed, site)]


def _rss_links(feed: Feed, site: Site) -> list[Link]:
    own = site.url(feed.list.feed(RSS))
    other = site.url(feed.list.feed(ATOM))
    return [
        {"rel": "self", "type": RSS_TYPE, "href": own},
        {"rel": "alternate", "type": ATOM_TYPE, "href": other},
        *_hub(feed, site),
        _list_page(feed, site),
    ]


def _hub(feed: Feed, site: Site) -> list[Link]:
    wanted = site.options.hub and feed.archive is None
    return [{"rel": "hub", "href": site.options.hub}] if wanted else []


def _list_page(feed: Feed, site: Site) -> Link:
    """Comes last: feedgen takes the last link, whatever its rel, for the link of RSS."""
    href = site.url(feed.list.page(feed.archive) if feed.archive else feed.list.home)
    return {"rel": "alternate", "type": "text/html", "href": href}


def _entry(made: Any, one: FeedEntry) -> Any:
    entry = made.add_entry(order="append")
    entry.id(one.id)
    entry.title(one.title)
    entry.summary(one.summary)
    # Never CDATA, which feedgen writes into Atom's type attribute, where it means nothing.
    entry.content(one.content, type="html")
    for term in one.terms:
        entry.category(term=term)
    return entry


def _page(one: FeedEntry) -> Link:
    return {"rel": "alternate", "type": "text/html", "href": one.url}


def _enclosures(one: FeedEntry) -> list[Link]:
    return [
        {
            "rel": "enclosure",
            "type": each.type,
            "length": str(each.size),
            "title": each.title,
            "href": each.url,
        }
        for each in one.enclosures
    ]


def _links(entry: Any, links: list[Link]) -> None:
    entry.repair.links = links
    for link in links:
        entry.link(**link)
