"""Reading a feed of any format, an entry at a time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from pathlib import Path
from typing import Any

from lxml import etree

from channels.website.inspection.dates import moment_of

UNREADABLE = (etree.XMLSyntaxError, ValueError, TypeError, KeyError, AttributeError)
"""What reading a feed that is none may raise, besides OSError."""
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one item. `links` are all addresses in it, with the length if told."""

    page: str
    title: str
    published: datetime | None
    links: tuple[tuple[str, str], ...]
    id: str = ""


@dataclass(slots=True)
class Frame:
    """What an Atom feed says around its entries; known when all of these have been read."""

    is_archive: bool = False
    previous: str = ""
    """The address of the archive that goes on from here into the past."""
    buried: set[str] = field(default_factory=set)
    """The ids of what a reader should throw away."""


def entries(path: Path, frame: Frame) -> Iterator[Entry]:
    """Every entry; the addresses around them come as entries without a page."""
    return _json(path) if path.suffix == ".json" else _xml(path, frame)


def _xml(path: Path, frame: Frame) -> Iterator[Entry]:
    """Atom or RSS. Nothing outside the file is read for it."""
    with path.open("rb") as file:
        for _, element in etree.iterparse(file, resolve_entities=False, no_network=True):
            if element.tag == f"{_ATOM}entry":
                yield _atom(element)
                element.clear()
            elif element.tag == "item":
                yield _rss(element)
                element.clear()
            elif element.tag == f"{_ATOM}link" and element.getparent().tag != f"{_ATOM}entry":
                if element.get("rel") == "prev-archive":
                    frame.previous = element.get("href", "")
                yield Entry("", "", None, (_link(element),))
            elif element.tag == _TOMBSTONE:
                frame.buried.add(element.get("ref", ""))
            elif element.tag == _ARCHIVE:
                frame.is_archive = True


def _atom(element: Any) -> Entry:
    links = element.findall(f"{_ATOM}link")
    page = next((one for one in links if one.get("rel", "alternate") == "alternate"), None)
    name = element.findtext(f"{_ATOM}id", "")
    return Entry(
        page.get("href", "") if page is not None else name,
        element.findtext(f"{_ATOM}title", ""),
        _aware(element.findtext(f"{_ATOM}published", "")),
        tuple(map(_link, links)),
        name,
    )


def _rss(element: Any) -> Entry:
    published = element.findtext("pubDate", "")
    page = element.findtext("link", "").strip()
    enclosures = [(one.get("url", ""), one.get("length", "")) for one in element.iter("enclosure")]
    return Entry(
        page,
        element.findtext("title", ""),
        parsedate_to_datetime(published) if published else None,
        ((page, ""), *enclosures),
    )


def _json(path: Path) -> Iterator[Entry]:
    told = json.loads(path.read_bytes())
    yield Entry("", "", None, ((told["feed_url"], ""), (told["home_page_url"], "")))
    for item in told["items"]:
        files = item.get("attachments", ())
        yield Entry(
            item["url"],
            item.get("title", ""),
            _aware(item.get("date_published", "")),
            tuple(
                chain(
                    [(item["url"], "")],
                    ((one["url"], str(one.get("size_in_bytes", ""))) for one in files),
                )
            ),
        )


def _link(element: Any) -> tuple[str, str]:
    return element.get("href", ""), element.get("length", "")


def _aware(stamp: str) -> datetime | None:
    """A time as Atom has it; one that is none makes the feed unreadable."""
    if not stamp:
        return None
    if (moment := moment_of(stamp)) is None:
        raise ValueError(stamp)
    return moment
