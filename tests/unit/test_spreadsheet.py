"""CSV that somebody opens in Excel or WPS."""

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.spreadsheet import local, to_csv

BEIJING = ZoneInfo("Asia/Shanghai")


def written(*rows: tuple[str, ...]) -> bytes:
    return b"".join(to_csv(("甲", "乙"), rows))


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=HYPERLINK(1)",
        "+86",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\0=1",
    ],
)
def test_nothing_typed_is_a_formula(cell: str) -> None:
    ((_, (found, other))) = read(written((cell, "正常")))
    assert found.startswith("'")
    assert other == "正常"


def test_chinese_and_quotes_come_out_right() -> None:
    data = written(('他说"好"，\n第二行', "a,b"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    assert read(data)[1] == ['他说"好"，\n第二行', "a,b"]


def test_times_are_of_the_city_with_their_offset() -> None:
    assert local(datetime(2026, 11, 23, 1, 30, tzinfo=UTC), BEIJING) == "2026-11-23 09:30:00+08:00"
    assert local(None, BEIJING) == ""


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_what_was_typed_can_be_read_again(rows: list[tuple[str, str]]) -> None:
    found = read(written(*rows))[1:]
    plain = [[cell.replace("\0", "") for cell in row] for row in rows]
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in plain
    ]
