"""What goes wrong with the files of a site."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.site.clean_site import write

ITEM = "2026/00005.html"
Deed = Callable[[Path], None]


@dataclass(frozen=True)
class Fault:
    """`place` and `rule` are of the one breach that must be found."""

    name: str
    place: str
    rule: str
    plant: Deed


def swap(name: str, old: str, new: str) -> Deed:
    def plant(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        write(folder / name, text.replace(old, new))

    return plant


def drop(*names: str) -> Deed:
    def plant(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return plant


def put(name: str, data: str | bytes = "x") -> Deed:
    def plant(folder: Path) -> None:
        write(folder / name, data)
        # Long ago: what was written just now may belong to a publication under way.
        os.utime(folder / name, (0, 0))

    return plant


def several(*deeds: Deed) -> Deed:
    def plant(folder: Path) -> None:
        for deed in deeds:
            deed(folder)

    return plant


def in_body(markup: str, name: str = ITEM) -> Deed:
    return swap(name, "</main>", f"{markup}</main>")


def copied(name: str, to: str) -> Deed:
    def plant(folder: Path) -> None:
        put(to, (folder / name).read_bytes())(folder)

    return plant


def moved(name: str, to: str) -> Deed:
    def plant(folder: Path) -> None:
        (folder / name).rename(folder / to)

    return plant


def line_gone(serial: int, *names: str) -> Deed:
    """No list of these names the item any more."""

    def plant(folder: Path) -> None:
        for name in names:
            text = (folder / name).read_text("utf-8")
            kept = [one for one in text.splitlines() if f"2026/{serial:05d}.html" not in one]
            assert len(kept) < len(text.splitlines())
            write(folder / name, "\n".join(kept))

    return plant
