"""Following a feed back through its archive, as a harvester does (RFC 5005, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from tests.support.feed_rules.atom import HISTORY, TOMBSTONES, A
from tests.support.feed_rules.parts import parsed

_MOST = 50


@dataclass(frozen=True)
class Entry:
    title: str
    updated: str
    content: str


@dataclass(frozen=True)
class Page:
    """One document of the chain; `entries` by id."""

    url: str
    text: str
    archive: bool
    current: str
    previous: str
    entries: Mapping[str, Entry]
    tombstones: frozenset[str]


def chain(url: str) -> list[Page]:
    """The living feed at this address, then its archive pages from the newest to the oldest."""
    pages = [_page(url)]
    while pages[-1].previous:
        assert pages[-1].previous not in {page.url for page in pages}, "it goes round in a circle"
        assert len(pages) < _MOST
        pages.append(_page(pages[-1].previous))
    return pages


def _page(url: str) -> Page:
    answer = requests.get(url, timeout=5)
    answer.raise_for_status()
    feed = parsed(answer.content)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    stones = feed.findall(f"{TOMBSTONES}deleted-entry")
    return Page(
        url=url,
        text=answer.content.decode(),
        archive=feed.find(f"{HISTORY}archive") is not None,
        current=links.get("current") or "",
        previous=links.get("prev-archive") or "",
        entries={
            one.findtext(f"{A}id"): Entry(
                one.findtext(f"{A}title"),
                one.findtext(f"{A}updated"),
                one.findtext(f"{A}content"),
            )
            for one in feed.findall(f"{A}entry")
        },
        tombstones=frozenset(stone.get("ref") for stone in stones),
    )
