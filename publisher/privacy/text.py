"""The text as a detector reads it: every position stays where it is.

Disguises are taken off one character for one, so a finding names the place in the text as typed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from unicodedata import category, decimal

_LETTERS = {ord(char): "X" for char in "xＸｘ×ΧχХх"}
_MARKS = {ord(char): "-" for char in "‐‑‒–—―−－﹣ー"} | {ord(char): " " for char in "\u3000\u00a0"}
_UNSEEN = dict.fromkeys((0xAD, *range(0x2000, 0x2010), 0x202F, 0x2060, 0xFEFF), " ")
_SIGNS = {
    ord("．"): ".",
    ord("＋"): "+",
    ord("＊"): "*",
    ord("："): ":",
    ord("（"): "(",
    ord("）"): ")",
}
_URL = re.compile(r"(?:https?://|ftp://|www\.)[!-~]+", re.IGNORECASE)
_CELL_END = re.compile(r"[\t|]")


def plain(text: str) -> str:
    """Digits of any script as 0-9, all dashes as -, all blanks as one kind; same length."""
    return "".join(map(_digit, text)).translate(_LETTERS | _MARKS | _UNSEEN | _SIGNS)


def _digit(char: str) -> str:
    return str(decimal(char)) if category(char) == "Nd" else char


@dataclass(frozen=True)
class Text:
    """A text with what stands around each place: its URLs, its cells, the words before it."""

    typed: str

    @cached_property
    def read(self) -> str:
        """Plain, with web addresses blanked out: a long number in one is nobody's."""
        return _URL.sub(lambda url: "\n" * len(url.group()), plain(self.typed))

    def before(self, at: int, reach: int) -> str:
        """The words that say what stands at `at`: the line up to there, or the head of a column."""
        start = max(self.read.rfind("\n", 0, at), self._cell_start(at)) + 1
        return self._head_of(at) + self.read[max(start, at - reach) : at]

    def after(self, end: int, reach: int) -> str:
        return self.read[end : end + reach].partition("\n")[0]

    def cells_below(self, heads: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Where the cells of columns stand whose first cell matches `heads`."""
        for start, end, head in self._cells:
            if heads.search(head):
                yield start, end

    def _head_of(self, at: int) -> str:
        """The head of the column in whose cell `at` stands, with a blank after it."""
        number = bisect_right(self._cells, at, key=lambda cell: cell[0]) - 1
        if number < 0:
            return ""
        _, end, head = self._cells[number]
        return f"{head} " if head and at < end else ""

    def _cell_start(self, at: int) -> int:
        return max(self.read.rfind("\t", 0, at), self.read.rfind("|", 0, at))

    @cached_property
    def _cells(self) -> list[tuple[int, int, str]]:
        """(start, end, head of its column) of every cell below the first row of its table."""
        found: list[tuple[int, int, str]] = []
        heads: list[str] = []
        at = 0
        for line in self.read.split("\n"):
            cells = _CELL_END.split(line)
            if len(cells) == 1:
                heads = []
            elif not heads:
                heads = cells
            else:
                found += _placed(cells, heads, at)
            at += len(line) + 1
        return found


def _placed(cells: list[str], heads: list[str], at: int) -> Iterator[tuple[int, int, str]]:
    for number, cell in enumerate(cells):
        head = heads[number].strip() if number < len(heads) else ""
        yield at, at + len(cell), head
        at += len(cell) + 1
