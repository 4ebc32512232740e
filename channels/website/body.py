"""The body of an item as HTML, for its page and for the feeds."""

from collections.abc import Callable, Sequence
from html import escape

from publisher.channel import PermanentError
from publisher.content import Align, AttachmentBlock, Block, Paragraph, Table, text_of, to_html
from publisher.model import Asset, Revision

Href = Callable[[Asset], str]


def body_html(revision: Revision, href: Href) -> str:
    """The blocks as HTML; `href` says where an attachment or picture is found."""

    def image_src(name: str) -> str:
        return href(_asset(name, revision.images, "images", "图片"))

    def html(block: Block) -> str:
        if isinstance(block, AttachmentBlock):
            asset = _asset(block.name, revision.attachments, "attachments", "附件")
            return f'<p><a href="{escape(href(asset))}" download>{escape(block.title)}</a></p>'
        made = to_html((block,), image_src=image_src, align=_class)
        return _scrolling(block, made) if isinstance(block, Table) else made

    blocks = revision.document.blocks
    parts = [html(block) for block in blocks]
    if blocks and _is_addressee(blocks[0]):
        parts[0] = f'<div class="addressee">{parts[0]}</div>'
    return "\n".join(parts)


def _is_addressee(first: Block) -> bool:
    """主送机关, whom a document speaks to: the one paragraph that is not indented."""
    return isinstance(first, Paragraph) and text_of(first.text).rstrip().endswith("：")


def _class(align: Align) -> str:
    return f' class="{align}"'


def _scrolling(table: Table, made: str) -> str:
    """A table in a box of its own: it scrolls there, by keyboard too, and not the whole page."""
    label = escape(table.caption or "表格")
    return f'<div class="table" role="region" aria-label="{label}" tabindex="0">{made}</div>'


def _asset(name: str, assets: Sequence[Asset], field: str, word: str) -> Asset:
    for asset in assets:
        if asset.name == name:
            return asset
    raise PermanentError(f"正文引用的{word}“{name}”没有上传，请补传，或从正文中删去", field=field)
