"""One extension that mends what feedgen 1.0 gets wrong, on the feed and on its entries.

- An entry's links lose rel, type, length and title in Atom (upstream issue 135): put back.
- RSS dates go through `locale.setlocale`, which is the whole process's and not thread-safe: they
  are written here instead, and feedgen is given none to write.
- RSS gets no atom:link but `self`, and an author only with an e-mail address: both added.
- Times that nobody set are "now", which changes every byte on every run: see `quiet_clock`.
- It knows no tombstones (RFC 6721) for what was withdrawn, no archives (RFC 5005) and no time of
  change in RSS: added.
"""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_HISTORY = "http://purl.org/syndication/history/1.0"
_LINK_ATTRIBUTES = ("rel", "type", "hreflang", "title", "length")

Link = dict[str, str]


class FeedRepair:
    """Registered as `repair`: feedgen makes one for each feed, reached as `feed.repair`."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.built: datetime | None = None
        self.deleted: list[tuple[str, datetime]] = []
        self.is_archive = False

    def extend_ns(self) -> dict[str, str]:
        if self.built:
            return {"dc": _DC}  # Atom has authors of its own
        found = {"at": _TOMBSTONES} if self.deleted else {}
        return found | {"fh": _HISTORY} if self.is_archive else found

    def extend_atom(self, feed: Any) -> Any:
        if self.is_archive:
            etree.SubElement(feed, f"{{{_HISTORY}}}archive")
        for address, moment in self.deleted:
            facts = {"ref": address, "when": moment.isoformat()}
            etree.SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", facts)
        return feed

    def extend_rss(self, rss: Any) -> Any:
        channel = rss[0]
        for link in self.links:
            if link["rel"] != "self":
                etree.SubElement(channel, f"{{{_ATOM}}}link", link)
        _date(channel, "lastBuildDate", self.built)
        return rss


class EntryRepair:
    """The same for each entry, reached as `entry.repair`."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.published: datetime | None = None
        self.changed: datetime | None = None
        self.creator = ""

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_atom(self, entry: Any) -> Any:
        # feedgen writes xmlns as a plain attribute, so its elements bear no namespace yet.
        for element, link in zip(entry.findall("link"), self.links, strict=True):
            for name in _LINK_ATTRIBUTES:
                if link.get(name):
                    element.set(name, link[name])
        return entry

    def extend_rss(self, entry: Any) -> Any:
        if self.creator:
            etree.SubElement(entry, f"{{{_DC}}}creator").text = self.creator
        _date(entry, "pubDate", self.published)
        if self.changed is not None:
            etree.SubElement(entry, f"{{{_ATOM}}}updated").text = self.changed.isoformat()
        return entry


def quiet_clock(feed: Any) -> None:
    """Take away the build date that feedgen preset to now; it offers no setter that empties it."""
    feed._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001 - the reason stands above


def styled(xml: bytes, href: str) -> bytes:
    """The same feed with a style sheet, so that it is readable when opened in a browser."""
    head, body = xml.split(b"\n", 1)
    instruction = f'<?xml-stylesheet type="text/css" href="{href}"?>'
    return b"\n".join((head, instruction.encode(), body))


def _date(parent: Any, name: str, moment: datetime | None) -> None:
    if moment is not None:
        etree.SubElement(parent, name).text = format_datetime(moment)
