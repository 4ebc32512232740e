"""Words: abbreviations, numbered points in running text, roman numerals, road numbers."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from channels.broadcast.data import rows
from channels.broadcast.spoken.engine import Rule
from channels.broadcast.spoken.numerals import cardinal, digits
from channels.broadcast.spoken.patterns import CLAUSE_START, HAN, any_of, compiled
from channels.broadcast.spoken.policy import Policy

CIRCLED = "①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿"
_ROMAN = {"I": "一", "II": "二", "III": "三", "IV": "四", "V": "五", "VI": "六", "X": "十"}
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"


def abbreviations(own: Mapping[str, str]) -> Rule:
    """The rule for the package's table with the city's own entries over it."""
    return _abbreviations(tuple(sorted(own.items())))


@cache
def _abbreviations(own: tuple[tuple[str, str], ...]) -> Rule:
    table = {row[0]: " ".join(row[1:]) for row in rows("abbreviations")} | dict(own)
    keys = tuple(sorted(table, key=lambda key: (-len(key), key)))
    return Rule(
        "缩略语",
        compiled(rf"(?<![0-9A-Za-z.·]){any_of(keys)}(?![0-9A-Za-z]|[.·][0-9A-Za-z])"),
        lambda match, _: table.get(match[0]),
    )


def _road(match: re.Match[str], policy: Policy) -> str:
    return match[1] + digits(match[2], policy.one)


def _point(match: re.Match[str], _: Policy) -> str | None:
    return cardinal(match[1], "二") + "是" if int(match[1]) else None


def _han_point(match: re.Match[str], _: Policy) -> str:
    return match[1] + "是"


def _inner(match: re.Match[str], _: Policy) -> str:
    return match[1]


def _inner_number(match: re.Match[str], _: Policy) -> str:
    return cardinal(match[1], "二")


def _circled(match: re.Match[str], _: Policy) -> str:
    spoken = cardinal(str(int(unicodedata.numeric(match[1]))), "二")
    if match.string[: match.start()].endswith(
        ("图", "注", "见", "第", "表", "附", "和", "与", "、")
    ):
        return spoken
    follows = match.string[match.end() : match.end() + 1]
    return spoken + "是" if follows and follows not in "、，。；：）)和与及至" else spoken


def _roman_sign(match: re.Match[str], _: Policy) -> str:
    return cardinal(str(int(unicodedata.numeric(match[0]))), "二")


def _roman_letters(match: re.Match[str], _: Policy) -> str | None:
    return _ROMAN.get(match[0])


RULES = (
    Rule(
        "道路编号",
        compiled(r"(?<![0-9A-Za-z])([GSXY])([0-9]{1,5})(?=国道|省道|县道|乡道|高速|线|段)"),
        _road,
    ),
    Rule(
        "序号", compiled(rf"{CLAUSE_START}([0-9]{{1,2}})[.、](?![0-9])\s*(?={HAN}|[“《])"), _point
    ),
    Rule("序号", compiled(rf"{CLAUSE_START}[（(]([0-9]{{1,2}})[）)]\s*"), _point),
    Rule("序号", compiled(rf"{CLAUSE_START}[（(]({_HAN_NUMBER})[）)]\s*"), _han_point),
    Rule("序号", compiled(rf"(?<=[第款条])[（(]({_HAN_NUMBER})[）)]"), _inner),
    Rule("序号", compiled(r"(?<=[第款条])[（(]([0-9]{1,2})[）)]"), _inner_number),
    Rule("序号", compiled(rf"([{CIRCLED}])\s*"), _circled),
    Rule("罗马数字", compiled("[Ⅰ-Ⅻⅰ-ⅻ]"), _roman_sign),
    Rule("罗马数字", compiled(r"(?<![0-9A-Za-z])[IVX]{1,3}(?=[级类型期])"), _roman_letters),
)
