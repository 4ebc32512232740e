"""The government website: static pages and subscription feeds in a folder a web server shows.

places   which file an address means        pages  item page, stub page and home page
history  what became of an item, in words   feeds  Atom and RSS
checks   what is refused, and how to mend   lists  which items a list holds
output   writing and removing, in order     verify, standing  seeing that it is so
"""

from collections.abc import Sequence
from datetime import timedelta

from channels.website.checks import check_bytes, check_places, check_texts
from channels.website.feeds import ATOM_TYPE, RSS_TYPE, atom, rss
from channels.website.history import is_withdrawn
from channels.website.lists import latest_changed, newest
from channels.website.options import Options
from channels.website.output import put_out
from channels.website.pages import Pages
from channels.website.places import ATOM, RSS, asset_name, own_pages, page_name
from channels.website.site import Site
from channels.website.standing import lost
from channels.website.verify import verify
from publisher.channel import File, House, PermanentError, Recall, Receipt, Recipient, Rendition
from publisher.model import Item, Status, Trace

__all__ = ["Options", "Website", "build"]

FOLDER = "site"


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

    def __init__(self, name: str, options: Options, house: House) -> None:
        self.name = name
        self._site = Site(house, options)
        self._pages = Pages(self._site)
        self._folder = house.output / FOLDER

    def render(self, items: Sequence[Item], recent: Sequence[Item] = ()) -> Rendition:
        """The pages of `items` with what belongs to them, then the lists with `recent` too."""
        for item in (*items, *recent):
            check_texts(item)
        own = [self._pages.page(item) for item in items]
        own += [file for item in items if not is_withdrawn(item) for file in self._assets(item)]
        check_places(items, own)
        return Rendition((*own, *self._pages.fixed, *self._lists((*items, *recent))))

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        """Write the files and see that they stand there; `key` has no one to be told to."""
        del key, recipients
        put_out(rendition, self._folder)
        if self._site.options.verify_url:
            verify(rendition, self._site)
        pages = own_pages(rendition)
        urls = tuple(self._site.url(page.name) for page in pages)
        return Receipt(Status.DELIVERED, reference=pages[0].sha256, url=urls[0], urls=urls)

    def check(self, receipt: Receipt) -> Receipt:
        """Nothing is ever under way here: a file stands or it does not."""
        return receipt

    def verify(self, item: Item, trace: Trace) -> str:
        """Read the page's title and body again; its layout may have changed since."""
        del trace  # an item keeps its address whatever becomes of it
        try:
            expected = self._pages.page(item)
        except PermanentError as error:  # the site has moved, and the page has not
            return error.reason
        return lost(item, expected, self._site, self._folder)

    def _lists(self, items: Sequence[Item]) -> tuple[File, ...]:
        most = self._site.options.entries
        changed = latest_changed(items, most)
        return (
            self._pages.home(newest(items, most)),
            File(ATOM, ATOM_TYPE, atom(changed, self._site)),
            File(RSS, RSS_TYPE, rss(changed, self._site)),
        )

    def _assets(self, item: Item) -> list[File]:
        page = page_name(item, self._site)
        revision = item.revision
        files = []
        for field, assets in (("attachments", revision.attachments), ("images", revision.images)):
            for asset in assets:
                check_bytes(asset, field)
                name = asset_name(page, asset, field)
                files.append(File(name, asset.media_type, asset.data))
        return files


def build(name: str, options: Options, house: House) -> Website:
    return Website(name, options, house)
