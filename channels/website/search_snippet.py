"""The piece of a text that shows why it was found, with the reader's words marked."""

import re
from dataclasses import dataclass
from itertools import islice

from channels.website.search_words import folded

_LENGTH = 120
_BEFORE = 24
_LOOKED_AT = 300
"""Places of the words in one text; a word that stands everywhere needs no more to be shown."""


@dataclass(frozen=True)
class Part:
    text: str
    hit: bool = False


def marked(text: str, pattern: re.Pattern[str]) -> tuple[Part, ...]:
    """The whole text in parts, those that were asked for told apart."""
    parts, end = [], 0
    for hit in pattern.finditer(folded(text)):
        parts += [Part(text[end : hit.start()]), Part(text[slice(*hit.span())], hit=True)]
        end = hit.end()
    return tuple(part for part in (*parts, Part(text[end:])) if part.text)


def snippet(text: str, pattern: re.Pattern[str]) -> tuple[Part, ...]:
    """Some hundred characters around the place where most of the words stand together."""
    start = _start(text, pattern)
    piece = text[start : start + _LENGTH]
    parts = marked(piece, pattern)
    before = (Part("…"),) if start else ()
    after = (Part("…"),) if start + _LENGTH < len(text) else ()
    return (*before, *parts, *after)


def _start(text: str, pattern: re.Pattern[str]) -> int:
    """Where the piece begins: a little before the words, or with the text where there are none."""
    hits = [
        (hit.start(), hit.lastindex) for hit in islice(pattern.finditer(folded(text)), _LOOKED_AT)
    ]
    best, most = 0, 0
    for at, _ in hits:
        near = {word for place, word in hits if at <= place < at + _LENGTH - _BEFORE}
        if len(near) > most:
            best, most = at, len(near)
    return max(0, best - _BEFORE) if best > _BEFORE else 0
