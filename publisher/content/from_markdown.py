"""From Markdown to HTML, and from there on like any HTML: Markdown earns no trust."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from publisher.content.blocks import Block
from publisher.content.errors import ContentError
from publisher.content.from_html import blocks_of_html
from publisher.content.markdown_lines import prepared

_OPENING = "（《“‘【「〔"
_CLOSING = "）》”’】」〕"
_SEPARATORS = "、，。；：！？"
_UNUSED_BLOCKS = ("code", "setextheader", "hr", "quote", "reference")
"""Blocks that our users never mean: an indent, a line below a line, 「[注]: 说明」."""
_UNUSED_INLINE = (
    "em_strong",
    "reference",
    "image_reference",
    "short_reference",
    "short_image_ref",
)


def blocks_of_markdown(body: str, image_names: frozenset[str]) -> list[Block]:
    try:
        html = _library().convert(prepared(body))
    except RecursionError:
        raise ContentError("正文的 Markdown 嵌套太深，无法读取。请减少列表和括号的层次。") from None
    return blocks_of_html(html, image_names)


def _library() -> Markdown:
    library = Markdown(extensions=["tables", "sane_lists", "nl2br"])
    for name in _UNUSED_BLOCKS:
        library.parser.blockprocessors.deregister(name)
    for name in _UNUSED_INLINE:
        library.inlinePatterns.deregister(name)
    for priority, stars in ((62, 3), (61, 2), (60, 1)):
        library.inlinePatterns.register(_Stars(stars), f"stars{stars}", priority)
    return library


class _Stars(InlineProcessor):
    """*, ** and *** around words, told apart from the asterisks of masked names and numbers.

    「王*、李*」 and 「138****8000」 must keep every asterisk: a mask that vanishes says something
    else. 「是**“总体要求”**的」 must be bold, though Markdown's general rule would not have it so.
    """

    def __init__(self, stars: int) -> None:
        mark = rf"\*{{{stars}}}"
        inner = r"[^*\n]{1,2000}?" if stars == 1 else r".{1,2000}?"
        before = r"(?<![\w*])" if stars == 1 else r"(?<!\*)"
        after = r"(?![\w*])" if stars == 1 else r"(?!\*)"
        # Only the first mark is consumed, so that a refused one leaves the rest to be looked at.
        super().__init__(
            rf"{before}{mark}(?![\s*{_SEPARATORS}{_CLOSING}])"
            rf"(?=({inner})(?<![\s*、，；：{_OPENING}]){mark}{after})"
        )
        self._stars = stars
        self._tags = {1: ("em",), 2: ("strong",), 3: ("strong", "em")}[stars]

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Any, int | None, int | None]:
        if _masks(data[: m.start()][-1:], m.group(1)):
            return None, None, None
        outer = inner = Element(self._tags[0])
        for tag in self._tags[1:]:
            inner = SubElement(inner, tag)
        inner.text = m.group(1)
        return outer, m.start(), m.end(1) + self._stars


def _masks(before: str, words: str) -> bool:
    """王**（男）、李**（女） and 12**34, 56**78: the asterisks stand for characters."""
    digits = before.isdigit() and words[0].isdigit()
    halves = before.isalnum() and words[0] in _OPENING and words[-1] not in _CLOSING
    return digits or halves
