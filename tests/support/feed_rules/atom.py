"""Atom: RFC 4287, with the pages of RFC 5005 and the tombstones of RFC 6721."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from lxml import etree

from tests.support.feed_rules.parts import (
    html_breaches,
    is_address,
    is_media_type,
    moment,
    parsed,
    twice,
)

A = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_FEED = {
    "id",
    "title",
    "subtitle",
    "updated",
    "author",
    "link",
    "generator",
    "entry",
    "category",
    "icon",
    "logo",
    "rights",
}
_ENTRY = {
    "id",
    "title",
    "updated",
    "published",
    "author",
    "link",
    "summary",
    "content",
    "category",
    "rights",
    "source",
}
_ONCE = ("id", "title", "updated", "published", "summary", "content", "subtitle", "generator")


def atom_breaches(url: str, data: bytes) -> list[str]:
    try:
        feed = parsed(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    if feed.tag != f"{A}feed":
        return [f"the root is {feed.tag}"]
    entries = feed.findall(f"{A}entry")
    found = [*_counts(feed, "feed", _FEED), *_links(feed, "feed"), *_head(feed, url, entries)]
    found += twice("the id", [str(entry.findtext(f"{A}id")) for entry in entries])
    for entry in entries:
        found += [f"{entry.findtext(f'{A}id')}: {one}" for one in _entry(entry)]
    return [*found, *_paging(feed), *_tombstones(feed, entries)]


def _head(feed: Any, url: str, entries: Sequence[Any]) -> list[str]:
    found = []
    selves = [link.get("href") for link in feed.findall(f"{A}link") if link.get("rel") == "self"]
    if selves != [url]:
        found.append(f"its own address is given as {selves}")
    if not feed.get(LANG):
        found.append("no xml:lang")
    if not feed.findall(f"{A}author") and not all(one.findall(f"{A}author") for one in entries):
        found.append("an entry without an author in a feed without one")
    changes = [moment(entry.findtext(f"{A}updated")) for entry in entries]
    updated, last = moment(feed.findtext(f"{A}updated")), max(filter(None, changes), default=None)
    if updated and last and updated < last:
        found.append(f"updated {updated} is before its entry's {last}")
    return found


def _counts(element: Any, what: str, known: set[str]) -> list[str]:
    """Elements that stand too often, that are missing or empty, that Atom does not know."""
    names = [str(one.tag).removeprefix(A) for one in element if str(one.tag).startswith(A)]
    found = [f"<{name}> in a {what}" for name in dict.fromkeys(names) if name not in known]
    found += [f"{names.count(name)} <{name}>" for name in _ONCE if names.count(name) > 1]
    for name in ("id", "title", "updated"):
        if not (element.findtext(f"{A}{name}") or "").strip():
            found.append(f"no {name} in the {what}")
    if not is_address(element.findtext(f"{A}id")):
        found.append(f"the id of the {what} is no full address")
    for name in ("updated", "published"):
        text = element.findtext(f"{A}{name}")
        if text is not None and not moment(text):
            found.append(f"{name} {text!r} is no time of RFC 3339")
    for author in element.findall(f"{A}author"):
        if not (author.findtext(f"{A}name") or "").strip():
            found.append("an author without a name")
    for category in element.findall(f"{A}category"):
        if not category.get("term"):
            found.append("a category without a term")
    return found


def _links(element: Any, what: str) -> list[str]:
    links = element.findall(f"{A}link")
    found = [
        f"the link {link.get('href')!r} of the {what} is no full address"
        for link in links
        if not is_address(link.get("href"))
    ]
    kinds = [
        f"alternate {link.get('type')} {link.get('hreflang') or ''}"
        for link in links
        if link.get("rel", "alternate") == "alternate"
    ]
    if len(kinds) != len(set(kinds)):
        found.append(f"alternates of one type: {kinds}")
    for link in links:
        if link.get("type") and not is_media_type(link.get("type")):
            found.append(f"the type {link.get('type')!r} of a link")
        if link.get("rel") == "enclosure" and not (
            link.get("type") and (link.get("length") or "").isdigit()
        ):
            found.append("an enclosure without type or length")
    return found


def _entry(entry: Any) -> list[str]:
    found = [*_counts(entry, "entry", _ENTRY), *_links(entry, "entry")]
    rels = [link.get("rel", "alternate") for link in entry.findall(f"{A}link")]
    if "alternate" not in rels:
        found.append("no page")
    published = moment(entry.findtext(f"{A}published"))
    updated = moment(entry.findtext(f"{A}updated"))
    if published and updated and updated < published:
        found.append(f"updated {updated} before it was published {published}")
    for name in ("title", "summary", "content"):
        part = entry.find(f"{A}{name}")
        if part is not None:
            found += [f"{name}: {one}" for one in _text(part)]
    return found


def _text(part: Any) -> list[str]:
    """A text construct: plain, or escaped HTML, or XHTML in one div."""
    match part.get("type", "text"):
        case "text":
            return ["markup in plain text"] if len(part) else []
        case "html":
            return ["elements in escaped HTML"] if len(part) else html_breaches(part.text or "")
        case "xhtml":
            div = "{http://www.w3.org/1999/xhtml}div"
            if [one.tag for one in part] != [div]:
                return ["XHTML that is not one div"]
            return html_breaches(etree.tostring(part[0], encoding="unicode", method="html"))
        case other:
            return [f"the type {other}"]


def _paging(feed: Any) -> list[str]:
    """RFC 5005: an archive page says what it is and where the living feed is; neither points on."""
    rels = [link.get("rel") for link in feed.findall(f"{A}link")]
    found = [
        f"{rels.count(rel)} links {rel}" for rel in set(rels) - {"alternate"} if rels.count(rel) > 1
    ]
    sealed = len(feed.findall(f"{HISTORY}archive"))
    if sealed > 1:
        found.append("archive twice")
    if sealed and "current" not in rels:
        found.append("an archive page that does not say where the living feed is")
    if not sealed and "next-archive" in rels:
        found.append("a living feed with a next archive")
    if feed.find(f"{HISTORY}complete") is not None and "prev-archive" in rels:
        found.append("complete, and yet with an archive")
    return found


def _tombstones(feed: Any, entries: Sequence[Any]) -> list[str]:
    stones = feed.findall(f"{TOMBSTONES}deleted-entry")
    refs = [str(stone.get("ref")) for stone in stones]
    found = twice("the tombstone of", refs)
    found += [f"a tombstone of {ref!r}" for ref in refs if not is_address(ref)]
    updated = {entry.findtext(f"{A}id"): moment(entry.findtext(f"{A}updated")) for entry in entries}
    for stone in stones:
        when, stub = moment(stone.get("when")), updated.get(stone.get("ref"))
        if when is None:
            found.append(f"a tombstone without a time: {stone.get('ref')}")
        elif stub and when < stub:
            found.append(f"the entry {stone.get('ref')} is younger than its tombstone")
    return found


def order_breaches(data: bytes) -> list[str]:
    """A living feed goes from the latest change to the earliest."""
    entries = parsed(data).findall(f"{A}entry")
    changes = [moment(entry.findtext(f"{A}updated")) for entry in entries]
    known: list[datetime] = [one for one in changes if one]
    return [
        f"{later} stands after {earlier}" for earlier, later in pairwise(known) if later > earlier
    ]
