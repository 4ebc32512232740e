"""A city whose website has short pages, and what its folder holds, file by file."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from publisher.channel import Card, Shelf
from publisher.model import Status
from publisher.rebuild import Rebuilt, rebuild
from publisher.route import Route
from publisher.store.shelf_view import View
from publisher.submit import Outcome
from tests.channels.website_items import OPTIONS
from tests.support.city import City, settings_for
from tests.support.site_city import SiteCity

SITE = "website"
URL = "https://www.xinji.example"
SOON = {"attempts": 9, "base": 10, "ceiling": 300}


@dataclass(frozen=True)
class Seen:
    """A file as it lies there: what it holds, and when it was written."""

    sha256: str
    written: int


class ShelfCity(SiteCity):
    """What is put out is in `site`; `shelf` is what the next item would see."""

    @property
    def route(self) -> Route:
        return self.city.publisher.routes[SITE]

    def publish_each(self, *item_ids: str, **changes: Any) -> None:
        """One after the other, an hour apart."""
        for item_id in item_ids:
            self.publish(item_id, title=f"关于{item_id}的通知", **changes)
            self.clock.advance(hours=1)

    def publish_together(self, items: dict[str, dict[str, Any]]) -> None:
        for item_id, changes in items.items():
            self.submit(item_id, **changes)
        self.city.flush()

    def submit(self, item_id: str, **changes: Any) -> None:
        answer = self.city.submit(item_id, **changes)
        assert answer.outcome is Outcome.ACCEPTED, answer

    def around(self, *cards: Card) -> Shelf:
        """The shelf with these cards on it, as far as they touch it."""
        channel: Any = self.route.channel
        return self.city.publisher.store.shelves.around(SITE, channel, cards, self.clock())

    def card(self, item_id: str) -> Card:
        """The card of an item, as it is on the shelf."""
        with self.city.publisher.store.database.read() as connection:
            return View(connection, SITE).cards([item_id])[item_id]

    def pages(self) -> dict[tuple[str, int | None], list[str]]:
        """By list and page: the items on it, newest first."""
        channel: Any = self.route.channel
        shelves = self.city.publisher.store.shelves
        return {
            (page.list, page.number): ids(page.cards)
            for wanting in shelves.pages(SITE, channel, 7)
            for page in shelves.whole(SITE, channel, wanting).pages
        }

    def near(self, item_id: str) -> tuple[str, str, list[str]]:
        """The items beside one: older, newer, partners."""
        near = self.city.publisher.store.shelves.near(SITE, [item_id]).near[item_id]
        older, newer = (card.item_id if card else "" for card in (near.older, near.newer))
        return older, newer, [card.item_id for card in near.partners]

    def rebuild(self) -> Rebuilt:
        return rebuild(self.city.publisher.courier(), self.route, lambda *_: None)

    def files(self) -> dict[str, Seen]:
        """Every file of the site, those that visitors do not see too."""
        return {
            str(path.relative_to(self.site)): _seen(path)
            for path in self.site.rglob("*")
            if path.is_file()
        }

    def text(self, item_id: str) -> str:
        """The page of an item."""
        return (self.site / "/".join(self.page(item_id).split("/")[-2:])).read_text("utf-8")

    def read(self, name: str) -> str:
        return (self.site / name).read_text("utf-8")

    def status(self, item_id: str) -> Status:
        return self.city.status(item_id, SITE)

    @contextmanager
    def in_the_way(self, name: str) -> Iterator[None]:
        """A folder stands where a file should be written; afterwards all is as it was before."""
        path, aside = self.site / name, self.site.parent / "aside"
        stood = path.exists()
        if stood:
            path.rename(aside)
        path.mkdir(parents=True)
        yield
        path.rmdir()
        if stood:
            aside.rename(path)


def contents(files: dict[str, Seen]) -> dict[str, str]:
    return {name: seen.sha256 for name, seen in files.items()}


def changed(before: dict[str, Seen], after: dict[str, Seen]) -> set[str]:
    """The files that were written, taken away or added."""
    return {name for name in before | after if before.get(name) != after.get(name)}


def _seen(path: Path) -> Seen:
    return Seen(sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)


@contextmanager
def shelf_city(
    folder: Path, *, url: str = URL, verify: Sequence[str] = (), **options: Any
) -> Iterator[ShelfCity]:
    """`verify`: how long after a delivery it is looked at again."""
    folder.mkdir(exist_ok=True)
    stanza = {
        "adapter": "channels.website",
        "title": "网站",
        "grouping": {"kind": "window", "most": 50},
        "retry": SOON,
        "verify": verify,
        "options": {**OPTIONS, "per_page": 2, **options},
    }
    site = {"name": "辛集市人民政府", "base_url": url}
    settings = settings_for(folder, {SITE: stanza}, site=site)
    with closing(City(settings)) as city:
        yield ShelfCity(city, folder / "output" / "site")


def ids(cards: Sequence[Card]) -> list[str]:
    return [card.item_id for card in cards]
