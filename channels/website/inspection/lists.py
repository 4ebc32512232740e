"""Lists: newest first, with the dates of the pages they name, no page missing, none forgotten."""

from collections.abc import Iterator
from typing import Any

from channels.website.inspection.belonging import Belonging, lists_named
from channels.website.inspection.chains import Chains
from channels.website.inspection.dates import RULE as DATES
from channels.website.inspection.dates import shown_day
from channels.website.inspection.freshness import Fronts
from channels.website.inspection.made import list_of, sealed
from channels.website.inspection.page import Page, inside, text
from channels.website.inspection.scene import Scene
from channels.website.lists import EVERYTHING
from publisher.channel import Breach

_LISTS = frozenset({"home", "catalogue", "list"})
_FRONT = "index.html"


class Lists:
    """What the lists name, page by page. The pages of items have been read before them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._belonging = Belonging(scene)
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}
        """Lists that items share: many items are in the same ones."""
        self._spans: dict[int, tuple[str, str]] = {}
        """By sealed page of the catalogue: the PubDate of its newest and of its oldest item."""
        self._fronts = Fronts(scene)
        self._chains = Chains(scene)

    def page(self, page: Page) -> Iterator[Breach]:
        self._chains.page(page)
        if page.name in self._scene.items:
            lists = tuple(dict.fromkeys(filter(None, lists_named(page, self._scene))))
            self._scene.lists[page.name] = self._known.setdefault(lists, lists)
            self._belonging.expect(page.name)
        if page.kind not in _LISTS:
            return
        lines = list(self._lines(page))
        names = [name for name, _ in lines]
        for name in names:
            self._belonging.found(name, list_of(page.name))
        yield from self._empty(page, names)
        yield from self._order(page, lines)
        yield from self._days(page, lines)
        self._note(page, names)

    def end(self) -> Iterator[Breach]:
        yield from self._belonging.not_listed()
        yield from self._chains.end()
        yield from self._sequence()
        yield from self._fronts.end()

    def _lines(self, page: Page) -> Iterator[tuple[str, Any]]:
        """The items that a list names, in its order, each with the line that names it."""
        before = None
        tree = self._scene.tree
        for link in page.all("a"):
            line = inside(link, "li", "tr")
            if line is None or line is before or inside(link, "main") is None:
                continue
            name = self._scene.addresses.target(page.name, link.get("href", "")).name
            if name in self._scene.items or name in tree.withdrawn:
                before = line
                yield str(name), line

    def _empty(self, page: Page, names: list[str]) -> Iterator[Breach]:
        if names:
            return
        if page.name.endswith(_FRONT):
            self._chains.bare(page)
            yield Breach(page.name, "空白栏目", "栏目中没有信息；请尽快公开，或取消本栏目")
        elif "撤回" not in text(page.first("main")):
            yield Breach(
                page.name,
                "空白列表页",
                "列表的这一页没有信息；请用 publisher rebuild 重新生成",
            )

    def _order(self, page: Page, lines: list[tuple[str, Any]]) -> Iterator[Breach]:
        """On the home page several lists stand beside each other, each with an order of its own."""
        before: dict[Any, str] = {}
        for name, line in lines:
            group = line.getparent() if page.kind == "home" else None
            published = self._scene.items.get(name, "")
            if published and published > before.get(group, published):
                yield Breach(
                    page.name,
                    "排列次序",
                    f"{name}（{published}）排在较早的信息之后，应从新到旧；"
                    "请用 publisher rebuild 重新生成",
                )
                return
            before[group] = published or before.get(group, "9")

    def _days(self, page: Page, lines: list[tuple[str, Any]]) -> Iterator[Breach]:
        for name, line in lines:
            published = self._scene.items.get(name, "")[:10]
            # The catalogue names two days, that on which a document was made before the other.
            shown = [shown_day(one.get("datetime", "")) for one in line.iter("time")][-1:]
            if published and shown not in ([], [published]):
                yield Breach(
                    page.name,
                    DATES,
                    f"{name} 在列表中的日期 {shown[0]} 与其发布日期 {published} 不符；"
                    "请查明是否被改动",
                )

    def _note(self, page: Page, names: list[str]) -> None:
        file = page.name.rpartition("/")[2]
        dates = [date for name in names if (date := self._scene.items.get(name))]
        if file == _FRONT:
            self._fronts.note(page, max(dates, default=""))
        elif page.kind == "catalogue" and dates:
            self._spans[sealed(page.name)] = (max(dates), min(dates))

    def _sequence(self) -> Iterator[Breach]:
        """Each page of the catalogue is newer than the last. In other lists this need not be so:
        what a correction brings into a column comes after what was there.
        """
        newest_yet = ""
        for number in sorted(self._spans):
            newest, oldest = self._spans[number]
            if not self._chains.stands(EVERYTHING.page(number)):
                return
            if oldest < newest_yet:
                place = EVERYTHING.page(number)
                yield Breach(
                    place, "排列次序", "本页有比前一页更早的信息；请用 publisher rebuild 重新生成"
                )
            newest_yet = max(newest_yet, newest)
