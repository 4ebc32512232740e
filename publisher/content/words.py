"""All words of a document, for scans: what is read, and what stands behind it."""

from collections.abc import Iterator
from urllib.parse import unquote

from publisher.content.blocks import Block, Document, Heading, Inline, ListBlock, Paragraph, Table


def every_word(document: Document) -> str:
    """The text with captions of tables and the targets of links, which `Document.text` leaves out.

    A table is one line a row with tabs between its cells.
    """
    captions = (
        block.caption for block in document.blocks if isinstance(block, Table) and block.caption
    )
    targets = (
        unquote(run.href)
        for block in document.blocks
        for inline in _inlines(block)
        for run in inline
        if run.href
    )
    return "\n".join([*captions, document.text, *dict.fromkeys(targets)])


def _inlines(block: Block) -> Iterator[Inline]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case ListBlock():
            for item in block.items:
                yield item.text
                for child in item.children:
                    yield from _inlines(child)
        case Table():
            yield from (cell.text for row in block.rows for cell in row)
        case _:
            return
