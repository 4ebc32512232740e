"""The body as plain lines in reading order, without what nobody would read out.

What is left out is told in the notes; nothing disappears silently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from channels.broadcast.figures import TOTALS, key_figures, rows_of
from channels.broadcast.sentences import Label, label_of
from publisher.content import (
    AttachmentBlock,
    Block,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    Paragraph,
    Table,
)
from publisher.model import Revision

Kind = Literal["heading", "text", "point", "table"]
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_DATE = re.compile(r"[0-9〇零一二三四五六七八九]{4}年[^，。]{1,5}月[^，。]{1,4}日(?:印发)?")
_ADDRESSEES = re.compile(r"(?:各|市|有关|机关|全市|经济开发区|驻)[^。；？！]{2,80}[：:]")
_FORMULA = re.compile(r"[^。]*现(?:将[^。]*)?(?:印发|转发|下发)给你们，请[^。]*。")
_PUBLIC = re.compile(r"[（(]此件(?:公开发布|主动公开|依申请公开)[^）)]{0,10}[）)]")
_ATTACHMENT = re.compile(r"附\s*件?\s*[0-9]*\s*[：:]|附\s*件\s*[0-9]*\s*$")
_COLOPHON = re.compile(r".{2,30}[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日印发")
_TELLING = 7
"""A shorter stretch of the title may stand in the body by chance."""
_BELOW = re.compile(r"(?:的?情况)?如下[：:]$")
_BELOW_STAYS = re.compile(
    r"(?:^|[，。；：]|公布|公示|公告|通知|通报|发布|报告|说明|列|具体|有关|主要)(?:情况)?如下[：:]$"
)
"""Where the words before 如下 do not name what is summed up."""
_FOR_ANNOUNCER = re.compile(r"请播音(?:员|人员)")


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of the body; `label` is the number it bore, taken off the text."""

    kind: Kind
    text: str
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    lines: tuple[Line, ...]
    left_out: tuple[str, ...]
    for_announcer: tuple[str, ...]
    """What the author wrote to the announcer and not to the listener."""


def plain(inline: Inline) -> str:
    """The characters of an inline; raised and lowered figures keep their height (m²)."""
    parts = []
    for run in inline:
        table = _SUPERSCRIPT if run.sup else _SUBSCRIPT if run.sub else {}
        parts.append(run.text.translate(table))
    return "".join(parts)


def reading(revision: Revision) -> Reading:
    """The lines of a revision that are for the ear."""
    lines: list[Line] = []
    left_out: dict[str, None] = {}
    for_announcer: list[str] = []
    skip_points = False
    for line in _lines(revision.document.blocks, left_out):
        if _FOR_ANNOUNCER.search(line.text):
            for_announcer.append(line.text)
            continue
        annexed = skip_points and (line.kind == "table" or "。" not in line.text)
        reason = "附件" if annexed else _unread(line, revision, first=not lines)
        skip_points = reason == "附件"
        if reason:
            left_out.setdefault(reason)
        else:
            lines.append(line)
    return Reading(_joined(lines), tuple(left_out), tuple(for_announcer))


def _joined(lines: list[Line]) -> tuple[Line, ...]:
    """A total goes on with the sentence that announces its table: by itself it would put a second
    colon after 主要支出如下：.
    """
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else line
        if line.text.startswith(TOTALS) and line.kind == "table" and _announces(before):
            joined[-1] = replace(before, text=_going_on(before.text, line.text))
        else:
            joined.append(line)
    return tuple(joined)


def _announces(line: Line) -> bool:
    """Not so a numbered head, which is told by itself and without its colon."""
    told_alone = line.kind == "heading" or (line.label is not None and "。" not in line.text)
    return bool(_BELOW.search(line.text)) and not told_alone


def _going_on(before: str, total: str) -> str:
    if _BELOW_STAYS.search(before):
        return f"{before}合计{total.removeprefix(TOTALS)}"
    return f"{_BELOW.sub('', before)}的{total}"


def _lines(blocks: tuple[Block, ...], left_out: dict[str, None]) -> Iterator[Line]:
    for block in blocks:
        match block:
            case Heading():
                yield _heading(plain(block.text), block.level)
            case Paragraph():
                yield from _paragraph(plain(block.text))
            case ListBlock():
                yield from _points(block)
            case Table():
                left_out.setdefault(f"表格（{rows_of(block)}行，只读合计或指引）")
                yield Line("table", _table(block))
            case ImageBlock():
                left_out.setdefault("图片")
            case AttachmentBlock():
                left_out.setdefault("附件")


def _heading(text: str, level: int) -> Line:
    label, rest = label_of(text)
    return Line("heading", rest.strip(), label or Label(level, 0))


def _paragraph(text: str) -> Iterator[Line]:
    for part in text.split("\n"):
        label, rest = label_of(part)
        if rest.strip():
            yield Line("text", rest.strip(), label)


def _points(block: ListBlock, depth: int = 0) -> Iterator[Line]:
    numbered = depth == 0 and len(block.items) > 1
    for at, item in enumerate(block.items, start=1):
        text = label_of(plain(item.text))[1].strip()
        yield Line("point", text, Label(6, at) if numbered else None)
        for child in item.children:
            yield from _points(child, depth + 1)


def _table(table: Table) -> str:
    name = table.caption.strip() or "具体内容"
    figures = key_figures(table)
    if figures:
        return f"{figures}其余明细可在网站查询。"
    return f"{name}列成了一张表，共{rows_of(table)}项，可在网站查询。"


def _unread(line: Line, revision: Revision, *, first: bool) -> str:
    """Why a line is not for the ear; empty when it is."""
    text = "".join(line.text.split())
    title = "".join(revision.title.split())
    repeated = text in {title, revision.doc_number} or (len(text) > _TELLING and text in title)
    signature = text == "".join(revision.department.split()) or _DATE.fullmatch(text)
    reasons = (
        ("主送机关", first and line.label is None and _ADDRESSEES.fullmatch(text)),
        ("与标题重复的文字", repeated and line.label is None),
        ("落款", signature),
        ("附件", _ATTACHMENT.match(text)),
        ("印发套语", _FORMULA.fullmatch(text)),
        ("版记", _COLOPHON.fullmatch(text) or _PUBLIC.fullmatch(text)),
    )
    return next((reason for reason, applies in reasons if applies), "")
