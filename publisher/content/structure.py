"""What a reader of official documents sees without any mark-up.

Headings by their labels, the note of attachments, the signature with its date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from publisher.content.blocks import Block, Heading, Inline, Paragraph, text_of
from publisher.content.inline import (
    all_strong,
    cut,
    join_lines,
    split_lines,
    tidy,
    with_strong,
)

_NUMBER = "[一二三四五六七八九十百]{1,4}"
_LABELS = (
    re.compile(rf"{_NUMBER}、|第{_NUMBER}[章编][ \u3000]*"),
    re.compile(rf"[（(]{_NUMBER}[）)]、?|第{_NUMBER}节[ \u3000]*"),
    re.compile(r"[0-9０-９]{1,2}(?:[．、]|\.(?![0-9]))"),
    re.compile(r"[（(][0-9０-９]{1,2}[）)]"),
)
_LONGEST_HEADING = 40
_IN_A_SENTENCE = re.compile(r"[。；：，！？;!?\n]|(?<![0-9])[,:]|[,:](?![0-9])")
_COMMA = re.compile(r"[，,]")
_LONGEST_RUN_IN = 22
_LONGEST_CLAUSE = 10
_SENTENCE_NOT_NAME = tuple("我本该你如若凡")
_NOTE = re.compile(r"附件[0-9０-９]{0,2}[：:]")
_NOTE_LINE = re.compile(r"\u3000{3,}|\u3000*[0-9０-９]{1,2}[.．、]")
_INDENT = "\u3000"
_BODY_NAME = re.compile(
    r"[\u4e00-\u9fff（）()、 \u3000]{2,40}"
    r"(?:局|委|办|府|室|厅|部|处|科|会|院|团|队|所|站|中心|指挥部|公司|学校|医院|馆|社)"
)
_DATE = re.compile(
    r"(?:[0-9０-９]{4}年[0-9０-９]{1,2}月[0-9０-９]{1,2}日"
    r"|[一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)


def structured(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with paragraphs divided, headings recognised and signatures set right."""
    return tuple(_with_signatures(_with_headings(list(_divided(blocks)))))


def paragraphs_of(lines: Sequence[Inline]) -> list[Inline]:
    """One paragraph a line, but a note of attachments keeps its further lines."""
    found: list[list[Inline]] = []
    for line in lines:
        if found and is_note(text_of(found[-1][0])) and is_note_line(text_of(line)):
            found[-1].append(line)
        elif tidied := tidy(line):
            found.append([tidied])
    return [join_lines(paragraph) for paragraph in found]


def is_note(text: str) -> bool:
    """附件：1.… ends a document; what follows it line by line belongs to it."""
    return bool(_NOTE.match(text))


def is_note_line(line: str) -> bool:
    return bool(_NOTE_LINE.match(line))


def label_of(text: str) -> tuple[int, str] | None:
    """The level and the label at the beginning of `text`, such as (2, "（一）")."""
    for level, label in enumerate(_LABELS, 1):
        found = label.match(text)
        if found:
            return level, found.group()
    return None


def _divided(blocks: Sequence[Block]) -> Iterator[Block]:
    """Many editors press Shift+Enter for a new paragraph; an indent or a label gives it away."""
    for block in blocks:
        lines = split_lines(block.text) if isinstance(block, Paragraph) else []
        if isinstance(block, Paragraph) and _are_paragraphs([text_of(line) for line in lines]):
            yield from (Paragraph(text, block.align) for text in paragraphs_of(lines))
        else:
            yield block


def _are_paragraphs(lines: Sequence[str]) -> bool:
    is_signature = len(lines) > 1 and _is_signature(lines[-2], lines[-1])
    return is_signature or any(
        not line.strip() or line.startswith(_INDENT) or _heading_level(line.strip())
        for line in lines
    )


def _with_headings(blocks: list[Block]) -> Iterator[Block]:
    """A short labelled line is a heading, unless it is one of several in a row: then it lists."""
    listing = 0
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            listing = 0
            yield _by_label(block)
            continue
        level = _level(block)
        following = _level(blocks[at + 1]) if at + 1 < len(blocks) else 0
        if not level:
            listing = 3 if is_note(text_of(block.text)) else 0
            yield block
        elif level in (listing, following) or not _heading_level(text_of(block.text)):
            listing = level if _heading_level(text_of(block.text)) else 0
            yield _with_run_in(block)
        elif at + 1 == len(blocks):
            yield block
        else:
            listing = 0
            yield Heading(level, _as_heading(block.text))


def _level(block: Block) -> int:
    label = label_of(text_of(block.text)) if isinstance(block, Paragraph) else None
    return label[0] if label else 0


def _by_label(block: Block) -> Block:
    """A marked heading with a label has the level of the label, whatever tag the editor took."""
    label = label_of(text_of(block.text)) if isinstance(block, Heading) else None
    return replace(block, level=label[0]) if isinstance(block, Heading) and label else block


def _as_heading(text: Inline) -> Inline:
    return with_strong(text, strong=False) if all_strong(text) else text


def _heading_level(line: str) -> int:
    """The level of a line that can be a heading; 0 for a sentence, or without a label."""
    label = label_of(line)
    if not label or not len(label[1]) < len(line) <= _LONGEST_HEADING:
        return 0
    return 0 if _IN_A_SENTENCE.search(line) else label[0]


def _with_run_in(block: Paragraph) -> Paragraph:
    """（一）指导思想。深入贯彻…: the label and the first short sentence are the heading."""
    text = text_of(block.text)
    end = text.find("。") + 1
    label = label_of(text)
    if (
        not label
        or not end
        or end >= len(text)
        or not _names_a_topic(text[len(label[1]) : end - 1])
    ):
        return block
    head, rest = cut(block.text, end)
    return replace(block, text=tidy([*with_strong(head, strong=True), *rest]))


def _names_a_topic(sentence: str) -> bool:
    sentence = sentence.strip()
    clauses = _COMMA.split(sentence)
    return (
        0 < len(sentence) <= _LONGEST_RUN_IN
        and not sentence.startswith(_SENTENCE_NOT_NAME)
        and not re.search(r"[；：;:！？]", sentence)
        and (len(clauses) == 1 or max(map(len, clauses)) <= _LONGEST_CLAUSE)
    )


def _with_signatures(blocks: Iterator[Block]) -> list[Block]:
    """The names of the issuing bodies and the date below them stand on the right."""
    done = list(blocks)
    for at in range(len(done) - 1, 1, -1):
        if _is_signature(_left_line(done[at - 1]), _left_line(done[at])):
            first = at - 1
            while first > 1 and _BODY_NAME.fullmatch(_left_line(done[first - 1])):
                first -= 1
            for number in range(first, at + 1):
                done[number] = _to_the_right(done[number])
    return done


def _is_signature(name: str, date: str) -> bool:
    return bool(_BODY_NAME.fullmatch(name.strip()) and _DATE.fullmatch(date.strip()))


def _left_line(block: Block) -> str:
    return text_of(block.text) if isinstance(block, Paragraph) and block.align == "left" else ""


def _to_the_right(block: Block) -> Block:
    return replace(block, align="right") if isinstance(block, Paragraph) else block
