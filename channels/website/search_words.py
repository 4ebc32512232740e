"""Chinese text as words that a full-text index can hold, and a reader's words as a question to it.

Chinese is written without blanks, so a text is kept as overlapping pairs of characters: of 财政预算
there are 财政, 政预 and 预算, and 预算 is found in it as it stands. Figures and Latin letters are
words of their own. A run of Chinese is framed by its first and its last character, so that of
办字〔2018〕1号 both 字2018 and 2018〕1号 are found: a character stands alone at either side of each
figure. All single characters of a text follow at its end, for who asks for 税.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 200
MOST_WORDS = 10
_PIECE = 2
_MOST_PIECES = 40

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|\d+|[^\W\d_{_HAN}]+")
_END = "¶"
"""Keeps apart what must not be found as one: it is a word of the index and of no reader."""


class _Folding(dict[int, int]):
    """Each character as it is compared: narrow, small, and always one for one."""

    def __missing__(self, code: int) -> int:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = ord(folded) if len(folded) == 1 else code
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """The text as it is compared; every character keeps its place."""
    return text.translate(_FOLDING)


def indexed(*texts: str) -> str:
    """The words of some texts, with blanks between, as the index takes them."""
    words: list[str] = []
    for text in map(folded, texts):
        singles: dict[str, None] = {}
        for run in _RUN.finditer(text):
            found = run.group()
            words += _framed(found) if run["han"] else [found]
            if run["han"]:
                singles |= dict.fromkeys(found)
        words += [_END, *singles, _END]
    return " ".join(words)


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: words that must all be there."""

    phrases: tuple[str, ...]
    """One for each word, as the index is asked for it: letters and figures only."""
    pattern: re.Pattern[str]
    """Finds any of the words in a folded text; the group that matched says which."""

    @property
    def match(self) -> str:
        return " AND ".join(f'"{phrase}"' for phrase in self.phrases)


def asked(typed: str) -> Asked | None:
    """What was typed, split at blanks; None where no letter, figure or character is in it."""
    split = (list(_RUN.finditer(word)) for word in folded(typed).split())
    words = {_phrase(runs): _pattern(runs) for runs in split if runs}
    if not words:
        return None
    longest_first = sorted(words.values(), key=len, reverse=True)
    groups = "|".join(f"({pattern})" for pattern in longest_first)
    return Asked(tuple(words), re.compile(groups))


@dataclass(frozen=True)
class Partly:
    """What a reader may have meant, in pieces of two characters."""

    match: str
    """All of it, cut up from the first character on or from the second."""
    pieces: tuple[str, ...]
    """What may stand by itself, each a question of its own."""
    pattern: re.Pattern[str]


def in_pieces(typed: str) -> Partly | None:
    """None where the words are so short already that nothing can be cut."""
    runs = list(_RUN.finditer(folded(typed)))
    if not any(run["han"] and len(run.group()) > _PIECE for run in runs):
        return None
    whole = dict.fromkeys(f"({_cut(run.group())})" if run["han"] else _quoted(run) for run in runs)
    pairs = dict.fromkeys(pair for run in runs if run["han"] for pair in _pairs(run.group()))
    pieces = tuple(pairs)[:_MOST_PIECES]
    return Partly(
        " AND ".join(whole),
        tuple(f'"{piece}"' for piece in pieces),
        re.compile("|".join(f"({piece})" for piece in pieces)),
    )


def _cut(run: str) -> str:
    """As a question: the run cut from its first character on, or from its second."""
    ways = []
    for start in (0, 1):
        cuts = [run[:start], *(run[at : at + _PIECE] for at in range(start, len(run), _PIECE))]
        ways.append(" AND ".join(f'"{cut}"' for cut in dict.fromkeys(filter(None, cuts))))
    return " OR ".join(f"({way})" for way in ways)


def _quoted(run: re.Match[str]) -> str:
    return f'"{run.group()}"'


def _framed(run: str) -> list[str]:
    return [run[0], *_pairs(run), run[-1]]


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _phrase(runs: list[re.Match[str]]) -> str:
    """The runs of one word in a row. At its two ends the text may go on, so no frame there."""
    words: list[str] = []
    for place, run in enumerate(runs):
        found = run.group()
        if not run["han"]:
            words.append(found)
            continue
        framed = _framed(found)
        first, last = place == 0, place == len(runs) - 1
        if len(found) == 1 and first and last:
            words.append(found)
        else:
            words += framed[1 if first else 0 : -1 if last else None]
    return " ".join(words)


def _pattern(runs: list[re.Match[str]]) -> str:
    """The same in a text that may have brackets and strokes between the runs."""
    return r"[\W_]*".join(map(_whole, runs))


def _whole(run: re.Match[str]) -> str:
    """A run where it stands by itself: 1 is not found in 2018."""
    found = re.escape(run.group())
    if run["han"]:
        return found
    more = r"\d" if run.group()[0].isdecimal() else rf"[^\W\d_{_HAN}]"
    return f"(?<!{more}){found}(?!{more})"
