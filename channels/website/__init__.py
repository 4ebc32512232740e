"""The government website: static pages and subscription feeds in a folder a web server shows.

lists     which lists there are, and where       cards      what lists and feeds say of an item
places    which file an address means            history    what became of an item, in words
templates facts in, a page out                   item_page, list_pages, fixed: the pages
feeds     what a feed holds                      feed_xml, feed_json, sitemap: its formats
checks    what is refused, and how to mend       output     writing and removing, in order
verify, standing  seeing that it is so           search     finding what stands
inspection        what breaks the rules          preview    what staff see of it before
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from channels.website.cards import card_of, entry_of
from channels.website.checks import check_bytes, check_places, check_texts
from channels.website.feed_json import json_feed
from channels.website.feed_xml import atom, rss
from channels.website.feeds import ATOM_TYPE, FORMATS, JSON_TYPE, RSS_TYPE, feed_of
from channels.website.fixed import fixed, subscribe_page
from channels.website.history import is_withdrawn
from channels.website.hub import tell_hub
from channels.website.inspection import Progress, inspect
from channels.website.item_page import item_page
from channels.website.list_pages import fronts, home, list_page, lists_page
from channels.website.lists import always, named
from channels.website.options import Options
from channels.website.output import put_out, sweep
from channels.website.places import (
    ATOM,
    FOLDER,
    JSON,
    RSS,
    asset_name,
    gone_mark,
    is_statement,
    own_pages,
    page_name,
)
from channels.website.preview import panes
from channels.website.search import Search
from channels.website.site import Site
from channels.website.sitemap import sitemap, sitemap_index, sitemap_of_pages
from channels.website.standing import lost
from channels.website.templates import Templates
from channels.website.verify import verify
from publisher.channel import (
    NOTHING,
    Breach,
    Card,
    File,
    House,
    ListPage,
    Near,
    Pane,
    PermanentError,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Shelf,
    TemporaryError,
)
from publisher.model import Item, ReasonClass, Status, Trace

__all__ = ["Options", "Website", "build"]

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of a feed before anything is out: a feed must have one, and `render` has no clock."""


