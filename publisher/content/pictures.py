"""Pictures: what a reader is told who does not see them."""

from collections.abc import Mapping
from dataclasses import replace

from publisher.content.blocks import Block, Document, ImageBlock
from publisher.content.render_html import to_html


def described(document: Document, descriptions: Mapping[str, str]) -> Document:
    """The document where no picture goes without words: `descriptions`, by the name of a picture,
    stand in where the body says nothing of it, or no more than the name of its file.
    """
    blocks = tuple(_described(block, descriptions) for block in document.blocks)
    return document if blocks == document.blocks else Document(blocks, to_html(blocks))


def _described(block: Block, descriptions: Mapping[str, str]) -> Block:
    if not isinstance(block, ImageBlock) or says_something(block.alt, block.name):
        return block
    return replace(block, alt=" ".join(descriptions[block.name].split()))


def says_something(alt: str, name: str) -> bool:
    """Whether the text for a picture tells more than what its file is called."""
    return alt.strip().casefold() not in {"", name.casefold()}
