"""Merged cells: every place of the grid is covered exactly once, or the table is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher.content.blocks import Cell, Table
from publisher.content.errors import ContentError
from publisher.content.inline import all_strong, with_strong

MOST_COLUMNS = 60

Row = Sequence[Cell]


@dataclass
class _Grid:
    """Places taken so far: for each row the columns that a cell covers."""

    taken: list[set[int]]
    width: int = 0

    def place(self, row: int, cell: Cell, where: str) -> None:
        column = 0
        while column in self.taken[row]:
            column += 1
        columns = set(range(column, column + cell.colspan))
        self.width = max(self.width, column + cell.colspan)
        if self.width > MOST_COLUMNS:
            raise ContentError(f"{where}超过 {MOST_COLUMNS} 列，各渠道都放不下。请拆成几张表。")
        for below in range(row, row + cell.rowspan):
            if self.taken[below] & columns:
                raise ContentError(
                    f"{where}第 {row + 1} 行的合并单元格互相重叠。请重新合并这些单元格。"
                )
            self.taken[below] |= columns


def build_table(groups: Sequence[Sequence[Row]], where: str, caption: str = "") -> Table | None:
    """A table from its row groups (head, bodies, foot), or None when it has no cell.

    As in a browser a rowspan ends with its group, and 0 means down to there. Overlapping cells are
    refused: a browser prints them over one another, so nobody can have approved what they say.
    Short rows are filled with empty cells.
    """
    rows = [row for group in groups for row in _within_group(group)]
    grid = _Grid([set() for _ in rows])
    for number, row in enumerate(rows):
        for cell in row:
            grid.place(number, cell, where)
    filled = [
        (*row, *[_empty_beside(row)] * (grid.width - len(grid.taken[number])))
        for number, row in enumerate(rows)
        if row or grid.taken[number]
    ]
    return Table(_with_head(filled), grid.width, caption) if grid.width else None


def _empty_beside(row: Row) -> Cell:
    return Cell((), header=bool(row) and all(cell.header for cell in row))


def _within_group(group: Sequence[Row]) -> list[Row]:
    return [
        [
            replace(cell, rowspan=min(cell.rowspan or len(group), len(group) - number))
            for cell in row
        ]
        for number, row in enumerate(group)
    ]


def _with_head(rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Word knows no header cells: there the first rows are the head if they are all in bold."""
    if any(cell.header for row in rows for cell in row):
        return tuple(rows)
    head = max((cell.rowspan for cell in rows[0]), default=0) if rows else 0
    if head >= len(rows) or not all(_is_bold(row) for row in rows[:head]):
        return tuple(rows)
    return (*map(_as_head, rows[:head]), *rows[head:])


def _is_bold(row: Row) -> bool:
    return all(all_strong(cell.text) for cell in row)


def _as_head(row: Row) -> tuple[Cell, ...]:
    return tuple(
        replace(cell, header=True, text=with_strong(cell.text, strong=False)) for cell in row
    )
