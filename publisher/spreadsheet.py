"""CSV that is safe to open in Excel or WPS: nothing that somebody typed is taken for a formula.

UTF-8 with a byte order mark, or Chinese comes out as noise there; lines end as those programs end
them. Pure.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

_BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")
MEDIA_TYPE = "text/csv; charset=utf-8"


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file in parts, one row each."""
    yield "\ufeff".encode()
    yield _line(head)
    for row in rows:
        yield _line(row)


def local(moment: datetime | None, zone: tzinfo) -> str:
    """A time as a cell has it: of the city, with its offset."""
    return moment.astimezone(zone).isoformat(" ", "seconds") if moment else ""


def _line(row: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([_harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    """The cell as text. Blanks before a formula do not keep every program from running it."""
    plain = cell.replace("\0", "")
    first = plain[:1] + plain.lstrip()[:1]
    return f"'{plain}" if _BEGINS_A_FORMULA & set(first) else plain
