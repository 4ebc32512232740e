"""A list of subscribers as an office keeps it: CSV from Excel or WPS. Pure: the store keeps it.

Phones are personal data: a problem names the line and shows the number masked.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from publisher.planning import EVERYTHING
from publisher.vault import mask, normal_phone

MAX_BYTES = 32 * 1024 * 1024
MAX_PROBLEMS = 200
"""After so many, the file is not what it should be and more lines do not help."""

_PHONE_NAMES = frozenset({"手机号", "手机号码", "手机", "phone"})
_TOPIC_NAMES = frozenset({"主题", "订阅主题", "topics"})
_SEPARATORS = re.compile(r"[、;；|]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One citizen and what they asked for."""

    phone: str = field(repr=False)
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was not taken, in one Chinese sentence."""

    line: int
    reason: str


class _Unfit(Exception):
    """A line, or the file, that cannot be taken; its text is for staff."""


def read_subscribers(data: bytes, known_topics: frozenset[str]) -> tuple[list[Row], list[Problem]]:
    """Return the subscribers and what is wrong with the lines that were left out.

    A phone on several lines is one subscriber with all the topics. A line with anything wrong is
    left out whole, so that mending it and reading the file again gives what was meant.
    """
    topics_of: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    try:
        text = _text(data)
    except _Unfit as unfit:
        return [], [Problem(1, str(unfit))]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        phone_at, topics_at = _columns(next(_filled(lines), None))
        for cells in _filled(lines):
            try:
                row = _row(cells, phone_at, topics_at, known_topics)
            except _Unfit as unfit:
                problems.append(Problem(lines.line_num, str(unfit)))
                if len(problems) >= MAX_PROBLEMS:
                    raise _Unfit(f"已有{MAX_PROBLEMS}处问题，后面的行没有读：请先改正") from None
            else:
                topics_of[row.phone] = topics_of.get(row.phone, frozenset()) | row.topics
    except _Unfit as unfit:
        problems.append(Problem(max(lines.line_num, 1), str(unfit)))
    except csv.Error:
        problems.append(
            Problem(max(lines.line_num, 1), "从这里起读不下去：引号没有成对，或一格太长")
        )
    return [Row(phone, topics) for phone, topics in topics_of.items()], problems


def _text(data: bytes) -> str:
    """Decode: UTF-8 first, since GB18030 would read almost anything as something."""
    if len(data) > MAX_BYTES:
        raise _Unfit(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分成几个文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _Unfit("文件编码不认识：请另存为“CSV UTF-8”再上传")


def _filled(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in lines if any(cell.strip() for cell in cells))


def _columns(header: Sequence[str] | None) -> tuple[int, int]:
    names = [cell.strip().lower() for cell in header or ()]
    found = [
        next((at for at, name in enumerate(names) if name in wanted), None)
        for wanted in (_PHONE_NAMES, _TOPIC_NAMES)
    ]
    match found:
        case [int(phone_at), int(topics_at)]:
            return phone_at, topics_at
        case _:
            raise _Unfit("第一行应是列名：手机号,主题（后面可以有备注）")


def _row(cells: Sequence[str], phone_at: int, topics_at: int, known_topics: frozenset[str]) -> Row:
    padded = [*cells, *[""] * (max(phone_at, topics_at) + 1 - len(cells))]
    phone = _phone(padded[phone_at])
    topics = {name.strip() for name in _SEPARATORS.split(padded[topics_at])} - {""}
    if not topics:
        raise _Unfit(f"{mask(phone)}：没有写主题，订全部请写“{EVERYTHING}”")
    if EVERYTHING in topics:
        topics = (topics - {EVERYTHING}) | known_topics
    if unknown := sorted(topics - known_topics):
        raise _Unfit(f"{mask(phone)}：没有“{_shown(unknown[0])}”这个主题")
    return Row(phone, frozenset(topics))


def _phone(cell: str) -> str:
    """Excel's ways of keeping digits as text (a leading quote, ="…") are taken off."""
    text = cell.strip().removeprefix("=").strip("\"'")
    if not text:
        raise _Unfit("没有写手机号")
    if _SCIENTIFIC.fullmatch(text):
        raise _Unfit("手机号被表格软件改成了科学计数：请把该列设为“文本”后重新填写")
    phone = normal_phone(text)
    if phone is None:
        raise _Unfit(f"手机号格式不对：{mask(text)}（应为 11 位大陆手机号）")
    return phone


def _shown(text: str) -> str:
    """A cell as it may be quoted: short, and without what might be a phone in the wrong column."""
    return re.sub(r"[0-9]{5,}", "****", text)[:20]
