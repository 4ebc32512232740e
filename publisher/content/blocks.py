"""Blocks: what a body consists of. Pure data; no HTML, no markup of any channel."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one kind. A line break inside a paragraph is a newline character."""

    text: str
    strong: bool = False
    emphasis: bool = False
    underline: bool = False
    sup: bool = False
    sub: bool = False
    href: str = ""


Inline = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is 一、, level 2 （一）, level 3 1., level 4 （1）; the label stays in the text."""

    level: int
    text: Inline


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Inline
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class ListItem:
    text: Inline
    children: tuple["ListBlock", ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    text: Inline
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as written; a merged cell stands once, in its first row and column.

    `columns` is the width of the grid. Every grid place is covered exactly once (parse sees to it).
    """

    rows: tuple[tuple[Cell, ...], ...]
    columns: int
    caption: str = ""

    @property
    def head(self) -> int:
        """How many leading rows hold only header cells."""
        count = 0
        for row in self.rows:
            if not all(cell.header for cell in row):
                break
            count += 1
        return count


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """`name` is the name of one of the revision's images."""

    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class AttachmentBlock:
    """`name` is the name of one of the revision's attachments, `title` what a reader sees."""

    name: str
    title: str


Block = Heading | Paragraph | ListBlock | Table | ImageBlock | AttachmentBlock


@dataclass(frozen=True, slots=True)
class Document:
    """A body: its blocks, and the same as sanitised HTML for channels that show HTML."""

    blocks: tuple[Block, ...]
    html: str = ""

    @property
    def text(self) -> str:
        """The whole body as plain text, one line a block; tables cell by cell with tabs."""
        return "\n".join(_block_text(block) for block in self.blocks)


def text_of(inline: Inline) -> str:
    """The characters of an inline, without its styling."""
    return "".join(run.text for run in inline)


def _block_text(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return text_of(block.text)
        case ListBlock():
            return "\n".join(_item_text(item) for item in block.items)
        case Table():
            return "\n".join("\t".join(text_of(cell.text) for cell in row) for row in block.rows)
        case ImageBlock():
            return block.alt
        case AttachmentBlock():
            return block.title


def _item_text(item: ListItem) -> str:
    return "\n".join([text_of(item.text), *(_block_text(child) for child in item.children)])
