"""Passages: a head and its sentences, each as written and as it is to be said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from channels.broadcast.lines import Line
from channels.broadcast.pronounce import Hints, take_supplied
from channels.broadcast.sentences import Label, run_in_head, sentences
from channels.broadcast.spoken import Policy, Spoken, speak
from channels.broadcast.spoken.numerals import cardinal

_STOPS = "。！？!?"
_HEAD_MOST = 40
"""A heading longer than this is a paragraph that someone made a heading."""
HEADLESS = 9
"""The rank of a passage without a head."""
_ORDINALS = ("第{}，", "{}是", "其{}，", "第{}点，")


@dataclass(frozen=True, slots=True)
class Sentence:
    written: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class Passage:
    """`section` counts the top headings passed; `rank` is 0 for a top heading, or HEADLESS."""

    section: int
    rank: int
    head: Sentence | None
    body: tuple[Sentence, ...]
    point: bool = False
    """A numbered point without a head: it means little without the ones before it."""

    @property
    def name(self) -> str:
        """What a note calls it."""
        written = self.head.written if self.head else self.body[0].written
        return written if len(written) <= 20 else f"{written[:18]}……"


class Teller:
    """Turns lines into passages in this city's way of reading."""

    def __init__(self, policy: Policy, hints: Hints) -> None:
        self.policy = policy
        self.hints = hints

    def sentence(self, text: str, before: str = "") -> Sentence:
        """A sentence as written, and as said with `before` in front and a stop at its end."""
        written = take_supplied(text.strip(), self.hints)
        spoken = speak(_stopped(before + written), self.policy)
        return Sentence(text.strip(), spoken)

    def passages(self, lines: Iterable[Line]) -> tuple[Passage, ...]:
        lines = tuple(lines)
        ranks = _ranks(lines)
        section, found = 0, []
        for line in lines:
            passage = self._passage(line, ranks, section)
            if passage.rank == 0:
                section += 1
                passage = replace(passage, section=section)
            if passage.head or passage.body:
                found.append(passage)
        return tuple(found)

    def _passage(self, line: Line, ranks: dict[int, int], section: int) -> Passage:
        head, rest = _split(line)
        ordinal = _ordinal(line.label, ranks)
        if not head:
            parts = sentences(rest)
            body = [self.sentence(part, "" if at else ordinal) for at, part in enumerate(parts)]
            return Passage(section, HEADLESS, None, tuple(body), point=line.label is not None)
        rank = ranks.get(line.label.level, HEADLESS - 1) if line.label else 0
        body = [self.sentence(part) for part in sentences(rest)]
        return Passage(section, rank, self.sentence(head, ordinal), tuple(body))


def _split(line: Line) -> tuple[str, str]:
    if line.kind == "heading" and len(line.text) <= _HEAD_MOST:
        return line.text.rstrip("：:"), ""
    if line.kind == "point" or line.label is None:
        return "", line.text
    head, rest = run_in_head(line.text)
    if not head and len(line.text) <= _HEAD_MOST and line.text[-1] not in "。；;，":
        return line.text.rstrip("：:"), ""
    return head, rest


def _ranks(lines: Iterable[Line]) -> dict[int, int]:
    """Which heading levels the document uses, numbered from the top."""
    used = sorted({line.label.level for line in lines if line.label and line.kind != "point"})
    return {level: rank for rank, level in enumerate(used)}


def _ordinal(label: Label | None, ranks: dict[int, int]) -> str:
    if label is None or not label.number:
        return ""
    # Points of a list are 一是, 二是 wherever they stand.
    rank = ranks.get(label.level, 1)
    if rank >= len(_ORDINALS):
        return ""
    return _ORDINALS[rank].format(cardinal(str(label.number), "二"))


def _stopped(text: str) -> str:
    """With a full stop at its end: what was a clause of a list is a sentence on air."""
    bare = text.rstrip("；;，,：:、 \u3000")
    if text.rstrip()[-1:] in {"：", ":"} and bare:
        return f"{bare}："  # 具体安排如下：what follows is still part of it
    closed = bare[-1:] in _STOPS or (bare[-1:] in "”’》）" and bare[-2:-1] in _STOPS)
    return bare if closed else bare + "。"
