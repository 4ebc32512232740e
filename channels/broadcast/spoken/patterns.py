"""Pieces that the rules' patterns are made of. All match on folded text."""

import re

from channels.broadcast.data import words

HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# A number is whole: it is no tail or head of a code, a version, a date or a longer number.
BEFORE = r"(?<![0-9A-Za-z@])(?<![0-9][.,/:∶])(?<![0-9A-Za-z][-–—/])(?<![0-9A-Za-z]--)"
AFTER = r"(?![0-9A-Za-z⁰¹²³⁴-⁹⁻₀-₉@])(?![.,/:∶×·][0-9])(?![-–/][0-9A-Za-z])"
MINUS = r"(?<![0-9A-Za-z)）])-"

SOFT = r"[—–]{1,2}|[~～〜]|至"
"""Signs that can only mean "to" between two figures; a hyphen needs more evidence."""
SEPARATOR = rf"(?:{SOFT}|-{{1,2}})"

CLAUSE_START = r"(?:(?<=[：:；;。！？!?，,\n])|\A)\s*"


def any_of(choices: tuple[str, ...]) -> str:
    """A group matching any of the words; they come longest first."""
    return "(?:" + "|".join(re.escape(word) for word in choices) + ")"


MEASURE = any_of(words("measures"))
SCALE = r"(?:[百千]?[万亿]|万亿|百|千)"


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
