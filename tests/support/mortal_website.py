"""A website whose worker can die right after it has written the files: nothing of it is settled."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from channels.website import Options, Website
from publisher.channel import House, Receipt, Recipient, Rendition
from tests.channels.website_items import OPTIONS
from tests.support.city import City, settings_for
from tests.support.mortal_postbox import Died
from tests.support.shelf_city import SITE, SOON, ShelfCity

__all__ = ["MortalCity", "Options", "build", "mortal_city"]


class MortalWebsite(Website):
    dies = False

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        receipt = super().send(rendition, key, recipients)
        if self.dies:
            self.dies = False
            raise Died
        return receipt


def build(name: str, options: Options, house: House) -> MortalWebsite:
    return MortalWebsite(name, options, house)


class MortalCity(ShelfCity):
    def flush_to_the_end(self) -> None:
        """One flush whose worker dies when the files are written."""
        self.let_die()
        with pytest.raises(Died):
            self.city.flush()

    def let_die(self) -> None:
        """The next worker that writes files."""
        channel = self.route.channel
        assert isinstance(channel, MortalWebsite)
        channel.dies = True

    def order_correction(self, data: bytes) -> None:
        """A correction that is not carried out yet."""
        amended = self.city.publisher.amendments.correct(
            data, why="写错了", by="李办", minor=False, now=self.clock()
        )
        assert amended.placed, amended

    def order_withdrawal(self, item_id: str) -> None:
        """A withdrawal that is not carried out yet."""
        self.city.publisher.amendments.withdraw(
            item_id, why="内容有误", by="李办", now=self.clock()
        )

    def holding(self, text: str) -> list[str]:
        """All files of the output that hold a text, the search and its leftovers among them."""
        output = self.site.parent
        return sorted(
            str(path.relative_to(output))
            for path in output.rglob("*")
            if path.is_file() and text.encode() in path.read_bytes()
        )

    def found(self, words: str) -> list[str]:
        """The pages that a reader finds by these very words."""
        channel: Any = self.route.channel
        results: Any = html.fromstring(channel.search(words, 1).data)
        if "没有完全相同的" in results.text_content():
            return []
        return [str(one) for one in results.xpath("//ol[@class='results']//h2/a/@href")]

    def catch_up(self) -> None:
        """All that is tried again later."""
        for _ in range(3):
            self.clock.advance(hours=1)
            self.city.flush()


def tree(text: str) -> Any:
    """A page to look into."""
    return html.fromstring(text)


@contextmanager
def mortal_city(
    folder: Path, *, most: int = 50, base_url: str = "https://www.xinji.example", **options: Any
) -> Iterator[MortalCity]:
    """A city with a search and two places on a page; asked again for a folder, the same one."""
    folder.mkdir(exist_ok=True)
    stanza = {
        "adapter": __name__,
        "title": "网站",
        "grouping": {"kind": "window", "most": most},
        "retry": SOON,
        "options": {**OPTIONS, "per_page": 2, "search": True, **options},
    }
    site = {"name": "辛集市人民政府", "base_url": base_url}
    with closing(City(settings_for(folder, {SITE: stanza}, site=site))) as city:
        yield MortalCity(city, folder / "output" / "site")
