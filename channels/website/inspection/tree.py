"""What stands in the folder of the site: the names of its files, the only thing kept throughout."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from channels.website.inspection.made import is_made
from channels.website.places import GONE, GONE_MARK, HOME, LISTS, NOT_FOUND, SUBSCRIBE

_FIXED = {
    HOME: "home",
    LISTS: "lists",
    SUBSCRIBE: "subscribe",
    NOT_FOUND: "lost",
    GONE: "lost",
}


@dataclass(frozen=True)
class Tree:
    folder: Path
    names: frozenset[str]
    foreign: frozenset[str] = frozenset()
    """Files that the program never makes. No rule looks into them."""

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Pages whose folder says that they are gone."""
        marks = (name for name in self.names if name.endswith(f"/{GONE_MARK}"))
        return frozenset(f"{mark.removesuffix(f'/{GONE_MARK}')}.html" for mark in marks)

    @cached_property
    def assets(self) -> frozenset[str]:
        """Attachments and pictures: what lies in the folder of a page."""
        return frozenset(name for name in self.names if self.owner(name))

    @cached_property
    def pages(self) -> list[str]:
        """All pages, those of items first: what lists say of them can be compared then."""
        found = [name for name in self.names if name.endswith(".html") and name not in self.assets]
        return sorted(found, key=lambda name: (self.kind(name) not in {"item", "withdrawn"}, name))

    def owner(self, name: str) -> str:
        """The page in whose folder a file lies; "" if it lies in none's."""
        page = name.rpartition("/")[0] + ".html"
        return page if page in self.names else ""

    def kind(self, name: str) -> str:
        """Which kind of page belongs in this place."""
        if name in _FIXED:
            return _FIXED[name]
        top = name.partition("/")[0]
        if top in {"catalogue", "list"}:
            return top
        return "withdrawn" if name in self.withdrawn else "item"

    def has(self, name: str) -> bool:
        """Whether such a file stands there, by now: the site may grow while it is inspected."""
        if name in self.names:
            return True
        inside = ".." not in name.split("/")
        # os.path answers False for names that no disk can hold, where Path raises.
        return inside and os.path.isfile(self.folder / name)  # noqa: PTH113

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size


def walk(folder: Path) -> Tree:
    """Look at the names of all files. Links to folders elsewhere are not followed."""
    names = frozenset(_names(folder, ""))
    made = frozenset(filter(is_made, names))
    return Tree(folder, made, names - made)


def _names(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _names(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file():  # a link to nowhere is no file
                yield f"{prefix}{entry.name}"
