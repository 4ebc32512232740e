"""Every item stands in each list that its own page names, and in the feed of that list."""

from collections.abc import Iterator

from channels.website.inspection.made import list_of
from channels.website.inspection.page import Page
from channels.website.inspection.scene import Scene
from channels.website.lists import EVERYTHING, named
from publisher.channel import Breach

CATALOGUE = EVERYTHING.folder.rstrip("/")
_MEND = "请用 publisher rebuild website 重新生成"


def lists_named(page: Page, scene: Scene) -> Iterator[str]:
    """The folders of the lists that an item belongs to, by what is said at the head of its page."""
    yield CATALOGUE
    for fact in page.facts.values():
        for link in fact.iter("a") if fact is not None else ():
            yield list_of(scene.addresses.target(page.name, link.get("href", "")).name or "")
    if published := scene.items.get(page.name, ""):
        yield named(f"year/{published[:4]}").folder.rstrip("/")


class Belonging:
    """What was found of each item so far. A bit for each list is all that is kept, below the name
    that is in memory already: there may be a hundred thousand items.
    """

    def __init__(self, scene: Scene) -> None:
        self._lists = scene.lists
        self._found = dict.fromkeys(scene.lists, 0)

    def expect(self, item: str) -> None:
        """An item of which it was not known yet what lists it is in."""
        self._found[item] = 0

    def found(self, item: str, folder: str) -> None:
        """The list in this folder, or its feed, names the item."""
        lists = self._lists.get(item, ())
        if folder in lists:
            self._found[item] |= 1 << lists.index(folder)

    def lacking(self) -> Iterator[tuple[str, list[str]]]:
        """The items that are not wherever they should be, with the folders where they are not."""
        for item, bits in self._found.items():
            lists = enumerate(self._lists[item])
            if absent := [folder for at, folder in lists if not bits >> at & 1]:
                yield item, absent

    def not_listed(self) -> Iterator[Breach]:
        for item, absent in self.lacking():
            if len(absent) == len(self._lists[item]):
                yield Breach(item, "孤立网页", f"没有列表指向本页，群众找不到；{_MEND}")
                continue
            for folder in absent:
                if folder == CATALOGUE:
                    yield Breach(item, "目录缺漏", f"公开目录中没有本条信息；{_MEND}")
                else:
                    yield Breach(item, "列表缺漏", f"列表 {folder}/ 中没有本条信息；{_MEND}")
