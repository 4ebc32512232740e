"""Ways from a page to lists and items, relative to the page."""

from dataclasses import dataclass
from urllib.parse import quote

from channels.website.cards import Entry, entry_of
from channels.website.lists import List
from channels.website.site import Site
from publisher.channel import Card


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Links:
    """The ways from one page; `root` leads from it to the root of the site."""

    site: Site
    root: str

    def way(self, url: str) -> str:
        """The way to an address; the address itself where it lies outside the site."""
        inside = self.site.house.site_url + "/"
        return self.root + url.removeprefix(inside) if url.startswith(inside) else url

    def to(self, listed: List) -> Link:
        """To the newest page of a list."""
        return Link(listed.title, self.root + quote(listed.home))

    def to_page(self, listed: List, number: int) -> str:
        """To a sealed page of a list."""
        return self.root + quote(listed.page(number))

    def to_card(self, card: Card) -> Link:
        return self.to_entry(entry_of(card))

    def to_entry(self, entry: Entry) -> Link:
        return Link(entry.title, self.way(entry.url))
