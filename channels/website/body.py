"""The body of an item as HTML, for its page and for the feeds."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

from publisher.channel import PermanentError
from publisher.content import (
    Align,
    AttachmentBlock,
    Block,
    Heading,
    ImageBlock,
    Paragraph,
    Table,
    text_of,
    to_html,
)
from publisher.model import Asset, Revision

Href = Callable[[Asset], str]

_NARROW = 3
"""A table of more columns is likely wider than a phone."""
_TELLING = re.compile(r"[。；？！]|如下|下列|现将|现就|根据|按照|为了")
_NAMES_BODIES = re.compile(
    # a body by what its name ends in, or people and bodies spoken of as many
    r".*(?:政府|委|委员会|局|厅|办|办公室|处|院|公司|中心|学校|协会)"
    r"|.*(?:各|有关|相关|全[省市县体]|广大|直属|驻)[^，、]*(?:部门|单位|机构|企业|组织|团体|[户员人民众友])"
)


def body_html(revision: Revision, href: Href) -> str:
    """The blocks as HTML; `href` says where an attachment or picture is found.

    A picture bears its checksum, as an attachment does on its page, so that an altered one is
    found (`publisher check-site`).
    """

    def html(block: Block) -> str:
        if isinstance(block, AttachmentBlock):
            asset = _asset(block.name, revision.attachments, "attachments", "附件")
            return f'<p><a href="{escape(href(asset))}">{escape(block.title)}</a></p>'
        if isinstance(block, ImageBlock):
            asset = _asset(block.name, revision.images, "images", "图片")
            source, alt = escape(href(asset)), escape(block.alt)
            return f'<p><img src="{source}" alt="{alt}" data-sha256="{asset.sha256}"></p>'
        made = to_html((block,), align=_class)
        return _scrolling(block, made) if isinstance(block, Table) else made

    blocks = revision.document.blocks
    ranks = _ranks(one.level for one in blocks if isinstance(one, Heading))
    parts = [
        _heading(block, next(ranks)) if isinstance(block, Heading) else html(block)
        for block in blocks
    ]
    if blocks and _is_addressee(blocks[0]):
        parts[0] = f'<div class="addressee">{parts[0]}</div>'
    return "\n".join(parts)


def without_attachments(revision: Revision) -> Revision:
    """For where they are listed in a place of their own."""
    document = revision.document
    kept = tuple(one for one in document.blocks if not isinstance(one, AttachmentBlock))
    return replace(revision, document=replace(document, blocks=kept))


def _ranks(levels: Iterable[int]) -> Iterator[int]:
    """How deep each heading stands below those before it: what begins with 1. skips no rank."""
    above: list[int] = []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        yield len(above)


def _heading(block: Heading, rank: int) -> str:
    """Its tag tells its rank to a screen reader; its class keeps the look of its level."""
    return to_html((replace(block, level=rank),), heading=f' class="level-{block.level}"')


def _is_addressee(first: Block) -> bool:
    """主送机关, whom a document speaks to: the one paragraph that is not indented.

    It ends in a colon, as 现将排期公布如下： does too; but it names bodies and tells nothing.
    """
    if not isinstance(first, Paragraph):
        return False
    line = "".join(text_of(first.text).split())
    named = re.sub(r"（[^（）]*）$", "", line.removesuffix("："))
    return (
        line.endswith("：") and not _TELLING.search(line) and bool(_NAMES_BODIES.fullmatch(named))
    )


def _class(align: Align) -> str:
    return f' class="{align}"'


def _scrolling(table: Table, made: str) -> str:
    """A table in a box of its own: it scrolls there, by keyboard too, and not the whole page."""
    label = escape(table.caption or "表格")
    look = "table wide" if table.columns > _NARROW else "table"
    return f'<div class="{look}" role="region" aria-label="{label}" tabindex="0">{made}</div>'


def _asset(name: str, assets: Sequence[Asset], field: str, word: str) -> Asset:
    for asset in assets:
        if asset.name == name:
            return asset
    raise PermanentError(f"正文引用的{word}“{name}”没有上传，请补传，或从正文中删去", field=field)
