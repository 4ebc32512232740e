"""The engine: ordered rules claim spans of the text; what no rule can read is marked, not guessed.

Every rule sees the whole original text, so its look-arounds are never fooled by what another rule
wrote. The first rule to claim a span keeps it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from channels.broadcast.spoken.policy import Policy

MARKED = "请核读"
_OPEN, _SHUT = f"【{MARKED}：", "】"
MARK = re.compile(f"{_OPEN}(.*?){_SHUT}", re.DOTALL)

# Width changes only, one character for one, so that spans keep their places. Full-width
# punctuation stays: it means something else than the half-width sign (：is not a ratio).
_NARROW = "０-９Ａ-Ｚａ-ｚ％．－＋＝＜＞／"
_FOLD = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF01, 0xFF5F))}
_FOLD = {code: narrow for code, narrow in _FOLD.items() if re.match(f"[{_NARROW}]", chr(code))}
_FOLD |= {0x00A0: 0x20, 0x2212: 0x2D}

_READABLE = frozenset("，。、；：？！“”‘’「」『』《》〈〉·〇々,;:?!'\" \n\t\u3000")
_JOINTS = frozenset("-./_:@&+ ")


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch of the source and what is said instead."""

    start: int
    end: int
    source: str
    spoken: str
    rule: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it is read; putting `changes` into the source gives `text`."""

    text: str
    changes: tuple[Change, ...]
    unread: tuple[str, ...]
    """What the announcer must settle before air, as written."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`say` returns None where the pattern fits but the sense does not."""

    name: str
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str], Policy], str | None]


def mark(source: str) -> str:
    return f"{_OPEN}{source}{_SHUT}"


def fold(text: str) -> str:
    """Full-width digits and letters as half-width ones, place for place."""
    return text.translate(_FOLD)


def run(text: str, rules: Iterable[Rule], policy: Policy) -> Spoken:
    folded = fold(text)
    taken = bytearray(len(text))
    changes: list[Change] = []
    for rule in rules:
        changes.extend(_claims(rule, text, folded, taken, policy))
    changes.extend(_leftovers(text, folded, taken))
    changes.sort(key=lambda change: change.start)
    return Spoken(
        text=applied(text, changes),
        changes=tuple(changes),
        unread=tuple(found for change in changes for found in MARK.findall(change.spoken)),
    )


def applied(text: str, changes: Sequence[Change]) -> str:
    """The source with every change put in its place."""
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.spoken]
        at = change.end
    return "".join([*parts, text[at:]])


def _claims(
    rule: Rule, text: str, folded: str, taken: bytearray, policy: Policy
) -> Iterable[Change]:
    at = 0
    while (match := rule.pattern.search(folded, at)) is not None:
        start, end = match.span()
        free = start < end and not any(taken[start:end])
        spoken = rule.say(match, policy) if free else None
        if spoken is None:
            at = start + 1
            continue
        taken[start:end] = b"\1" * (end - start)
        if spoken != text[start:end]:
            name = MARKED if MARK.fullmatch(spoken) else rule.name
            yield Change(start, end, text[start:end], spoken, name)
        at = end


def _leftovers(text: str, folded: str, taken: bytearray) -> Iterable[Change]:
    """Mark the runs of characters that nobody has claimed and nobody can simply read out."""
    strange = [not taken[at] and not _readable(char) for at, char in enumerate(folded)]
    at = 0
    while at < len(text):
        if not strange[at]:
            at += 1
            continue
        end = _end_of_run(folded, taken, strange, at)
        yield Change(at, end, text[at:end], mark(text[at:end]), MARKED)
        at = end


def _end_of_run(folded: str, taken: bytearray, strange: Sequence[bool], at: int) -> int:
    end = at + 1
    while end < len(strange):
        joint = folded[end] in _JOINTS and not taken[end]
        if not strange[end] and not (joint and strange[end + 1 : end + 2] == [True]):
            break
        end += 1
    return end


def _readable(char: str) -> bool:
    return char in _READABLE or is_han(char)


def is_han(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK ") and unicodedata.category(char) == "Lo"
