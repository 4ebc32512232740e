"""Feeds as JSON Feed 1.1 (jsonfeed.org)."""

import json
from typing import Any

from channels.website.feeds import LANGUAGE, Feed, FeedEntry
from channels.website.places import JSON
from channels.website.site import Site


def json_feed(feed: Feed, site: Site) -> bytes:
    said: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": site.url(feed.list.home),
        "feed_url": site.url(feed.list.feed(JSON)),
        "language": LANGUAGE,
        "authors": [{"name": site.options.sponsor or site.name}],
    }
    if site.options.hub:
        said["hubs"] = [{"type": "WebSub", "url": site.options.hub}]
    said["items"] = [_item(one) for one in feed.entries]
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(one: FeedEntry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "summary": one.summary,
        "content_html": one.content,
        "date_published": one.published.isoformat(),
    }
    if one.changed:
        said["date_modified"] = one.updated.isoformat()
    if one.author:
        said["authors"] = [{"name": one.author}]
    if one.terms:
        said["tags"] = list(one.terms)
    if one.enclosures:
        said["attachments"] = [
            {
                "url": each.url,
                "mime_type": each.type,
                "title": each.title,
                "size_in_bytes": each.size,
            }
            for each in one.enclosures
        ]
    return said
