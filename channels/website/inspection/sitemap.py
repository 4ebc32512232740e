"""The site map: every page of an item is in it, and nothing that does not stand."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lxml import etree

from channels.website.inspection.scene import Scene
from channels.website.places import SITEMAP
from publisher.channel import Breach

RULE = "网站地图"


def check(scene: Scene) -> Iterator[Breach]:
    if SITEMAP not in scene.tree.names:
        return  # told among the files that every site has
    named: set[str] = set()
    parts = {name for name in scene.tree.names if name.startswith("sitemap/")}
    for name in (SITEMAP, *sorted(parts)):
        try:
            yield from _read(name, scene, named)
        except etree.XMLSyntaxError:
            yield Breach(
                name, RULE, "网站地图的格式不对，搜索引擎读不了；请用 publisher rebuild 重新生成"
            )
    for part in sorted(parts - named):
        yield Breach(
            part, RULE, "sitemap.xml 没有列出这一部分；请用 publisher rebuild 重新生成网站地图"
        )
    for page in scene.items:
        if page not in named:
            yield Breach(
                page, RULE, "网站地图没有列出本页；请用 publisher rebuild 重新生成网站地图"
            )


def _read(name: str, scene: Scene, named: set[str]) -> Iterator[Breach]:
    for address, changed in _entries(scene.tree.folder / name):
        target = scene.addresses.target("", address).name
        if target is None or not scene.tree.has(target):
            yield Breach(
                name,
                RULE,
                f"网站地图中的“{address}”不在网站上；请用 publisher rebuild 重新生成网站地图",
            )
            continue
        named.add(target)
        if target in scene.tree.withdrawn:
            yield Breach(name, "撤回", f"网站地图中仍有已撤回的 {target}；请重新发送撤回")
        if changed and not _is_time(changed):
            yield Breach(
                name,
                RULE,
                f"{target} 的更新时间“{changed}”不合样式；请用 publisher rebuild 重新生成网站地图",
            )


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    """The addresses in a map with the times of their last change, one at a time; what was read is
    let go.
    """
    tags = ("{*}url", "{*}sitemap")
    with path.open("rb") as file:
        for _, entry in etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True):
            yield entry.findtext("{*}loc", "").strip(), entry.findtext("{*}lastmod", "").strip()
            entry.clear()
            while entry.getprevious() is not None:
                del entry.getparent()[0]


def _is_time(stamp: str) -> bool:
    try:
        datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return True
