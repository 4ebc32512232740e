"""Which parts of a long text are read when the time is short.

First the heads of the upper two ranks, so that the listener has the whole outline; then, while
there is room, first sentences (those with a date or a figure before the others, and the sections
in turn), the lower heads, and the rest of what has been begun.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from channels.broadcast.passages import HEADLESS, Passage, Sentence
from channels.broadcast.timing import seconds, syllables

_UPPER = 1
_LISTENABLE = 70
"""Spoken characters beyond which a sentence is chosen only for the figures in it."""
_NEWS = re.compile(r"[0-9](?:[%‰℃]|[年月日]|[万亿]?元|小时|个工作日|[万亿])")
_REFERENCE = re.compile(r"《[^》]*》|[（(][^）)]*[）)]|〔[0-9]{4}〕[0-9]+号")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is read of one passage: its head or not, and how many of its sentences."""

    passage: Passage
    head: bool
    count: int

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        head = (self.passage.head,) if self.head and self.passage.head else ()
        return head + self.passage.body[: self.count]

    @property
    def whole(self) -> bool:
        return self.count == len(self.passage.body) and (self.head or self.passage.head is None)


def whole(passages: Sequence[Passage]) -> tuple[Chosen, ...]:
    return tuple(Chosen(one, head=True, count=len(one.body)) for one in passages)


def length(chosen: Sequence[Chosen], speed: int) -> float:
    return sum(seconds(sentence.spoken.text, speed) for one in chosen for sentence in one.sentences)


def fit(passages: Sequence[Passage], room: float, speed: int) -> tuple[Chosen, ...]:
    """The fullest choice that takes at most `room` seconds."""
    everything = whole(passages)
    if length(everything, speed) <= room:
        return everything
    choice = _Choice(passages, room, speed)
    for at, one in enumerate(passages):
        if one.rank <= _UPPER:
            choice.take_heads([at])
    for at in _order(passages):
        choice.take_first_sentence(at)
    for siblings in _lower_heads(passages):
        choice.take_heads(siblings)
    for at in range(len(passages)):
        choice.complete(at)
    return tuple(choice.chosen)


class _Choice:
    """What has been chosen so far, and the seconds that are left."""

    def __init__(self, passages: Sequence[Passage], room: float, speed: int) -> None:
        self.chosen = [Chosen(one, head=False, count=0) for one in passages]
        self._left = room
        self._speed = speed

    def take_heads(self, siblings: Sequence[int]) -> None:
        """All of them or none: 其一 without 其二 would puzzle the listener."""
        heads = [self.chosen[at].passage.head for at in siblings]
        if self._paid([head for head in heads if head]):
            for at in siblings:
                self.chosen[at] = replace(self.chosen[at], head=True)

    def take_first_sentence(self, at: int) -> None:
        one = self.chosen[at]
        named = one.head or one.passage.head is None
        if named and self._paid(one.passage.body[:1]):
            self.chosen[at] = replace(one, count=1)

    def complete(self, at: int) -> None:
        """The rest of what has been begun, and points that follow something told whole."""
        one = self.chosen[at]
        follows = one.passage.point and at > 0 and self.chosen[at - 1].whole
        if (one.count or follows) and self._paid(one.passage.body[one.count :]):
            self.chosen[at] = replace(one, count=len(one.passage.body))

    def _paid(self, sentences: Sequence[Sentence]) -> bool:
        cost = sum(seconds(sentence.spoken.text, self._speed) for sentence in sentences)
        if cost > self._left:
            return False
        self._left -= cost
        return True


def _lower_heads(passages: Sequence[Passage]) -> Iterator[list[int]]:
    """The heads below the upper ranks, rank by rank, those under one parent together."""
    for rank in sorted({one.rank for one in passages if _UPPER < one.rank < HEADLESS}):
        siblings: list[int] = []
        for at, one in enumerate(passages):
            if one.rank < rank and siblings:
                yield siblings
                siblings = []
            elif one.rank == rank:
                siblings.append(at)
        if siblings:
            yield siblings


def _order(passages: Sequence[Passage]) -> Iterator[int]:
    """Indexes of passages in the order in which their first sentences are let in."""
    with_body = [at for at, one in enumerate(passages) if one.body and not one.point]
    news = [at for at in with_body if _has_news(passages[at].body[0])]
    yield from news
    sections: dict[int, list[int]] = {}
    for at in with_body:
        if at not in news and syllables(passages[at].body[0].spoken.text) <= _LISTENABLE:
            sections.setdefault(passages[at].section, []).append(at)
    for turn in zip_longest(*sections.values()):
        yield from (at for at in turn if at is not None)


def _has_news(sentence: Sentence) -> bool:
    """Whether it gives a date or a sum of its own, not only in the name of another document."""
    return bool(_NEWS.search(_REFERENCE.sub("", sentence.written)))
