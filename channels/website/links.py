"""Ways from a page to lists and items, relative to the page."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

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
        """The way to an item or a file of one, whatever the name of the site was in its time."""
        return self.root + urlsplit(url).path.removeprefix("/")

    def to(self, listed: List) -> Link:
        """To the newest page of a list."""
        return Link(listed.title, self.root + quote(listed.home))

    def to_page(self, listed: List, number: int) -> str:
        """To a sealed page of a list."""
        return self.root + quote(listed.page(number))

    def to_card(self, card: Card) -> Link:
        return self.to_entry(entry_of(card))

    def to_entry(self, entry: Entry) -> Link:
        title = f"［{entry.mark}］{entry.title}" if entry.withdrawn else entry.title
        return Link(title, self.way(entry.url))
