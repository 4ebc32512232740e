"""A full rebuild of the website, beside full builds of the same articles by others.

Seconds go up and down with what else the machine does, so the processor's are given too. All write
to the same disk; ours alone waits until each file is safe there and reads it back.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.articles import articles
from benchmarks.generators import Hugo, Pelican
from benchmarks.standing import enter
from publisher.rebuild import rebuild
from tests.support.city import City, settings_for

MANY = 10_000
CHANNEL = "website"
_STANZA: dict[str, Any] = {
    "adapter": "channels.website",
    "title": "网站",
    "grouping": {"kind": "window"},
}
_OPTIONS = {"sponsor": "辛集市人民政府办公室", "site_code": "1301810003"}
_WHO = ("ours", "Pelican", "Hugo")
_FEATURES = {
    "pages of items; paged lists by field, stage, department, topic, year": ("yes", "yes", "yes"),
    "Atom and RSS with full text, of everything and of each list": ("yes", "yes", "yes"),
    "JSON Feed; archives of all that was ever in a feed (RFC 5005)": ("yes", "no", "no"),
    "sitemap": ("yes", "yes", "yes"),
    "search index": ("where the table says so", "no", "no"),
    "bodies cleaned of scripts, hidden text and odd characters": ("yes", "no", "no"),
    "each file whole or as before (fsync, then moved), and read back": ("yes", "no", "no"),
    "a file that would not change keeps its time": ("yes", "no", "no"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a build took, and what lies there afterwards."""

    seconds: float
    processor: float
    pages: int
    files: int
    size: int


def show(screen: Console) -> None:
    table = Table(
        title=f"A full build of {MANY:,} items into an empty folder; again with nothing changed"
    )
    table.add_column("who")
    for head in ("seconds", "to ours", "processor s", "pages", "files", "MB"):
        table.add_column(head, justify="right")
    with tempfile.TemporaryDirectory() as name:
        builds = list(_builds(Path(name)))
    first = builds[0][1]
    for who, made in builds:
        table.add_row(
            who,
            f"{made.seconds:.1f}",
            f"{made.seconds / first.seconds:.2f}",
            f"{made.processor:.1f}",
            *(f"{one:,}" for one in (made.pages, made.files, made.size // 1_000_000)),
        )
    screen.print(table)
    screen.print(_features())


def _builds(folder: Path) -> Iterator[tuple[str, Made]]:
    yield from _ours(folder / "ours", "ours", search=False)
    yield from _ours(folder / "ours searched", "ours, with its search index", search=True)
    for kind in (Pelican, Hugo):
        other = kind(folder / kind.name, articles(MANY))
        yield other.name, _made(other.build, other.output)
        yield f"{other.name}, again", _made(other.build, other.output)


def _ours(folder: Path, name: str, *, search: bool) -> Iterator[tuple[str, Made]]:
    folder.mkdir()
    stanza = _STANZA | {"options": _OPTIONS | {"search": search}}
    with closing(City(settings_for(folder, {CHANNEL: stanza}))) as city:
        publisher = city.publisher
        enter(publisher.store, CHANNEL, publisher.house.site_url, articles(MANY))

        def build() -> None:
            done = rebuild(publisher.courier(), publisher.routes[CHANNEL], lambda *_: None)
            assert done.many == MANY
            assert not done.left

        site = publisher.house.output / "site"
        yield name, _made(build, site)
        yield f"{name}, again", _made(build, site)


def _made(build: Callable[[], None], output: Path) -> Made:
    before, began = _processor(), time.perf_counter()
    build()
    seconds, processor = time.perf_counter() - began, _processor() - before
    files = [path for path in output.rglob("*") if path.is_file()]
    return Made(
        seconds=seconds,
        processor=processor,
        pages=sum(path.suffix == ".html" for path in files),
        files=len(files),
        size=sum(path.stat().st_size for path in files),
    )


def _processor() -> float:
    """Seconds of all cores, ours and those of programs that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in usages)


def _features() -> Table:
    table = Table(title="What the builds above did")
    for head in ("", *_WHO):
        table.add_column(head)
    for feature, answers in _FEATURES.items():
        table.add_row(feature, *answers)
    return table
