"""Feeds: well-formed, and saying of each item what its page says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from lxml import etree

from channels.website.inspection.dates import RULE as DATES
from channels.website.inspection.dates import moment_of, moment_text
from channels.website.inspection.page import read
from channels.website.inspection.scene import Scene
from publisher.channel import Breach

RULE = "订阅源"
_ATOM = "{http://www.w3.org/2005/Atom}"
_FEED = re.compile(r"(?:atom|rss|archive-\d+)\.xml|feed\.json")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one item. `links` are all addresses in it, with the length if told."""

    page: str
    title: str
    published: datetime | None
    links: tuple[tuple[str, str], ...]


def check(scene: Scene) -> Iterator[Breach]:
    """Every feed that stands there, the sealed archives too."""
    places: dict[tuple[str, str], str] = {}
    for name in sorted(scene.tree.names):
        if _FEED.fullmatch(name.rpartition("/")[2]) and name not in scene.tree.assets:
            yield from _feed(name, scene, places)
    yield from _nowhere(places, scene)


def _feed(name: str, scene: Scene, places: dict[tuple[str, str], str]) -> Iterator[Breach]:
    """`places` inside pages, each with the first feed that names it, are looked up at the end."""
    path = scene.tree.folder / name
    entries = _json(path) if name.endswith(".json") else _xml(path)
    count = 0
    try:
        for entry in entries:
            count += bool(entry.page)
            target = scene.addresses.target(name, entry.page)
            if target.name and target.fragment:
                places.setdefault((target.name, target.fragment), name)
            for rule, sentence in _wrong(entry, name, scene):
                yield Breach(name, rule, sentence)
    except (etree.XMLSyntaxError, ValueError, TypeError, KeyError, AttributeError):
        yield Breach(name, RULE, "订阅源的格式不对，阅读器读不了；请用 publisher rebuild 重新生成")
        return
    # The feed of a column may be as empty as the column, an archive or that of the city never.
    if not count and ("/" not in name or "archive-" in name):
        yield Breach(name, RULE, "订阅源中没有信息；请用 publisher rebuild 重新生成")


def _nowhere(places: dict[tuple[str, str], str], scene: Scene) -> Iterator[Breach]:
    """News of a correction or withdrawal leads to the place where its page tells of it."""
    for page, some in groupby(sorted(places), key=itemgetter(0)):
        found = read(scene.tree.folder, page) if page in scene.tree.names else None
        for key in some if found else ():
            if found and key[1] not in found.ids:
                yield Breach(
                    places[key],
                    RULE,
                    f"订阅源中的“{'#'.join(key)}”在网页上没有这个位置；"
                    "请用 publisher rebuild website 重新生成",
                )


def _wrong(entry: Entry, name: str, scene: Scene) -> Iterator[tuple[str, str]]:
    for href, length in entry.links:
        file = scene.addresses.target(name, href).name
        if file is None:
            continue
        if not scene.tree.has(file):
            yield RULE, f"订阅源中的“{href}”不在网站上；请用 publisher rebuild 重新生成"
        elif length and int(length) != scene.tree.size(file):
            yield RULE, f"订阅源中“{href}”的大小与文件不符；请用 publisher rebuild 重新生成"
    target = scene.addresses.target(name, entry.page) if entry.page else None
    if target is None or target.fragment:
        return  # a correction or withdrawal told as news of its own, at the time when it came
    page = target.name
    if page in scene.tree.withdrawn and "撤回" not in entry.title:
        yield "撤回", f"订阅源中仍有已撤回的 {page}，没有注明已撤回；请重新发送撤回"
    known = scene.items.get(page or "", "")
    told = moment_text(entry.published, scene) if entry.published else ""
    if known and told and known != told:
        yield DATES, f"{page} 在订阅源中的发布时间 {told} 与网页的 {known} 不符；请查明是否被改动"


def _xml(path: Path) -> Iterator[Entry]:
    """Atom or RSS, an entry at a time. Nothing outside the file is read for it."""
    with path.open("rb") as file:
        for _, element in etree.iterparse(file, resolve_entities=False, no_network=True):
            if element.tag == f"{_ATOM}entry":
                yield _atom(element)
                element.clear()
            elif element.tag == "item":
                yield _rss(element)
                element.clear()
            elif element.tag == f"{_ATOM}link" and element.getparent().tag != f"{_ATOM}entry":
                yield Entry("", "", None, (_link(element),))


def _atom(element: Any) -> Entry:
    links = element.findall(f"{_ATOM}link")
    page = next((one for one in links if one.get("rel", "alternate") == "alternate"), None)
    return Entry(
        page.get("href", "") if page is not None else element.findtext(f"{_ATOM}id", ""),
        element.findtext(f"{_ATOM}title", ""),
        _aware(element.findtext(f"{_ATOM}published", "")),
        tuple(map(_link, links)),
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
