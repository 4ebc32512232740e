"""A document as lines that a person can read and compare."""

from collections.abc import Iterator

import pytest

from publisher.content import (
    AttachmentBlock,
    Block,
    Cell,
    ContentError,
    Document,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    Paragraph,
    Run,
    Table,
    parse_body,
)

IMAGES = frozenset({"图.png"})
_STYLES = ("strong", "emphasis", "underline", "sup", "sub")


def outline(document: Document) -> str:
    return "".join(f"{line}\n" for block in document.blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"heading {block.level}: {_inline(block.text)}"
        case Paragraph():
            side = "" if block.align == "left" else f" {block.align}"
            yield f"paragraph{side}: {_inline(block.text)}"
        case ListBlock():
            yield from _list(block, "")
        case Table():
            yield f"table {block.columns} wide, {block.head} head: {block.caption}"
            yield from ("  " + " | ".join(map(_cell, row)) for row in block.rows)
        case ImageBlock():
            yield f"image {block.name}: {block.alt}"
        case AttachmentBlock():
            yield f"attachment {block.name}: {block.title}"


def _list(block: ListBlock, indent: str) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start):
        yield f"{indent}{f'{number}.' if block.ordered else '*'} {_inline(item.text)}"
        for child in item.children:
            yield from _list(child, indent + "  ")


def _cell(cell: Cell) -> str:
    span = f" <{cell.colspan}x{cell.rowspan}>" if cell.colspan * cell.rowspan > 1 else ""
    side = "" if cell.align == "left" else f" <{cell.align}>"
    return f"{'# ' if cell.header else ''}{_inline(cell.text)}{span}{side}"


def _inline(inline: Inline) -> str:
    return "".join(map(_run, inline))


def _run(run: Run) -> str:
    text = run.text.replace("\n", "⏎")
    marks = [name for name in _STYLES if getattr(run, name)] + ([run.href] if run.href else [])
    return f"{{{' '.join(marks)}: {text}}}" if marks else text


def refusal(body: str, body_format: str = "html") -> str:
    with pytest.raises(ContentError) as caught:
        parse_body(body, body_format, IMAGES)
    assert str(caught.value).endswith("。")
    return str(caught.value)
