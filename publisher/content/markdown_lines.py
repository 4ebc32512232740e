"""Markdown as our users write it, line by line, into Markdown as the library reads it.

They nest lists with two blanks, put a table or a list right below a line of text, and mean a new
paragraph by a new line. Nothing is reworded: only blank lines, indents and escapes are put in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from publisher.content.errors import ContentError
from publisher.content.from_text import with_wide_indents
from publisher.content.structure import is_note, is_note_line

LONGEST_LINE = 10_000
MOST_BRACKETS = 200
MOST_LEVELS = 20

_ITEM = re.compile(r"([ \t]*)([-*+]|[0-9]{1,3}\.)[ \t]+(?=\S)")
_RULE = re.compile(r"[ \t]*([-*])(?:[ \t]*\1){2,}[ \t]*")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]*)*>(?:[ \t]+|$)")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_PIPE = re.compile(r"(?<!\\)\|")
_HASHTAG = re.compile(r"#(?=[^#\s])")
_YEAR = re.compile(r"([0-9]+)\.(?=[ \t])")


@dataclass
class _Level:
    indent: int
    ordered: bool
    next: int


@dataclass
class _Writer:
    """Lines written so far, and the levels of the list that is open."""

    out: list[str] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    in_note: bool = False

    def gap(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")

    def paragraph(self, line: str) -> None:
        self.levels = []
        line = with_wide_indents(line)
        if not self._continues(line):
            self.gap()
            self.in_note = is_note(line)
        self.out.append(_escaped(line))

    def item(self, line: str, found: re.Match[str]) -> None:
        mark, ordered = found.group(2), found.group(2)[0].isdigit()
        indent = len(found.group(1).expandtabs(4))
        number = int(mark[:-1]) if ordered else 0
        starts = self._open_level(indent, number, ordered=ordered)
        level = self.levels[-1]
        if ordered and number != level.next:  # a library would count on and change the number
            self.paragraph(line)
            return
        level.next += 1
        if starts or not _ITEM.match(self.out[-1]):
            self.gap()
        self.out.append(" " * 4 * (len(self.levels) - 1) + f"{mark} {line[found.end() :]}")

    def more_of_item(self, line: str) -> None:
        self.out.append(" " * 4 * len(self.levels) + _escaped(line.strip()))

    def table(self, rows: Sequence[str]) -> None:
        self.levels = []
        self.gap()
        self.out += [*(row.strip() for row in rows), ""]

    def _continues(self, line: str) -> bool:
        """A further line of raw HTML, or of a note of attachments."""
        if not self.out or not self.out[-1]:
            return False
        if line.startswith("<") or self.out[-1].startswith("<"):
            return True
        return self.in_note and is_note_line(line)

    def _open_level(self, indent: int, number: int, *, ordered: bool) -> bool:
        """Make the level of this item the last one; True if a list of its kind begins there."""
        while len(self.levels) > 1 and indent < self.levels[-1].indent:
            self.levels.pop()
        deeper = not self.levels or indent >= self.levels[-1].indent + 2
        changed = not deeper and self.levels[-1].ordered != ordered
        if changed:
            self.levels.pop()
        if deeper or changed:
            self.levels.append(_Level(indent, ordered, number))
        if len(self.levels) > MOST_LEVELS:
            raise ContentError(f"正文的列表超过 {MOST_LEVELS} 级。请减少列表的层次。")
        return changed or (deeper and len(self.levels) == 1)


def prepared(body: str) -> str:
    """`body` with blank lines and indents where the library wants them."""
    lines = [_QUOTE.sub("", line) for line in body.split("\n")]
    writer = _Writer()
    at = 0
    while at < len(lines):
        _check_line(lines[at], at + 1)
        rows = _table_rows(lines, at)
        if rows:
            writer.table(rows)
        else:
            _one_line(writer, lines[at])
        at += len(rows) or 1
    return "\n".join(writer.out)


def _one_line(writer: _Writer, line: str) -> None:
    item = _ITEM.match(line)
    if not line.strip():
        writer.gap()
    elif _RULE.fullmatch(line):
        writer.gap()
        writer.levels = []
    elif item:
        writer.item(line, item)
    elif writer.levels and line.startswith(("  ", "\t")):
        writer.more_of_item(line)
    else:
        writer.paragraph(line)


def _escaped(line: str) -> str:
    """So that #话题 does not become a heading, nor a number that we keep as written a list."""
    if _HASHTAG.match(line):
        return f"\\{line}"
    return _YEAR.sub(r"\1\\.", line, count=1) if _YEAR.match(line) else line


def _check_line(line: str, number: int) -> None:
    if len(line) > LONGEST_LINE or line.count("[") > MOST_BRACKETS:
        raise ContentError(
            f"正文第 {number} 行超过 {LONGEST_LINE} 字，或“[”超过 {MOST_BRACKETS} 个。请分段。"
        )


def _table_rows(lines: Sequence[str], at: int) -> Sequence[str]:
    """The lines of the table that begins here: a head, the line of dashes, rows with bars."""
    head, dashes = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
    if not (_PIPE.search(head) and _PIPE.search(dashes) and _DELIMITER.fullmatch(dashes)):
        return ()
    end = at + 2
    while end < len(lines) and _PIPE.search(lines[end]):
        end += 1
    rows = lines[at:end]
    _check_widths([_width(row) for row in rows], at + 1)
    return rows


def _check_widths(widths: Sequence[int], first: int) -> None:
    for number, width in enumerate(widths, first):
        if width > widths[0] or (number == first + 1 and width != widths[0]):
            raise ContentError(
                f"正文第 {number} 行的表格有 {width} 格，表头有 {widths[0]} 格。"
                "请让每行的格数与表头一致（单元格里的竖线写成“\\|”）。"
            )


def _width(row: str) -> int:
    row = row.strip()
    inner = row.removeprefix("|")
    inner = inner[:-1] if _PIPE.search(inner[-2:]) and inner.endswith("|") else inner
    return len(_PIPE.findall(inner)) + 1
