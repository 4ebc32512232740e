"""The one content model: whatever comes in becomes blocks, and every channel renders from them."""

from publisher.content.blocks import (
    AttachmentBlock,
    Block,
    Cell,
    Document,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
    text_of,
)
from publisher.content.parse import ContentError, parse_body

__all__ = [
    "AttachmentBlock",
    "Block",
    "Cell",
    "ContentError",
    "Document",
    "Heading",
    "ImageBlock",
    "Inline",
    "ListBlock",
    "ListItem",
    "Paragraph",
    "Run",
    "Table",
    "parse_body",
    "text_of",
]
