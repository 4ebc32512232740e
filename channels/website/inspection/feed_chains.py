"""The feeds of a list: they lead through its archives to its first item, and leave none out.

Where one of them is broken, that is told alone: what it lacks follows from it.
"""

from collections.abc import Iterator

from channels.website.inspection.belonging import CATALOGUE, Belonging
from channels.website.inspection.feed_entries import Frame
from channels.website.inspection.made import list_of, sealed
from channels.website.inspection.scene import Scene
from channels.website.places import ATOM
from publisher.channel import Breach

RULE, LACKING = "订阅源", "订阅缺漏"
_MEND = "请用 publisher rebuild website 重新生成"


class FeedChains:
    """Hears of each feed what it says; the newest in Atom of a list before its other formats."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._belonging = Belonging(scene)
        self._broken: set[str] = set()
        self._newest: dict[str, int] = {}
        """By folder of a list: the hash of the pages in its newest feed in Atom."""
        self._previous: dict[str, str] = {}
        """By feed: the archive that it leads to, "" if to none."""
        self._unmarked: list[str] = []
        self._unlike: list[tuple[str, str]] = []

    def note(self, name: str, frame: Frame, pages: set[str], *, sound: bool) -> None:
        folder = list_of(name) or CATALOGUE
        if not sound:
            self._broken.add(folder)
            return
        known, number = hash(frozenset(pages)), sealed(name)
        if number or name.endswith(ATOM):
            self._previous[name] = (
                self._scene.addresses.target(name, frame.previous).name or ""
                if frame.previous
                else ""
            )
            for page in pages:
                self._belonging.found(page, folder)
        if number and not frame.is_archive:
            self._unmarked.append(name)
        elif name.endswith(ATOM):
            self._newest[folder] = known
        elif not number and self._newest.get(folder, known) != known:
            self._unlike.append((folder, name))

    def end(self) -> Iterator[Breach]:
        told = set[str]()
        for name in self._unmarked:
            yield Breach(name, RULE, f"往期的订阅源没有注明是往期（fh:archive）；{_MEND}")
        yield from self._torn()
        for item, absent in self._belonging.lacking():
            for folder in absent:
                if folder in self._newest and folder not in self._broken:
                    told.add(folder)
                    yield Breach(item, LACKING, f"列表 {folder}/ 的订阅源中没有本条信息；{_MEND}")
        for folder, name in self._unlike:
            if folder not in self._broken | told:
                yield Breach(name, LACKING, f"与 {ATOM} 列出的信息不一样；{_MEND}")

    def _torn(self) -> Iterator[Breach]:
        """From the newest feed of a list, back from archive to archive, down to the first."""
        for folder in self._newest.keys() - self._broken:
            name, seen = ATOM if folder == CATALOGUE else f"{folder}/{ATOM}", set[str]()
            while name not in seen and self._previous.get(name):
                seen.add(name)
                name = self._previous[name]
            first = f"{folder}/archive-1.xml"
            if first in self._previous and name != first:
                yield Breach(name, RULE, f"没有接到更早的一期（prev-archive）；{_MEND}")
