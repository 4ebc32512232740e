"""The body as the print template takes it: blocks of JSON, with the parts of an official document
(addressee, list of attachments, signature, annex) recognised by their wording.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from channels._title import break_title
from channels.noticeboard.inline import Json, runs, with_lead
from channels.noticeboard.table import table_data
from publisher.content import (
    AttachmentBlock,
    Block,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    Paragraph,
    Run,
    Table,
    text_of,
)

TITLE_WIDTH = 20.0
"""Characters of 2号 in a line."""
_SHORT = 150  # characters that are moved to the next page rather than parted from the signature
_DATE = re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
_NAME = re.compile(r"[^。，：；！？、,:;]{2,30}")
_ANNEX = re.compile(r"附件\s*[0-9一二三四五六七八九十]{0,2}")
_ATTACHED = re.compile(r"附件?[：:]\s*")
_NOTE = re.compile(r"（[^（）]{2,40}）")
_NOT_ADDRESSEE = re.compile("现将|如下|根据|为了")


def body_data(blocks: Sequence[Block], department: str, formed_on: str) -> list[Json]:
    """All blocks in order. A body that is not signed gets the signature of its department."""
    data = list(_number_headings(_titled(_signed(_gathered(_plain(blocks))))))
    if data and data[0]["t"] == "p" and _is_addressee(data[0]):
        data[0]["flush"] = True
    if not any(block["t"] == "sign" for block in data):
        data.insert(_end_of_text(data), {"t": "sign", "by": department, "on": formed_on})
    return data


def add_attachments(data: list[Json], titles: Sequence[str]) -> None:
    """List the attachments before the signature (in place), and let no signature stand on a page
    without a word of the text.
    """
    at = next(at for at, block in enumerate(data) if block["t"] == "sign")
    if titles:
        data.insert(at, {"t": "attached", "entries": _numbered(titles)})
    if at and data[at - 1]["t"] == "p" and len(_words(data[at - 1])) <= _SHORT:
        data[at - 1]["keep"] = True


def _plain(blocks: Sequence[Block]) -> Iterator[Json]:
    for block in blocks:
        match block:
            case Heading():
                yield {"t": "h", "level": block.level, "runs": runs(block.text)}
            case Paragraph():
                yield from _paragraph(block)
            case ListBlock():
                yield _list(block)
            case Table():
                yield table_data(block)
            case ImageBlock():
                yield {"t": "image", "name": block.name, "alt": block.alt}
            case AttachmentBlock():
                continue  # listed before the signature, see add_attachments


def _paragraph(block: Paragraph) -> Iterator[Json]:
    text = text_of(block.text).strip()
    if found := _ATTACHED.match(text):
        lines = text[found.end() :].split("\n")
        yield {"t": "attached", "entries": [line.strip() for line in lines if line.strip()]}
    elif block.align == "left" and len(lines := text.split("\n")) == 2 and _is_signature(*lines):
        yield {"t": "sign", "by": lines[0].strip(), "on": lines[1].strip()}
    elif block.align == "left":
        for line in _lines(block.text):
            heading = all(run.strong for run in line)  # stays with what it announces
            yield {"t": "p", "align": "left", "runs": with_lead(line), "keep": heading}
    else:
        yield {"t": "p", "align": block.align, "runs": runs(block.text)}


def _lines(inline: Inline) -> list[Inline]:
    """On paper every line of a paragraph is indented like one of its own."""
    lines: list[list[Run]] = [[]]
    for run in inline:
        first, *more = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=part)] for part in more]
    for line in lines:
        line[0] = replace(line[0], text=line[0].text.lstrip())  # indents typed as blanks
    return [tuple(line) for line in lines if text_of(tuple(line)).strip()]


def _list(block: ListBlock) -> Json:
    items = [
        {"runs": runs(item.text), "children": [_list(child) for child in item.children]}
        for item in block.items
    ]
    return {"t": "list", "ordered": block.ordered, "start": block.start, "items": items}


def _gathered(blocks: Iterator[Json]) -> Iterator[Json]:
    """A list of attachments typed line by line is one list: 附件：1.… and then 2.…."""
    attached: Json | None = None
    for block in blocks:
        if block["t"] == "attached":
            attached = block
        elif attached and _words(block).startswith(f"{len(attached['entries']) + 1}."):
            attached["entries"].append(_words(block))
            continue
        else:
            attached = None
        yield block


def _signed(blocks: Iterator[Json]) -> Iterator[Json]:
    """A name and below it a date, each a paragraph of its own, are a signature."""
    before: Json | None = None
    for block in blocks:
        if before is not None and _is_signature(_words(before), _words(block)):
            yield {"t": "sign", "by": _words(before), "on": _words(block)}
            before = None
            continue
        if before is not None:
            yield before
        before = block
    if before is not None:
        yield before


def _titled(blocks: Iterator[Json]) -> Iterator[Json]:
    """The title of an annex, or of a document that follows the letter it came with."""
    waiting = list(blocks)
    at = 0
    while at < len(waiting):
        block = waiting[at]
        at += 1
        annex = _ANNEX.fullmatch(_words(block)) is not None
        yield {"t": "annex", "text": _words(block)} if annex else block
        if annex or block["t"] == "sign":
            lines = _title_lines(waiting[at:])
            at += len(lines)
            if lines:
                yield {"t": "title", "lines": [part for line in lines for part in _broken(line)]}


def _title_lines(blocks: Sequence[Json]) -> list[str]:
    """The short lines that open what follows; none if nothing but short lines follows."""
    lines: list[str] = []
    for block in blocks:
        text = _words(block)
        if (
            not _NAME.fullmatch(text.replace("、", ""))
            or _ANNEX.fullmatch(text)
            or _NOTE.fullmatch(text)
        ):
            return lines if len(lines) <= 3 else []
        lines.append(text)
    return []


def _broken(line: str) -> Sequence[str]:
    return [part for half in line.split("\n") for part in break_title(half, TITLE_WIDTH)]


def _number_headings(blocks: Iterator[Json]) -> Iterator[Json]:
    """Depth in the outline: whatever its look, no heading may skip a level below the title."""
    above = 1
    for block in blocks:
        if block["t"] == "title":
            above = 2
        elif block["t"] == "h":
            above = min(block["level"] + 1, above + 1)
            block["depth"] = above
        elif block["t"] == "attached":
            block["entries"] = _numbered(block["entries"])
        yield block


def _numbered(titles: Sequence[str]) -> list[str]:
    if len(titles) == 1 or re.match(r"1[.．、]", titles[0]):
        return list(titles)
    return [f"{number}.{title}" for number, title in enumerate(titles, 1)]


def _is_signature(name: str, day: str) -> bool:
    return bool(_NAME.fullmatch(name.strip()) and _DATE.fullmatch(day.strip()))


def _is_addressee(block: Json) -> bool:
    text = _words(block)
    return len(text) <= 80 and text.endswith("：") and not _NOT_ADDRESSEE.search(text)


def _end_of_text(data: Sequence[Json]) -> int:
    """Where a signature belongs: before the first annex, and before a closing note."""
    annex = next((at for at, block in enumerate(data) if block["t"] == "annex"), len(data))
    if annex and _NOTE.fullmatch(_words(data[annex - 1])):
        return annex - 1
    return annex


def _words(block: Json) -> str:
    """The text of a paragraph or heading, else nothing."""
    return "".join(run["s"] for run in block.get("runs", ())).strip()
