"""Tables for paper: how wide each column is, how large the text, upright or lying."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels.noticeboard.inline import Json, runs
from publisher.channel import PermanentError
from publisher.content import Cell, Table, text_of

UPRIGHT = 442.2  # pt: 156 mm, the width of the type area
LYING = 637.8  # pt: 225 mm, its height
LONG = 16
"""From so many characters on, a word without a blank may be broken in a cell."""
_PADDING = 8.0  # pt, both sides of a cell together
_KEPT = 4.5  # em: text as short as this stays on one line
_WHOLE = 3
"""A table of so few rows stays on one page."""
_EASY = ((UPRIGHT, 12.0), (UPRIGHT, 11.0), (UPRIGHT, 10.5))
_GROUP, _BRIEF = 8, 60  # rows, characters a cell
_REMARK = 12.0  # em: longer text in a merged cell uses its rows
_SIZES = ((UPRIGHT, 12.0), (UPRIGHT, 10.5), (LYING, 10.5), (UPRIGHT, 9.0), (LYING, 9.0))
_WORD = re.compile(r"[!-~]+")
_UNIT = re.compile(r"^([^\n（]{3,})(（[^（）]+）)$")
_NUMBER = re.compile(r"[-+−]?[0-9][0-9,. ]*[%％]?|—|-|/")


@dataclass(frozen=True)
class _Column:
    least: float
    """em: narrower than this, a word would stick out of its cell."""
    ease: float
    """em: as wide as this, nothing need be broken."""


def table_data(table: Table) -> Json:
    """What the template needs; PermanentError when no size of text would fit the paper."""
    places = list(_places(table))
    space, size, widths = _fit(table, places)
    looks = [
        _look([cell for _, at, cell in places if at == column and cell.colspan == 1])
        for column in range(table.columns)
    ]
    return {
        "t": "table",
        "caption": table.caption,
        "widths": [round(width, 3) for width in widths],
        "size": size,
        "lying": space == LYING,
        "head": _head(table),
        "cells": [
            _cell_data(cell, looks[column]) | {"whole": _is_whole(table, row, cell)}
            for row, column, cell in places
        ],
        "long": LONG,
        "breakable": len(table.rows) > _WHOLE,
    }


def _fit(table: Table, places: Sequence[tuple[int, int, Cell]]) -> tuple[float, float, list[float]]:
    """Room, size of text, widths in em: rather smaller text than broken lines, rather broken
    lines than a page that must be turned.
    """
    for space, size in _EASY:
        columns = _columns(table, places, size)
        if sum(column.ease for column in columns) * size <= space:
            return space, size, _share(columns, space / size)
    for space, size in _SIZES:
        columns = _columns(table, places, size)
        if sum(column.least for column in columns) * size <= space:
            return space, size, _share(columns, space / size)
    raise PermanentError(
        f"字段 body 中有 {table.columns} 列的表格，横排也放不下，请拆成几张表或作为附件发布",
        field="body",
    )


def _cell_data(cell: Cell, look: str) -> Json:
    unsaid = "center" if cell.header or cell.colspan > 1 else look
    align = unsaid if cell.header or cell.align == "left" else cell.align
    data: Json = {"runs": runs(cell.text), "align": align}
    if cell.header:
        data["header"] = True
        for run in data["runs"]:
            run["s"] = _folded(run["s"])
    if cell.colspan > 1:
        data["colspan"] = cell.colspan
    if cell.rowspan > 1:
        data["rowspan"] = cell.rowspan
    return data


def _is_whole(table: Table, row: int, cell: Cell) -> bool:
    """Whether the rows of a merged cell stay on one page: what they share must not look empty on
    the next. Only where they surely fit.
    """
    rows = table.rows[row : row + cell.rowspan]
    short = all(len(text_of(one.text)) <= _BRIEF for one_row in rows for one in one_row)
    return 1 < cell.rowspan <= _GROUP and short


def _places(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Every cell with the row and column of its upper left corner."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield row, column, cell
            taken |= {
                (row + down, column + right)
                for down in range(cell.rowspan)
                for right in range(cell.colspan)
            }


def _head(table: Table) -> int:
    """Rows to repeat on each page: no merged cell may hang out of them, and some must remain."""
    head = min(table.head, len(table.rows) - 1)
    while head and any(row + cell.rowspan > head for row, _, cell in _places(table) if row < head):
        head -= 1
    return head


def _look(cells: Sequence[Cell]) -> str:
    """How a column stands whose author said nothing: numbers right, short words in the middle."""
    texts = [text_of(cell.text).strip() for cell in cells if not cell.header]
    filled = [text for text in texts if text]
    if filled and all(map(_NUMBER.fullmatch, filled)):
        return "center" if max(map(len, filled)) <= 2 else "right"
    return "center" if all(_width(text) <= 9 for text in filled) else "left"


def _columns(table: Table, places: Sequence[tuple[int, int, Cell]], size: float) -> list[_Column]:
    padding = _PADDING / size
    least, ease = [2 + padding] * table.columns, [2 + padding] * table.columns
    for _, column, cell in sorted(places, key=lambda place: place[2].colspan):
        span = slice(column, column + cell.colspan)
        text = _folded(text_of(cell.text)) if cell.header else text_of(cell.text)
        _stretch(least, span, _unbroken(text) + padding)
        if cell.colspan == 1:
            line = _line(text)
            _stretch(ease, span, max(min(line, _REMARK), line / cell.rowspan) + padding)
    return [_Column(low, max(low, high)) for low, high in zip(least, ease, strict=True)]


def _folded(text: str) -> str:
    """A heading's unit goes into a second line: 预算数（万元）."""
    return _UNIT.sub(r"\1\n\2", text)


def _stretch(widths: list[float], span: slice, wanted: float) -> None:
    lacking = wanted - sum(widths[span])
    if lacking > 0:
        widths[span] = [width + lacking / len(widths[span]) for width in widths[span]]


def _share(columns: Sequence[_Column], space: float) -> list[float]:
    """Fill the line: in proportion if all is at ease; else what is over the least goes to those
    in need by the root of the need, so that one long remark does not starve the short columns.
    """
    ease = sum(column.ease for column in columns)
    if ease <= space:
        return [column.ease * space / ease for column in columns]
    widths = [column.least for column in columns]
    for _ in columns:  # each round at least one column comes to its ease, or all is given away
        needs = [
            max(0.0, column.ease - width) for column, width in zip(columns, widths, strict=True)
        ]
        roots = sum(map(math.sqrt, needs))
        rest = space - sum(widths)
        if roots == 0 or rest <= 0:
            break
        widths = [
            width + min(need, rest * math.sqrt(need) / roots)
            for width, need in zip(widths, needs, strict=True)
        ]
    return widths


def _unbroken(text: str) -> float:
    """Em of the longest stretch that must stay on one line."""
    if _line(text) <= _KEPT:
        return _line(text)
    return max((_width(word[:LONG]) for word in _WORD.findall(text)), default=0.0)


def _line(text: str) -> float:
    return max(map(_width, text.split("\n")))


def _width(text: str) -> float:
    """Em a text takes in our faces, rather too much than too little."""
    return sum(
        1.0 if not char.isascii() else 0.72 if char.isupper() or char in "%@mw" else 0.52
        for char in text
    )
