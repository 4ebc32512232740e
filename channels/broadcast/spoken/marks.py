"""Marks that cannot be heard: brackets, dashes and dots become pauses, or nothing.

The last rules to run: whatever a figure or a word needed, an earlier rule has already taken.
"""

import re

from channels.broadcast.data import rows
from channels.broadcast.spoken.engine import Rule
from channels.broadcast.spoken.patterns import HAN, any_of, compiled
from channels.broadcast.spoken.policy import Policy

PUNCTUATION = "标点"
"""The name of rules that change only pauses, never words."""

_STOPS = "，。、；：？！,;:?!\n"
_BOUND = "”》的和与及或等"
"""What leans on the word before it, so that no pause is made."""
_OPENING, _CLOSING = "（([〔［｛{【", "）)]〕］｝}】"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_FIXED = {row[0]: row[1] for row in rows("brackets")}
_FIXED_WORDS = tuple(sorted(_FIXED, key=lambda one: (-len(one), one)))


def _fixed(match: re.Match[str], _: Policy) -> str:
    return _FIXED[match[0]]


def _open(match: re.Match[str], _: Policy) -> str:
    before = match.string[: match.start()].rstrip(" \u3000")
    return "" if not before or before[-1] in _STOPS + _OPENING + _CLOSING + "“《" else "，"


def _shut(match: re.Match[str], _: Policy) -> str:
    after = match.string[match.end() :].lstrip(" \u3000")
    return "" if not after or after[0] in _STOPS + _CLOSING + _BOUND else "，"


def _next_pair(_: re.Match[str], __: Policy) -> str:
    return "；"


def _pause(match: re.Match[str], _: Policy) -> str:
    before = match.string[: match.start()].rstrip(" \u3000")
    after = match.string[match.end() :].lstrip(" \u3000")
    quiet = not before or not after or before[-1] in _STOPS + "“《" or after[0] in _STOPS + "”》"
    return "" if quiet else "，"


def _wide(match: re.Match[str], _: Policy) -> str:
    return _WIDE[match[0]]


def _nobody(match: re.Match[str], _: Policy) -> str:
    return "某" * len(match[0])


def _plus(_: re.Match[str], __: Policy) -> str:
    return "加"


def _and(_: re.Match[str], __: Policy) -> str:
    return "和"


def _to(_: re.Match[str], __: Policy) -> str:
    return "到"


def _nothing(_: re.Match[str], __: Policy) -> str:
    return ""


RULES = (
    Rule("不可见字符", compiled(r"(?<![0-9A-Za-z])[\u200b-\u200d\u2060\ufeff\u00ad]+"), _nothing),
    Rule("不可见字符", compiled(r"[\u200b-\u200d\u2060\ufeff\u00ad]+(?![0-9A-Za-z])"), _nothing),
    Rule("括号", compiled(any_of(_FIXED_WORDS)), _fixed),
    Rule("隐名", compiled(rf"(?<={HAN})[×Ｘ]{{1,3}}(?![0-9×])"), _nobody),
    Rule("符号", compiled(rf"(?<={HAN})[+＋](?=[{HAN[1:-1]}”])"), _plus),
    Rule("符号", compiled(rf"(?<={HAN})\s?&\s?(?={HAN})"), _and),
    Rule("符号", compiled(r"(?:(?<=[\n。；，：])|\A)\s*[●■◆▲★☆•○◎□◇△※]+\s*"), _nothing),
    Rule("区间", compiled(rf"(?<={HAN})(?:[~～〜]|[—–](?![—–]))(?={HAN})(?<![—–][—–])"), _to),
    # 财政预决算（市财政局）、安全生产（市安监局）: the ear must hear which belongs to which.
    Rule(PUNCTUATION, compiled(r"[）)]、"), _next_pair),
    Rule(PUNCTUATION, compiled(r"[（(\[〔［｛{]"), _open),
    Rule(PUNCTUATION, compiled(r"[）)\]〕］｝}】]"), _shut),
    Rule(PUNCTUATION, compiled(r"【"), _open),
    Rule(PUNCTUATION, compiled(r"\s*(?:[—–―]+|--+|…+|\.{3,}|[|｜]+)\s*"), _pause),
    Rule(
        PUNCTUATION,
        compiled(rf"(?<=[{HAN[1:-1]}》”’）)】%])[,;:?!]|[,;:?!](?=[{HAN[1:-1]}《“‘（(【])"),
        _wide,
    ),
    Rule(PUNCTUATION, compiled(rf"(?<=[{HAN[1:-1]}》”）)])\.(?![0-9A-Za-z.])"), _wide),
)
