"""The site as its pages and feeds see it: the house and the options, with the gaps filled."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from channels.website.options import Options
from publisher.channel import House
from publisher.content import Document, Paragraph, text_of
from publisher.model import Revision


@dataclass(frozen=True)
class Site:
    house: House
    options: Options

    @property
    def name(self) -> str:
        return self.house.site_name

    @property
    def domain(self) -> str:
        return urlsplit(self.house.site_url).hostname or ""

    @property
    def contact(self) -> str:
        return self.options.contact or self.house.contact

    @property
    def feed_title(self) -> str:
        return self.options.feed_title or f"{self.name}·{self.options.column_name}"

    @property
    def feed_subtitle(self) -> str:
        return self.options.feed_subtitle or f"{self.name}主动公开的政府信息，最新的在最前"

    def url(self, name: str) -> str:
        """The public address of a file of the site."""
        return f"{self.house.site_url}/{quote(name)}"

    def local(self, moment: datetime) -> datetime:
        """The moment on the city's clock, to the second."""
        return moment.astimezone(self.house.timezone).replace(microsecond=0)


def excerpt(revision: Revision, most: int = 100) -> str:
    """The summary, or else the beginning of what the body says, in one line.

    Headings, signatures and who is addressed (a line that ends in a colon) say nothing in a list.
    """
    text = revision.summary or _sentences(revision.document) or revision.document.text
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _sentences(document: Document) -> str:
    paragraphs = (block for block in document.blocks if isinstance(block, Paragraph))
    texts = [text_of(block.text) for block in paragraphs if block.align == "left"]
    return " ".join(text for text in texts if not text.rstrip().endswith(("：", ":")))
