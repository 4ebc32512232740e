"""The pages of each list are a chain: none is missing, and none is left over from another time."""

from collections import defaultdict
from collections.abc import Iterator

from channels.website.inspection.made import list_of, sealed
from channels.website.inspection.page import Page
from channels.website.inspection.scene import Scene
from channels.website.lists import EVERYTHING
from publisher.channel import Breach

RULE = "旧列表"
_MEND = "请用 publisher rebuild website 清理"
_ALWAYS = EVERYTHING.folder.rstrip("/")


class Chains:
    """Which lists the pages lead to, and to which of their pages the newest leads."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._led_to = {_ALWAYS}
        """The folders of lists that other pages link to."""
        self._last: dict[str, int] = {}
        """By folder: the number of the last sealed page."""
        self._bare: set[str] = set()
        """Lists with nothing to show, which need not be named anywhere."""

    def page(self, page: Page) -> None:
        own, newest_older = list_of(page.name), 0
        for link in page.links:
            name = self._scene.addresses.target(page.name, link.href).name or ""
            folder = list_of(name)
            if folder == own:
                newest_older = max(newest_older, sealed(name))
            elif folder:
                self._led_to.add(folder)
        if own and not sealed(page.name):
            # The newest page shows the last sealed one itself and leads to the one before.
            self._last[own] = newest_older + 1

    def bare(self, page: Page) -> None:
        """The newest page of this list names no item."""
        self._bare.add(list_of(page.name))

    def stands(self, name: str) -> bool:
        """Whether a page or archive is one of those that its list goes on with."""
        folder = list_of(name)
        return sealed(name) <= self._last.get(folder, sealed(name))

    def end(self) -> Iterator[Breach]:
        chains: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._scene.tree.names):
            if folder := list_of(name):
                chains[folder].append(name)
        for folder, names in chains.items():
            if folder not in self._led_to and folder not in self._bare:
                yield Breach(f"{folder}/", RULE, f"没有网页再指向这个列表；{_MEND}")
            else:
                yield from self._missing(folder, names)
                yield from self._left_over(names)

    def _missing(self, folder: str, names: list[str]) -> Iterator[Breach]:
        pages = (one for one in names if one.endswith(".html") and self.stands(one))
        numbers = set(filter(None, map(sealed, pages)))
        for number in sorted(set(range(1, max(numbers, default=0))) - numbers):
            yield Breach(
                f"{folder}/{number}.html",
                "列表缺页",
                "列表的这一页不在网站上；请用 publisher rebuild 重新生成",
            )

    def _left_over(self, names: list[str]) -> Iterator[Breach]:
        for name in names:
            if not self.stands(name):
                yield Breach(name, RULE, f"列表已没有这一页，是以前留下的；{_MEND}")
