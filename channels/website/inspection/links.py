"""Links: what they lead to stands there, can be reached by every citizen, and was not withdrawn."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from channels._files import is_stray
from channels.website.inspection.addresses import Target
from channels.website.inspection.page import Link, Page, inside, read, text
from channels.website.inspection.scene import Scene
from channels.website.places import SEARCH
from publisher.channel import Breach


class Links:
    """Every link of every page. Places inside other pages are looked up once, at the end."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._elsewhere: dict[str, dict[str, str]] = defaultdict(dict)
        """By page and place inside it: the first page that links there."""
        tree = scene.tree
        self._unlinked = {
            one
            for one in tree.assets
            if tree.owner(one) not in tree.withdrawn and not is_stray(one.rpartition("/")[2])
        }

    def page(self, page: Page) -> Iterator[Breach]:
        for link in page.links:
            if not link.href:
                yield Breach(page.name, "死链接", f"{link.element.tag} 的地址是空的；请补上或去掉")
                continue
            target = self._scene.addresses.target(page.name, link.href)
            for rule, sentence in self._found(page, link, target):
                yield Breach(page.name, rule, sentence)

    def end(self) -> Iterator[Breach]:
        for name in sorted(self._elsewhere):
            wanted, ids = self._elsewhere.pop(name), self._ids(name)
            for fragment, place in wanted.items():
                if fragment not in ids:
                    yield Breach(place, "锚点", _no_place(f"{name}#{fragment}"))
        for name in sorted(self._unlinked):
            yield Breach(
                name, "遗留文件", "没有网页链接到这个附件或图片；请核实是否为旧版遗留并删除"
            )

    def _found(self, page: Page, link: Link, target: Target) -> Iterator[tuple[str, str]]:
        if target.name is None:
            yield from self._outside(link, target)
            return
        self._unlinked.discard(target.name)
        if page.kind == "lost" and not link.href.startswith(("/", "#", "http")):
            yield (
                "基本文件",
                f"本页会显示在任何地址下，“{link.href}”应改为以“/”开头的地址",
            )
        elif not self._stands(target.name):
            yield "死链接", f"链接“{link.href}”指向的文件不在网站上；请改正，或补发该文件"
        elif target.name in self._scene.tree.withdrawn and not _is_said(page, link, target):
            yield "指向已撤回", f"链接“{link.href}”指向已撤回的信息；请去掉，或注明已撤回"
        elif target.fragment and target.fragment != "top" and not link.fetched:
            yield from self._inside(page, link, target)

    def _outside(self, link: Link, target: Target) -> Iterator[tuple[str, str]]:
        if not target.reachable:
            yield (
                "内网链接",
                f"链接“{link.href[:80]}”指向本机、内网或本地文件，群众打不开；请改为公开网址",
            )
        elif link.fetched and target.host != self._scene.addresses.host:
            yield (
                "外部请求",
                f"打开网页时要从 {target.host} 取文件；请改用本站的文件",
            )

    def _stands(self, name: str) -> bool:
        tree = self._scene.tree
        if name == SEARCH:  # no file: the server answers it
            return self._scene.site.options.search
        return tree.has(name) or tree.has(f"{name}/index.html")

    def _inside(self, page: Page, link: Link, target: Target) -> Iterator[tuple[str, str]]:
        name, fragment = str(target.name), target.fragment
        if name == page.name:
            if fragment not in page.ids:
                yield "锚点", _no_place(link.href)
        elif PurePosixPath(name).suffix == ".html":
            self._elsewhere[name].setdefault(fragment, page.name)

    def _ids(self, name: str) -> frozenset[str]:
        page = read(self._scene.tree.folder, name)
        return page.ids if page else frozenset()


def _is_said(page: Page, link: Link, target: Target) -> bool:
    """Whether the line of a list tells the reader that the item was withdrawn."""
    around = inside(link.element, "li", "tr")
    return target.name == page.name or (around is not None and "撤回" in text(around))


def _no_place(where: str) -> str:
    return f"链接“{where}”要跳到的位置不存在；请改正或去掉“#”及其后面的部分"
