"""How names are read: marks at first use, and a check of what the author supplied.

The lists in data/ are the authority; where the author disagrees, the list's reading is shown and
the disagreement is told. Characters outside the common set are told too.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from channels.broadcast.data import rows
from channels.broadcast.spoken import MARK, is_han
from channels.broadcast.spoken.patterns import HAN

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_PINYIN = rf"[a-zü{_TONED}ńňɡ'’·\s]*[{_TONED}][a-zü{_TONED}ńňɡ'’·\s]*"
_SUPPLIED = re.compile(
    rf"({HAN}{{1,4}})[（(]({_PINYIN})(?:[，,][^）)]*)?[）)]((?:{HAN}|[、，。；])?)"
)
_VOWELS = re.compile(rf"[aeiouü{_TONED}]+")
_TITLES = "同志|先生|女士|主任|局长|书记|市长|县长|乡长|镇长|科长|股长|老师|医生"
_ROLES = "负责人|联系人|代表人|记者|主演|领队|讲解人|解读人|主持人|主任|局长|书记|市长|同志"


@dataclass(frozen=True, slots=True)
class Entry:
    word: str
    syllables: tuple[str, ...]
    marked: frozenset[int]

    def hinted(self) -> str:
        """The word with the reading beside each hard character: 藁（gǎo）城."""
        return "".join(
            f"{char}（{self.syllables[at]}）" if at in self.marked else char
            for at, char in enumerate(self.word)
        )


@dataclass(slots=True)
class Hints:
    """What is known of one script's names; `seen` grows as the script is marked."""

    own: dict[str, Entry] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@cache
def _lexicon() -> dict[str, Entry]:
    return {entry.word: entry for entry in map(_entry, rows("lexicon"))}


@cache
def _surnames() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("surnames")}


@cache
def _surname_pattern() -> re.Pattern[str]:
    names = "".join(_surnames())
    return re.compile(
        rf"(?:{_ROLES})[：:是为]?([{names}]){HAN}{{1,2}}(?=[，。、；：）\s]|同志|\Z)"
        rf"|(?:(?<=[，。、；：\s])|\A)([{names}]){HAN}{{1,2}}(?={_TITLES})"
    )


def _entry(row: tuple[str, ...]) -> Entry:
    starred, syllables = row[0], row[1:]
    word, marked = "", set()
    for char in starred:
        if char == "*":
            marked.add(len(word))
        else:
            word += char
    if len(word) != len(syllables):
        raise ValueError(f"lexicon: {word} has {len(word)} characters, {len(syllables)} syllables")
    return Entry(word, tuple(syllables), frozenset(marked))


def take_supplied(text: str, hints: Hints) -> str:
    """Return the text without the author's 某（mǒu）; what they say goes into `hints`."""

    def taken(match: re.Match[str]) -> str:
        _note_supplied(match, hints)
        return match[1] + match[3]

    return _SUPPLIED.sub(taken, text)


def _note_supplied(match: re.Match[str], hints: Hints) -> None:
    syllables = len(_VOWELS.findall(match[2]))
    word = match[1][-syllables:]
    known = _known(word, match[1], match[3])
    said = " ".join(match[2].split())
    if known is None:
        hints.notes.append(f"作者为“{word}”注音{said}，读音表未收，请核对")
    elif _plain(known) != _plain(said):
        hints.notes.append(f"作者为“{word}”注音{said}，与读音表的{known}不一致，请核对")
    reading = known or said
    key = word + match[3]
    hints.own.setdefault(key, Entry(key, (reading, *[""] * len(match[3])), frozenset({0})))
    if len(word) > 1:  # the reading of the whole stands after its last character
        shown = ("",) * (len(word) - 1) + (reading,) + ("",) * len(match[3])
        hints.own[key] = Entry(key, shown, frozenset({len(word) - 1}))


def _known(word: str, before: str, after: str) -> str | None:
    """The list's reading of `word`, which may be part of a listed name around it."""
    if entry := _lexicon().get(word):
        return " ".join(entry.syllables)
    for entry in _lexicon().values():
        at = entry.word.find(word)
        around = entry.word[:at] + word + entry.word[at + len(word) :][:1]
        if at >= 0 and len(entry.word) > len(word) and (before + after).endswith(around):
            return " ".join(entry.syllables[at : at + len(word)])
    return _surnames().get(word)


def _plain(pinyin: str) -> str:
    return re.sub(r"[\s'’·]", "", unicodedata.normalize("NFC", pinyin)).replace("ɡ", "g")


def mark_first(text: str, hints: Hints) -> str:
    """The text with the reading beside hard names that this script has not shown yet."""
    kept = [(found.span(), found[0]) for found in MARK.finditer(text)]
    parts, at = [], 0
    for (start, end), source in kept:
        parts += [_mark_stretch(text[at:start], hints), source]
        at = end
    return "".join([*parts, _mark_stretch(text[at:], hints)])


def _mark_stretch(text: str, hints: Hints) -> str:
    people = {
        max(found.span(1)[0], found.span(2)[0]) for found in _surname_pattern().finditer(text)
    }
    table = _lexicon() | hints.own
    longest = max(map(len, table))
    parts, at = [], 0
    while at < len(text):
        entry = _entry_at(text, at, table, longest, surname=at in people)
        if entry is None:
            parts.append(text[at])
            at += 1
            continue
        parts.append(entry.word if entry.word in hints.seen else entry.hinted())
        hints.seen.add(entry.word)
        at += len(entry.word)
    return "".join(parts)


def _entry_at(
    text: str, at: int, table: dict[str, Entry], longest: int, *, surname: bool
) -> Entry | None:
    for length in range(longest, 0, -1):
        if (entry := table.get(text[at : at + length])) is not None:
            return entry
    if surname:
        return Entry(text[at], (_surnames()[text[at]],), frozenset({0}))
    return None


def rare(texts: Iterable[str]) -> tuple[str, ...]:
    """The Han characters outside GB 2312, in order of first use: fonts and eyes may fail them."""
    found: dict[str, None] = {}
    for text in texts:
        for char in text:
            if is_han(char) and not _common(char):
                found.setdefault(char)
    return tuple(found)


def has_reading(char: str) -> bool:
    return any(char in word for word in _lexicon())


def _common(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
