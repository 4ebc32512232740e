"""A city with nothing but its website, made by the whole product; shown as a city would show it."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from config.settings import PROJECT
from publisher.submit import Outcome
from tests.support.city import City, Clock, an_item_object, settings_for
from tests.support.nginx import Nginx, serving

OPTIONS: Mapping[str, Any] = {
    "column_description": "辛集市主动公开的政府信息",
    "column_keywords": "政府信息公开,政务公开,辛集市",
    "sponsor": "辛集市人民政府办公室",
    "site_code": "1301810003",
}
_LOGGED = re.compile(r'"GET (\S+) HTTP/[\d.]+" (\d{3}) ')


class SiteCity:
    """A publisher with a website; each order is carried out before it returns."""

    def __init__(self, city: City, site: Path) -> None:
        self.city = city
        self.clock = city.clock
        self.site = site

    def publish(self, item_id: str, **changes: Any) -> None:
        answer = self.city.submit(item_id, **changes)
        assert answer.outcome is Outcome.ACCEPTED, answer
        self.city.flush()

    def correct(self, item_id: str, why: str, *, minor: bool = False, **changes: Any) -> None:
        data = self.city.approved(an_item_object(item_id, **changes))
        amended = self.city.publisher.amendments.correct(
            data, why=why, by="李办", minor=minor, now=self.clock()
        )
        assert amended.answer.outcome is Outcome.ACCEPTED, amended
        self.city.flush()

    def withdraw(self, item_id: str, why: str) -> None:
        placed = self.city.publisher.amendments.withdraw(
            item_id, why=why, by="李办", now=self.clock()
        )
        assert placed.ordered, placed
        self.city.flush()

    def page(self, item_id: str) -> str:
        """The address of its page."""
        return self.city.publisher.store.standing.items(item_id)[0].url


class ShownCity(SiteCity):
    """The same behind nginx, with the rules that a city gets from us."""

    def __init__(self, city: City, site: Path, nginx: Nginx) -> None:
        super().__init__(city, site)
        self.url = nginx.url
        self._nginx = nginx

    def answers(self) -> list[tuple[str, int]]:
        """Every path that was asked for until now, with the status of the answer."""
        self._nginx.ask("/robots.txt")  # one worker answers this after it has logged all before
        log = (self._nginx.folder / "access.log").read_text("utf-8")
        asked = [(found[1], int(found[2])) for found in _LOGGED.finditer(log)]
        return [one for one in asked if one[0] != "/robots.txt"]


@contextmanager
def site_city(folder: Path, output: Path, url: str) -> Iterator[SiteCity]:
    """A city whose data lie in `folder`, and whose site at `url` goes into `output`."""
    with closing(_city(folder, output, url)) as city:
        yield SiteCity(city, output / "site")


@contextmanager
def shown_city(folder: Path) -> Iterator[ShownCity]:
    output = folder / "output"
    (output / "site").mkdir(parents=True)
    with (
        serving(output / "site") as nginx,
        closing(_city(folder / "city", output, nginx.url)) as city,
    ):
        yield ShownCity(city, output / "site", nginx)


def let_a_second_begin() -> None:
    """HTTP tells times in seconds: of two changes in one second, readers may miss the other."""
    time.sleep(1 - time.time() % 1)


def _city(folder: Path, output: Path, url: str) -> City:
    folder.mkdir()
    stanza = {
        "adapter": "channels.website",
        "title": "网站",
        "grouping": {"kind": "window", "most": 50},
        "options": OPTIONS,
    }
    storage = {
        "data": folder / "data",
        "inbox": PROJECT / "config" / "demo" / "files",
        "output": output,
        "fonts": folder / "fonts",
    }
    site = {"name": "辛集市人民政府", "base_url": url}
    return City(settings_for(folder, {"website": stanza}, site=site, storage=storage), Clock())
