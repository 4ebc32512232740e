"""What a table gives for the ear: the totals, three at most, and where to find the rest."""

import re

from publisher.content import Cell, Table, text_of

_TOTAL = re.compile(r"(?:全[市县]|本年)?(?:合计|总计|共计)")
_FIGURE = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UNIT = re.compile(r"[（(]([^（()）]{1,6})[）)]\s*$")
_MOVES = re.compile(r"增减|增长|增幅|升降|涨跌")
MOST = 3
TOTALS = "合计情况是："


def key_figures(table: Table) -> str:
    """A sentence of the total row's figures; empty where none can be told for certain."""
    grid = _grid(table)
    head = table.head or (1 if grid and not any(_FIGURE.fullmatch(one) for one in grid[0]) else 0)
    total = next((row for row in grid[head:] if any(map(_TOTAL.fullmatch, row[:2]))), None)
    if not head or total is None:
        return ""
    names = grid[head - 1]
    told = [one for name, value in zip(names, total, strict=True) if (one := _told(name, value))]
    return f"{TOTALS}{'，'.join(told[:MOST])}。" if told else ""


def rows_of(table: Table) -> int:
    """How many rows of content the table has; a total is not content."""
    grid = _grid(table)
    head = table.head or 1
    return sum(not any(map(_TOTAL.fullmatch, row[:2])) for row in grid[head:])


def _told(name: str, value: str) -> str:
    """One figure with name and unit; empty without a unit: a bare figure may be a code."""
    unit = _UNIT.search(name)
    if not unit or not _FIGURE.fullmatch(value):
        return ""
    label = name[: unit.start()].strip()
    if unit[1] in {"%", "％"} and _MOVES.search(label):
        return _move(value.rstrip("%"))
    return f"{label}{value.rstrip('%')}{unit[1]}"


def _move(value: str) -> str:
    if not value.strip("-0."):
        return "与上年持平"
    return f"下降{value[1:]}%" if value.startswith("-") else f"增长{value}%"


def _grid(table: Table) -> list[list[str]]:
    """Every place of the table with the text that covers it."""
    grid = [[""] * table.columns for _ in table.rows]
    covered: set[tuple[int, int]] = set()
    for top, row in enumerate(table.rows):
        left = 0
        for cell in row:
            while (top, left) in covered:
                left += 1
            _fill(grid, covered, cell, top, left)
            left += cell.colspan
    return grid


def _fill(
    grid: list[list[str]], covered: set[tuple[int, int]], cell: Cell, top: int, left: int
) -> None:
    text = "".join(text_of(cell.text).split())
    for line in range(top, min(top + cell.rowspan, len(grid))):
        for column in range(left, min(left + cell.colspan, len(grid[line]))):
            covered.add((line, column))
            grid[line][column] = text
