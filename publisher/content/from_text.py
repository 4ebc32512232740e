"""From plain text to paragraphs: a line is a paragraph, a blank line says nothing more."""

import re

from publisher.content.blocks import Block, Paragraph, Run
from publisher.content.structure import paragraphs_of

_LEADING = re.compile(r"^[ \t]+", re.MULTILINE)


def blocks_of_text(body: str) -> list[Block]:
    lines = [(Run(line),) for line in with_wide_indents(body).split("\n")]
    return [Paragraph(text) for text in paragraphs_of(lines)]


def with_wide_indents(body: str) -> str:
    """Indents typed with blanks as wide as they look, so that they survive in every channel."""
    return _LEADING.sub(lambda blanks: "\u3000" * (len(blanks.group().expandtabs(4)) // 2), body)