class Website:
    """Writes the site's files; the same rendition twice leaves every file as it is."""

    repeatable = True
    idempotent = False
    addressed = False
    recall = Recall.EDITS
    remains = ""
    groupings: tuple[str, ...] = ("window",)
    most_items = 500
    most_recipients = 0
    longest_call = timedelta(minutes=2)  # to write; looking at it afterwards changes nothing
    per_block = 500

    def __init__(self, name: str, options: Options, house: House) -> None:
        self.name = name
        self.per_page = options.per_page
        self._site = Site(house, options)
        self.fronts: Mapping[str, int] = fronts(self._site)
        self._templates = Templates(self._site)
        self._folder = house.output / FOLDER
        self._not_indexed: dict[str, str] = {}  # pages that the search could not read, and why
        self._search = Search(house.output, self._templates) if options.search else None

    def card(self, item: Item) -> Card:
        check_texts(item)
        return card_of(item, self._site)

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        """The pages of `items` with what belongs to them, and around them what they change."""
        for item in items:
            check_texts(item)
        own = [self._page(item, shelf) for item in items]
        own += [file for item in items for file in self._belongings(item)]
        check_places(items, own)
        return Rendition(tuple(own), around=tuple(self._around(shelf)))

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        """Write the files and see that they stand there; `key` has no one to be told to."""
        del key, recipients
        pages = own_pages(rendition)
        stood = [page for page in pages if self._stood(page, rendition)]
        not_forgotten = self._index(stood)  # first not found any more, then not there any more
        changed = put_out(rendition, self._folder)
        if self._site.options.verify_url:
            verify(rendition, self._site)
        if not_forgotten:
            raise TemporaryError(not_forgotten, kind=ReasonClass.INTERNAL)
        not_found = self._index([page for page in pages if page not in stood])
        urls = tuple(self._site.url(page.name) for page in pages)
        return Receipt(
            Status.DELIVERED,
            reference=pages[0].sha256 if pages else "",
            url=urls[0] if urls else "",
            urls=urls,
            reason=not_found or self._tell_hub(set(changed), rendition.around),
        )

    def check(self, receipt: Receipt) -> Receipt:
        """Nothing is ever under way here: a file stands or it does not."""
        return receipt

    def verify(self, item: Item, trace: Trace) -> str:
        """Read the page's title and body again; its layout may have changed since."""
        del trace  # an item keeps its address whatever becomes of it
        try:
            expected = self._page(item, NOTHING)
        except PermanentError as error:  # by today's rules there could be no such page
            return error.reason
        return lost(item, expected, self._site, self._folder)

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        return panes(items, rendition, self._templates)

    def search(self, words: str, page: int) -> File:
        if self._search is None:
            raise PermanentError("本站没有开通搜索")
        return self._search.page(words, page)

    def inspect(self, now: datetime, progress: Progress) -> Iterator[Breach]:
        """Every rule for government sites that what stands in the folder breaks."""
        return inspect(self._site, self._folder, now, progress, self._site.options.limits)

    def _stood(self, page: File, rendition: Rendition) -> bool:
        """Whether the search may know an older text of the page, which it must forget."""
        return is_statement(page, rendition) or (self._folder / page.name).is_file()

    def _index(self, pages: Sequence[File]) -> str:
        """Have the search read these pages; a sentence where it could not.

        A damaged index is begun anew: it holds nothing that cannot be read again, and it answers
        nobody before a rebuild is through.
        """
        if self._search is None or not pages:
            return ""
        texts = {page.name: page.data for page in pages}
        try:
            self._search.put(texts.items())
        except TemporaryError:
            try:
                self._search.reset()
                self._search.put(texts.items())
            except TemporaryError as error:
                self._not_indexed |= dict.fromkeys(texts, error.reason)
                return error.reason
        for name in texts:
            self._not_indexed.pop(name, None)
        return ""

    def _tell_hub(self, changed: Collection[str], around: Sequence[File]) -> str:
        """Tell the hub, where there is one, of the newest feeds among what has changed."""
        endings = tuple(ending for ending, _, _ in FORMATS)
        newest = (file.name for file in around if file.name.rpartition("/")[2] in endings)
        feeds = [name for name in newest if name in changed]
        wanted = self._site.options.hub and feeds
        return tell_hub(map(self._site.url, feeds), self._site) if wanted else ""

    def sweep(self, kept: Collection[str]) -> None:
        """Take away the pages, feeds and sitemaps of lists that are none of these."""
        sweep(self._folder, kept)
        if self._search is None:
            return
        for reason in self._not_indexed.values():
            raise TemporaryError(reason, kind=ReasonClass.INTERNAL)
        self._search.completed()

    def _page(self, item: Item, shelf: Shelf) -> File:
        return item_page(item, shelf.near.get(item.id, Near()), self._templates)

    def _belongings(self, item: Item) -> Iterator[File]:
        """Attachments and pictures; of a withdrawn item, the mark that it is."""
        page = page_name(item)
        if is_withdrawn(item):
            yield File(gone_mark(page), "application/octet-stream", b"")
            return
        revision = item.revision
        for field, assets in (("attachments", revision.attachments), ("images", revision.images)):
            for asset in assets:
                check_bytes(asset, field)
                name = asset_name(page, asset, field)
                yield File(name, asset.media_type, asset.data)

    def _around(self, shelf: Shelf) -> Iterator[File]:
        """Neighbours, and the lists and feeds that the shelf brings."""
        yield from self._beside(shelf)
        if not (shelf.lists or shelf.grown):
            return
        for page in (*shelf.pages, *self._empty(shelf)):
            yield list_page(page, shelf, self._templates)
            if named(page.list).has_feeds:
                since = entry_of(shelf.first).published if shelf.first else _BEFORE_ALL
                yield from self._feeds(page, since)
        if shelf.grown:
            yield lists_page(shelf, self._templates)
            yield subscribe_page(shelf, self._templates)
        yield home(shelf, self._templates)
        yield from fixed(self._templates)
        for block in shelf.blocks:
            yield sitemap(block, self._site)
        yield sitemap_of_pages(self._site)
        yield sitemap_index(shelf.block_count, self._site)

    def _beside(self, shelf: Shelf) -> Iterator[File]:
        """A page that can no longer be made stays as it is, and keeps nothing from going out; a
        rebuild tells which they are.
        """
        for item in shelf.beside:
            try:
                yield self._page(item, shelf)
            except PermanentError:
                continue

    def _empty(self, shelf: Shelf) -> Iterator[ListPage]:
        """The lists that every page links to and that have no item yet, where a list is new."""
        if not shelf.grown:
            return
        for one in always(self._site):
            if one.name not in shelf.lists:
                yield ListPage(list=one.name, number=None, cards=(), sealed=0)

    def _feeds(self, page: ListPage, since: datetime) -> Iterator[File]:
        site, listed = self._site, named(page.list)
        feed = feed_of(page, listed, site, since)
        if page.number is not None:
            yield File(listed.archive(page.number), ATOM_TYPE, atom(feed, site))
            return
        yield File(listed.feed(ATOM), ATOM_TYPE, atom(feed, site))
        yield File(listed.feed(RSS), RSS_TYPE, rss(feed, site))
        yield File(listed.feed(JSON), JSON_TYPE, json_feed(feed, site))


def build(name: str, options: Options, house: House) -> Website:
    return Website(name, options, house)
