"""Blocks as HTML: clean, deterministic, made by us alone, so text and HTML never disagree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from publisher.content.blocks import (
    Align,
    Block,
    Cell,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    Paragraph,
    Run,
    Table,
)


def to_html(
    blocks: Iterable[Block],
    *,
    image_src: Callable[[str], str] = str,
    link: Callable[[str], str] = str,
    align: Callable[[Align], str] = lambda _: "",
    top: int = 2,
    heading: str = "",
) -> str:
    """The blocks as HTML, one a line; attachments are left to the channel.

    `image_src` turns the name of a picture into its address. `link` turns the target of a link
    into the address to write, or "" for no link. `align` gives the attribute for text that does
    not stand on the left, such as ` class="right"`. `top` is the tag number of a level 1 heading:
    2, because a page's title is its h1. `heading` is an attribute for every heading.
    """
    writer = _Writer(image_src, link, align, top, heading)
    return "\n".join(filter(None, map(writer.block, blocks)))


@dataclass(frozen=True)
class _Writer:
    image_src: Callable[[str], str]
    link: Callable[[str], str]
    align: Callable[[Align], str]
    top: int
    heading: str

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                tag = f"h{min(block.level + self.top - 1, 6)}"
                return f"<{tag}{self.heading}>{self.inline(block.text)}</{tag}>"
            case Paragraph():
                return f"<p{self._aligned(block.align)}>{self.inline(block.text)}</p>"
            case ListBlock():
                return self._list(block)
            case Table():
                return self._table(block)
            case ImageBlock():
                source = escape(self.image_src(block.name))
                return f'<p><img src="{source}" alt="{escape(block.alt)}"></p>'
            case _:
                return ""

    def inline(self, inline: Inline) -> str:
        return "".join(
            self._linked("".join(map(_run, runs)), href)
            for href, runs in groupby(inline, key=lambda run: run.href)
        )

    def _linked(self, text: str, href: str) -> str:
        target = self.link(href) if href else ""
        return f'<a href="{escape(target)}">{text}</a>' if target else text

    def _aligned(self, align: Align) -> str:
        return "" if align == "left" else self.align(align)

    def _list(self, block: ListBlock) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "".join(
            f"<li>{self.inline(item.text)}{''.join(map(self._list, item.children))}</li>"
            for item in block.items
        )
        return f"<{tag}{start}>{items}</{tag}>"

    def _table(self, table: Table) -> str:
        caption = (
            f"<caption>{escape(table.caption, quote=False)}</caption>" if table.caption else ""
        )
        head = _head(table)
        rows = [self._row(row, in_head=at < table.head) for at, row in enumerate(table.rows)]
        parts = (("thead", rows[:head]), ("tbody", rows[head:]))
        inside = "".join(f"<{tag}>{''.join(some)}</{tag}>" for tag, some in parts if some)
        return f"<table>{caption}{inside}</table>"

    def _row(self, row: tuple[Cell, ...], *, in_head: bool) -> str:
        return f"<tr>{''.join(self._cell(cell, in_head=in_head) for cell in row)}</tr>"

    def _cell(self, cell: Cell, *, in_head: bool) -> str:
        tag = "th" if cell.header else "td"
        attributes = "".join(
            [
                f' scope="{_scope(cell, in_head=in_head)}"' if cell.header else "",
                f' colspan="{cell.colspan}"' if cell.colspan > 1 else "",
                f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "",
                self._aligned(cell.align),
            ]
        )
        return f"<{tag}{attributes}>{self.inline(cell.text)}</{tag}>"


def _scope(cell: Cell, *, in_head: bool) -> str:
    if in_head:
        return "colgroup" if cell.colspan > 1 else "col"
    return "rowgroup" if cell.rowspan > 1 else "row"


def _head(table: Table) -> int:
    """Rows for thead; none when a head cell reaches below them, for a rowspan ends with thead."""
    head = table.head
    inside = all(
        at + cell.rowspan <= head for at, row in enumerate(table.rows[:head]) for cell in row
    )
    return head if inside and head < len(table.rows) else 0


def _run(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br>")
    for tag in _tags(run):
        text = f"<{tag}>{text}</{tag}>"
    return text


def _tags(run: Run) -> Iterator[str]:
    """The tags around a run, the innermost first."""
    wanted = {"sub": run.sub, "sup": run.sup, "u": run.underline}
    yield from (tag for tag, on in wanted.items() if on)
    yield from (tag for tag, on in {"em": run.emphasis, "strong": run.strong}.items() if on)
