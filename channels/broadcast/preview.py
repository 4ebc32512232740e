"""What lies before the announcer: every sentence as written and as it is said. Pure."""

from collections.abc import Iterator

from channels.broadcast.passages import Sentence
from channels.broadcast.script import Script
from channels.broadcast.spoken import MARKED, PUNCTUATION
from publisher.channel import Pair

_NOT_WORDS = frozenset({MARKED, PUNCTUATION})
"""Rules whose changes are shown otherwise, or that are only pauses."""


def pairs(script: Script) -> tuple[Pair, ...]:
    return tuple(map(_pair, script.parts.sentences))


def _pair(sentence: Sentence) -> Pair:
    spoken = sentence.spoken
    return Pair(
        written=sentence.written,
        spoken=spoken.text.strip(),
        changes=tuple(_changes(sentence)),
        left=tuple(dict.fromkeys(spoken.unread)),
    )


def _changes(sentence: Sentence) -> Iterator[tuple[str, str]]:
    for change in sentence.spoken.changes:
        if change.rule not in _NOT_WORDS:
            yield change.source.strip(), change.spoken.strip()
