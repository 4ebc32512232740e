"""Index numbers and titles: every item has a number of its own and can be told from the others."""

from collections.abc import Iterator

from channels.website.inspection.page import Page, text
from channels.website.inspection.scene import Scene
from publisher.channel import Breach


class Numbers:
    def __init__(self, scene: Scene) -> None:
        del scene
        self._numbers: dict[str, str] = {}
        self._titles: dict[int, str] = {}
        """By the hash of title and department: all that many titles would take much room."""

    def page(self, page: Page) -> Iterator[Breach]:
        if page.kind not in {"item", "withdrawn"}:
            return
        number = text(page.facts.get("索引号"))
        if not number:
            yield Breach(page.name, "索引号", "网页上没有索引号；请用 publisher rebuild 重新生成")
        elif (other := self._numbers.setdefault(number, page.name)) != page.name:
            yield Breach(
                page.name, "索引号", f"索引号 {number} 已用在 {other}；索引号不得重复，请查明"
            )
        if (told := page.said("IndexNumber")) and told != number:
            yield Breach(
                page.name,
                "索引号",
                f"IndexNumber 是“{told}”，与网页上的索引号 {number} 不符；请查明是否被改动",
            )
        if page.kind == "item":
            yield from self._title(page)

    def end(self) -> Iterator[Breach]:
        yield from ()

    def _title(self, page: Page) -> Iterator[Breach]:
        known = hash((text(page.first("h1")), page.said("ContentSource")))
        if (other := self._titles.setdefault(known, page.name)) != page.name:
            yield Breach(
                page.name,
                "标题重复",
                f"与 {other} 的标题和发布机构都相同；请核实是否重复发布",
            )
