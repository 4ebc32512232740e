"""A whole site, made by the publisher itself: taken in, published, changed, over two years."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.channel import HasSearch
from publisher.submit import Outcome
from publisher.web.server import Server
from publisher.web.site import site_app
from tests.factories import ROOT
from tests.site import sixty_items as items
from tests.support.city import City, Clock, settings_for

URL = "https://www.xinji.example"


@dataclass(frozen=True, slots=True)
class WholeSite:
    """`folder` is what a web server shows; the city behind it may be asked, not changed."""

    folder: Path
    city: City

    def page(self, item_id: str) -> str:
        """The path of the page of an item, with its leading slash."""
        (item,) = self.city.publisher.store.standing.items(item_id)
        return item.url.removeprefix(URL)

    def served(self) -> Server:
        """As `publisher serve` shows it: files, search, lost pages, rules for the browser."""
        channel = self.city.publisher.routes["website"].channel
        assert isinstance(channel, HasSearch)
        return Server(site_app(self.folder.parent, channel))


@contextmanager
def whole_site(folder: Path) -> Iterator[WholeSite]:
    city = City(settings_for(folder, {"website": _stanza()}), Clock(items.BEGIN))
    try:
        items.fill_inbox(folder / "inbox")
        _publish(city)
        _change(city)
        yield WholeSite(folder / "output" / "site", city)
    finally:
        city.close()


def _stanza() -> dict[str, Any]:
    """The website as the demo has it."""
    config = tomllib.loads((ROOT / "config" / "demo" / "publisher.toml").read_text("utf-8"))
    return dict(config["channels"]["website"])


def _publish(city: City) -> None:
    for some in items.windows():
        for at, item in some:
            city.clock.now = at
            _submit(city, item)
        city.flush()
    city.clock.now = items.END
    for item in items.special_items():
        _submit(city, item)
        city.clock.advance(minutes=1)
    city.flush()


def _submit(city: City, item: dict[str, Any]) -> None:
    answer = city.submit_bytes(city.approved(item))
    assert answer.outcome is Outcome.ACCEPTED, answer


def _change(city: City) -> None:
    amendments = city.publisher.amendments
    city.clock.advance(days=1)
    wrong = next(one for one in items.special_items() if one["id"] == items.CORRECTED)
    right = city.approved(wrong | {"body": _RIGHT})
    amendments.correct(right, why="表二金额单位有误", by="李办", minor=False, now=city.clock())
    amendments.withdraw(items.WITHDRAWN, why="公示范围有误", by="李办", now=city.clock())
    city.flush()
    city.clock.advance(days=6)
    amendments.expire_due(city.clock())
    city.flush()


_RIGHT = "现将核对后的预算批复重新公布，单位为万元。"
