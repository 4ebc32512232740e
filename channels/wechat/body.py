"""The content of an article: blocks -> HTML that survives WeChat, within its length.

Too long a text, or one with too many pictures, is cut after a whole block, and the reader is sent
on to the website; a table or a sentence is never cut. The length counts everything: text, tags and
styles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import css_inline
import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.wechat.links import ends_link, footnotes, is_wechat
from publisher.channel import House
from publisher.content import AttachmentBlock, Block, Heading, ImageBlock
from publisher.model import Action, Asset, Item, Notice

LIMIT = 19_500
"""Below WeChat's 20 000, since we do not know how it counts what lies beyond the basic plane."""
PICTURES = 30
"""In one article, and in all that go out together: each takes a call (client.MOST_CALLS)."""
TITLE = 32
"""WeChat takes no longer titles; then the content opens with the official one."""
PICTURE_ADDRESS = 200
"""Room for the address that takes the place of a picture's name when it has been uploaded."""

SURVIVES = {
    *("section", "p", "span", "br", "h1", "h2", "h3", "h4", "strong", "em", "u", "sub", "sup"),
    *("table", "thead", "tbody", "tr", "th", "td", "img", "a"),
}
ATTRIBUTES = {
    "*": {"style"},
    "img": {"src", "alt"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


@dataclass(frozen=True, slots=True)
class Content:
    html: str
    kept: int
    """How many of the body's blocks stand in it."""
    notes: int
    """How many links became footnotes."""


@dataclass(frozen=True)
class Writer:
    """Writes articles with the templates of one house."""

    house: House

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader(self.house.templates / "wechat"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        made.filters |= {
            "kind": _kind,
            "day": self.day,
            "size": _size,
            "stopped": _stopped,
            "named": named,
        }
        made.tests["wechat_link"] = is_wechat
        made.globals["ends_link"] = ends_link
        return made

    @cached_property
    def _css(self) -> str:
        return (self.house.templates / "wechat" / "article.css").read_text("utf-8")

    def day(self, when: date | datetime) -> str:
        if isinstance(when, datetime):
            when = when.astimezone(self.house.timezone)
        return f"{when.year}年{when.month}月{when.day}日"

    def content(self, item: Item, pictures: Mapping[str, str]) -> Content:
        """`pictures` says what stands in the place of a picture's address until it has one."""
        blocks = item.revision.document.blocks
        whole = self._write(item, blocks, len(blocks), pictures)
        if _fits(whole, blocks):
            return Content(whole, len(blocks), len(footnotes(blocks)))
        kept, html = self._longest(item, blocks, pictures)
        return Content(html, kept, len(footnotes(blocks[:kept])))

    def _longest(
        self, item: Item, blocks: tuple[Block, ...], pictures: Mapping[str, str]
    ) -> tuple[int, str]:
        """The most leading blocks that fit, found by halving; a heading does not end a page."""
        fits, too_many = 0, len(blocks)
        while too_many - fits > 1:
            middle = (fits + too_many) // 2
            if _fits(self._write(item, blocks, middle, pictures), blocks[:middle]):
                fits = middle
            else:
                too_many = middle
        while fits and isinstance(blocks[fits - 1], Heading):
            fits -= 1
        return fits, self._write(item, blocks, fits, pictures)

    def _write(
        self, item: Item, blocks: tuple[Block, ...], kept: int, pictures: Mapping[str, str]
    ) -> str:
        shown = blocks[:kept]
        page = self._environment.get_template("article.html.j2").render(
            item=item,
            revision=item.revision,
            correction=_correction(item),
            house=self.house,
            blocks=shown,
            cut=kept < len(blocks),
            notes=footnotes(shown),
            pictures=pictures,
            opens_with_title=len(item.revision.title) > TITLE,
        )
        tight = page.replace("\n", "")  # a line break of the text is a <br> by now
        inlined = css_inline.inline_fragment(tight, self._css, minify_css=True)
        return nh3.clean(inlined, tags=SURVIVES, attributes=ATTRIBUTES, link_rel=None)

    def preview(self, account: str, articles: list[dict[str, object]]) -> str:
        """A page that shows what the phone will show."""
        css = (self.house.templates / "wechat" / "preview.css").read_text("utf-8")
        template = self._environment.get_template("preview.html.j2")
        return template.render(account=account, articles=articles, css=css)

    def withdrawal(self, account: str, items: Sequence[Item], remains: str) -> str:
        """A page that tells staff what will be deleted. It never reaches a reader."""
        css = (self.house.templates / "wechat" / "preview.css").read_text("utf-8")
        template = self._environment.get_template("withdrawal.html.j2")
        return template.render(account=account, items=items, remains=remains, css=css)


def missing(item: Item) -> tuple[str, ...]:
    """Names of attachments that the body speaks of and the revision does not have."""
    have = {asset.name for asset in item.revision.attachments}
    spoken = (b.name for b in item.revision.document.blocks if isinstance(b, AttachmentBlock))
    return tuple(name for name in spoken if name not in have)


def shown_pictures(item: Item) -> tuple[str, ...]:
    """Names of the pictures in the body, each once, in reading order."""
    blocks = item.revision.document.blocks
    return _pictures(blocks)


def _pictures(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(block.name for block in blocks if isinstance(block, ImageBlock)))


def _fits(html: str, blocks: Sequence[Block]) -> bool:
    length = len(html) + PICTURE_ADDRESS * html.count("<img ")
    return length <= LIMIT and len(_pictures(blocks)) <= PICTURES


def _kind(block: Block) -> str:
    return type(block).__name__


def named(title: str) -> str:
    """A title in its marks; marks inside it become the inner ones."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def _correction(item: Item) -> Notice | None:
    """The latest correction that citizens are told of."""
    told = [notice for notice in item.notices if notice.action is Action.CORRECT]
    return told[-1] if told else None


def _stopped(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _size(asset: Asset) -> str:
    """Kind and size, as a reader wants to know before a download."""
    _, dot, suffix = asset.name.rpartition(".")
    kind = f"{suffix.upper()}，" if dot else ""
    for unit, name in ((1_000_000, "MB"), (1_000, "KB")):
        if asset.size >= unit:
            return f"{kind}{asset.size / unit:.1f} {name}"
    return f"{kind}{asset.size} 字节"
