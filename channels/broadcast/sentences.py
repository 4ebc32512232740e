"""Cutting a paragraph into sentences, and the numbers that official texts put before them."""

import re
import unicodedata
from dataclasses import dataclass

from channels.broadcast.spoken.wording import CIRCLED

_HAN = "一二三四五六七八九十"
_LABELS = (
    (1, re.compile(rf"\s*([{_HAN}]{{1,3}})、\s*")),
    (2, re.compile(rf"\s*[（(]([{_HAN}]{{1,3}})[）)]、?\s*")),
    (3, re.compile(r"\s*([0-9０-９]{1,2})(?:[.．、](?![0-9０-９])|[.．]\s)\s*")),
    (4, re.compile(r"\s*[（(]([0-9０-９]{1,2})[）)]\s*")),
    (5, re.compile(rf"\s*([{CIRCLED}])\s*")),
)
_RUN_IN = re.compile(r"([^。；：！？]{2,34})。(?=.)", re.DOTALL)
_SHORT_NAME = re.compile(r"([^。；：，！？]{1,12})：(?=.)", re.DOTALL)
_ENDS, _OPENING, _CLOSING = "。！？；!?;", "（(《〈【〔[", "）)》〉】〕]"


@dataclass(frozen=True, slots=True)
class Label:
    """The number of a heading or point: level as in GB/T 9704, and which one it is."""

    level: int
    number: int


def label_of(text: str) -> tuple[Label | None, str]:
    """The label a text begins with, and the rest."""
    for level, pattern in _LABELS:
        if match := pattern.match(text):
            return Label(level, _value(match[1])), text[match.end() :]
    return None, text


def run_in_head(text: str) -> tuple[str, str]:
    """（一）指导思想。深入贯彻…: the head and what follows it; no head where there is none."""
    match = _RUN_IN.match(text) or _SHORT_NAME.match(text)
    return (match[1].strip(), text[match.end() :].strip()) if match else ("", text)


def sentences(text: str) -> list[str]:
    """Whole sentences with their stops; brackets and titles are never cut open."""
    found, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in _OPENING) - (char in _CLOSING)
        depth = max(depth, 0)
        quoted_end = char in "”’" and text[at - 1 : at] in set("。！？")
        ends = ((char in _ENDS or quoted_end) and not depth) or char == "\n"
        if ends and text[at + 1 : at + 2] not in {*"”’》）)", *_ENDS}:
            found.append(text[start : at + 1])
            start, depth = at + 1, 0
    return [one.strip() for one in [*found, text[start:]] if _says_something(one)]


def _says_something(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def _value(text: str) -> int:
    if text[0] in _HAN:
        tens, ten, ones = text.partition("十")
        high = (_HAN.find(tens) + 1 if tens else 1) if ten else 0
        low = ones if ten else tens
        return high * 10 + (_HAN.find(low) + 1 if low else 0)
    return int(text) if text.isdecimal() else int(unicodedata.numeric(text))
