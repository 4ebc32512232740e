"""Files: those every site has are there, those nobody should find are not."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from channels._files import is_stray
from channels.website.fixed import unchanging
from channels.website.inspection.addresses import Addresses
from channels.website.inspection.made import is_asset
from channels.website.inspection.scene import Scene
from channels.website.lists import EVERYTHING
from channels.website.places import (
    ATOM,
    FEED_STYLE,
    GONE,
    GONE_MARK,
    HOME,
    JSON,
    LISTS,
    NOT_FOUND,
    ROBOTS,
    RSS,
    SITEMAP,
    SUBSCRIBE,
)
from channels.website.templates import Templates
from publisher.channel import Breach

_ALWAYS = {
    HOME: "首页",
    EVERYTHING.page(None): "公开目录",
    LISTS: "分类导航",
    SUBSCRIBE: "订阅说明",
    NOT_FOUND: "“网页不存在”的说明页",
    GONE: "“信息已撤回”的说明页",
    ROBOTS: "给搜索引擎的说明",
    SITEMAP: "网站地图",
    ATOM: "Atom 订阅源",
    RSS: "RSS 订阅源",
    JSON: "JSON 订阅源",
    FEED_STYLE: "订阅源的样式",
}
_UNFINISHED = timedelta(minutes=10)
"""A half-written file may be that of a publication under way; an older one is not."""
_CSS_ADDRESS = re.compile(rb"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")


def check(scene: Scene) -> Iterator[Breach]:
    names = scene.tree.names
    for name, what in _ALWAYS.items():
        if name not in names:
            yield Breach(
                name, "基本文件", f"没有{what}（{name}）；请用 publisher rebuild 重新生成网站"
            )
    yield from _given(scene)
    for name in sorted(names):
        yield from _file(name, scene)
    for name in sorted(scene.tree.foreign):
        yield Breach(
            name,
            "外来文件",
            "不是本程序生成的文件，可能有人放进来或网站被入侵；请核实后删除",
        )


def _file(name: str, scene: Scene) -> Iterator[Breach]:
    file = name.rpartition("/")[2]
    owner = scene.tree.owner(name)
    if owner in scene.tree.withdrawn and file != GONE_MARK:
        yield Breach(name, "撤回", f"{owner} 已撤回，它的附件还在；请重新发送撤回，或删除此文件")
    elif file == GONE_MARK:
        if not owner:
            yield Breach(name, "撤回", "撤回标记没有对应的网页；请重新发送撤回")
    elif is_stray(file):
        if not _is_under_way(name, scene):
            yield Breach(name, "遗留文件", "这不是要公开的文件；请核实后删除")
    elif is_asset(name) and not owner:
        yield Breach(name, "遗留文件", "文件所属的网页不在网站上；请核实后删除，或补发该网页")


def _is_under_way(name: str, scene: Scene) -> bool:
    """Whether a publication is just writing it."""
    try:
        written = (scene.tree.folder / name).lstat().st_mtime
    except FileNotFoundError:
        return True
    return scene.now - datetime.fromtimestamp(written, UTC) < _UNFINISHED


def _given(scene: Scene) -> Iterator[Breach]:
    """Style, script and the like are known to the last byte."""
    for file in unchanging(Templates(scene.site)):
        if file.name not in scene.tree.names:
            continue
        if (scene.tree.folder / file.name).read_bytes() != file.data:
            yield Breach(
                file.name,
                "基本文件",
                "内容与程序生成的不同，可能被人改动，或改版、升级后还没有重新生成；"
                "请查明后用 publisher rebuild 重新生成",
            )
        elif file.name.endswith(".css"):
            yield from _style(file.name, file.data, scene)


def _style(name: str, data: bytes, scene: Scene) -> Iterator[Breach]:
    addresses: Addresses = scene.addresses
    for found in _CSS_ADDRESS.findall(data):
        href = found.decode("utf-8", errors="replace")
        if href.startswith(("data:", "#", "url(")):
            continue
        target = addresses.target(name, href)
        if target.name is None and target.host != addresses.host:
            yield Breach(name, "外部请求", f"样式文件要从外面取“{href}”；请改用本站的文件")
        elif target.name is not None and not scene.tree.has(target.name):
            yield Breach(name, "死链接", f"样式文件用到的“{href}”不在网站上；请补上或去掉")
