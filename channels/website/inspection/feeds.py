"""Feeds: well-formed, and saying of each item what its page says."""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from channels.website.inspection.dates import RULE as DATES
from channels.website.inspection.dates import moment_text
from channels.website.inspection.feed_chains import FeedChains
from channels.website.inspection.feed_entries import UNREADABLE, Entry, Frame, entries
from channels.website.inspection.page import read
from channels.website.inspection.scene import Scene
from publisher.channel import Breach

RULE = "订阅源"
_FEED = re.compile(r"(?:atom|rss|archive-\d+)\.xml|feed\.json")


def check(scene: Scene) -> Iterator[Breach]:
    """Every feed that stands there, the sealed archives too."""
    places: dict[tuple[str, str], str] = {}
    chains = FeedChains(scene)
    for name in sorted(scene.tree.names):
        if _FEED.fullmatch(name.rpartition("/")[2]) and name not in scene.tree.assets:
            frame, pages = Frame(), set[str]()
            breaches = list(_feed(name, scene, places, frame, pages))
            yield from breaches
            chains.note(name, frame, pages, sound=not breaches)
    yield from chains.end()
    yield from _nowhere(places, scene)


def _feed(
    name: str,
    scene: Scene,
    places: dict[tuple[str, str], str],
    frame: Frame,
    pages: set[str],
) -> Iterator[Breach]:
    """`places` inside pages, each with the first feed that names it, are looked up at the end;
    `pages` becomes the pages that the feed tells of.
    """
    count, stubs = 0, dict[str, str]()
    try:
        for entry in entries(scene.tree.folder / name, frame):
            count += bool(entry.page)
            target = scene.addresses.target(name, entry.page)
            if target.name and target.fragment:
                places.setdefault((target.name, target.fragment), name)
            elif target.name and entry.page:
                pages.add(target.name)
                if target.name in scene.tree.withdrawn and entry.id:
                    stubs[entry.id] = target.name
            for rule, sentence in _wrong(entry, name, scene):
                yield Breach(name, rule, sentence)
    except UNREADABLE:
        yield Breach(name, RULE, "订阅源的格式不对，阅读器读不了；请用 publisher rebuild 重新生成")
        return
    # The feed of a column may be as empty as the column, an archive or that of the city never.
    if not count and ("/" not in name or "archive-" in name):
        yield Breach(name, RULE, "订阅源中没有信息；请用 publisher rebuild 重新生成")
    for one in sorted(stubs.keys() - frame.buried):
        yield Breach(
            name,
            "撤回",
            f"订阅源没有告诉阅读器 {stubs[one]} 已撤回（at:deleted-entry）；请重新发送撤回",
        )


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
