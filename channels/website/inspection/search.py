"""The search: its index stands beside the site's folder, and all that stands can be found."""

import sqlite3
from collections.abc import Iterator

from channels.website.inspection.scene import Scene
from channels.website.places import GONE_MARK
from channels.website.search import INDEX, REBUILD
from channels.website.search_index import SearchIndex
from publisher.channel import Breach

RULE = "搜索"


def check(scene: Scene) -> Iterator[Breach]:
    output = scene.tree.folder.parent
    if scene.site.options.search and (sentence := _wrong(SearchIndex(output / INDEX), scene)):
        name = f"{output.name}/{INDEX}"
        yield Breach(name, RULE, f"搜索库“{name}”{sentence}；请运行 {REBUILD} 重建")


def _wrong(index: SearchIndex, scene: Scene) -> str:
    if not index.is_begun:
        return "不在，网站的搜索用不了"
    try:
        if not index.is_complete():
            return "已损坏或不完整，网站的搜索用不了"
        lacking = scene.items.keys() - index.names()
    except sqlite3.Error:
        return "读不了，网站的搜索用不了"
    first = min((name for name in lacking if not _is_gone(name, scene)), default="")
    return f"中没有 {first} 等信息，群众搜不到" if first else ""


def _is_gone(page: str, scene: Scene) -> bool:
    """Whether it was withdrawn since the inspection began."""
    return scene.tree.has(f"{page.removesuffix('.html')}/{GONE_MARK}")
