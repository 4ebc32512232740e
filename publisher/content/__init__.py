"""The one content model: whatever comes in becomes blocks, and every channel renders from them."""

from publisher.content.blocks import (
    Align,
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
from publisher.content.clean import clean_text, find_forbidden
from publisher.content.parse import ContentError, parse_body
from publisher.content.pictures import described, says_something
from publisher.content.render_html import to_html
from publisher.content.words import every_word

__all__ = [
    "Align",
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
    "clean_text",
    "described",
    "every_word",
    "find_forbidden",
    "parse_body",
    "says_something",
    "text_of",
    "to_html",
]
