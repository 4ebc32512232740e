"""JSON Feed 1.1."""

import json
from typing import Any

from tests.support.feed_rules.parts import (
    html_breaches,
    is_address,
    is_media_type,
    moment,
    twice,
)

_FEED = {
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
}
_ITEM = {
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
}


def json_breaches(url: str, data: bytes) -> list[str]:
    try:
        feed = json.loads(data.decode("utf-8"))
    except ValueError as error:
        return [f"not JSON in UTF-8: {error}"]
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return ["no object with items"]
    items = feed["items"]
    found = [*_unknown(feed, _FEED), *_head(feed, url), *_authors(feed)]
    found += twice("the id", [str(item.get("id")) for item in items])
    for item in items:
        found += [f"{item.get('id')}: {one}" for one in _item(item)]
    return found


def _head(feed: dict[str, Any], url: str) -> list[str]:
    found = []
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append(f"the version {feed.get('version')!r}")
    if feed.get("feed_url") != url:
        found.append(f"its own address is given as {feed.get('feed_url')!r}")
    if not is_address(feed.get("home_page_url")):
        found.append("no page of its own")
    found += [f"no {name}" for name in ("title", "language") if not feed.get(name)]
    return found


def _item(item: dict[str, Any]) -> list[str]:
    found = [*_unknown(item, _ITEM), *_authors(item), *_times(item)]
    if not (isinstance(item.get("id"), str) and item["id"]):
        found.append("no id, or one that is no text")
    if not is_address(item.get("url")):
        found.append(f"the address {item.get('url')!r}")
    if not (item.get("content_html") or item.get("content_text")):
        found.append("no content")
    found += html_breaches(item.get("content_html") or "")
    found += twice("the tag", item.get("tags", []))
    for one in item.get("attachments", []):
        if not (is_address(one.get("url")) and is_media_type(one.get("mime_type"))):
            found.append(f"the attachment {one}")
        if not isinstance(one.get("size_in_bytes", 0), int):
            found.append("a size that is no number")
    return found


def _times(item: dict[str, Any]) -> list[str]:
    found = [
        f"{name} {item[name]!r} is no time of RFC 3339"
        for name in ("date_published", "date_modified")
        if name in item and not moment(item[name])
    ]
    published, modified = (moment(item.get(f"date_{what}")) for what in ("published", "modified"))
    if not published:
        found.append("no time of publication")
    if published and modified and modified < published:
        found.append("modified before it was published")
    return found


def _authors(thing: dict[str, Any]) -> list[str]:
    authors = thing.get("authors", [])
    return [
        f"the author {one}" for one in authors if not (isinstance(one, dict) and one.get("name"))
    ]


def _unknown(thing: dict[str, Any], known: set[str]) -> list[str]:
    strange = (name for name in thing if name not in known and not name.startswith("_"))
    empty = (name for name, value in thing.items() if value is None)
    return [*(f"the member {name}" for name in strange), *(f"{name} is null" for name in empty)]
