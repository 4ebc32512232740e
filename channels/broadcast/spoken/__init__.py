"""What stands written, as it is said: `speak` is the one entry.

Numbers, dates, document numbers, units and abbreviations become words; every change is kept with
its place and its rule; what no rule is sure of is marked for the announcer.
"""

from channels.broadcast.spoken import calendar, contacts, documents, marks, quantities, wording
from channels.broadcast.spoken.engine import MARK, MARKED, Change, Spoken, applied, is_han, run
from channels.broadcast.spoken.marks import PUNCTUATION
from channels.broadcast.spoken.policy import Policy

__all__ = [
    "MARK",
    "MARKED",
    "PUNCTUATION",
    "Change",
    "Policy",
    "Spoken",
    "applied",
    "is_han",
    "speak",
]

_USUAL = Policy()


def speak(text: str, policy: Policy = _USUAL) -> Spoken:
    """The text as an announcer reads it."""
    rules = (
        *documents.RULES,
        wording.abbreviations(policy.abbreviations),
        *contacts.RULES,
        *wording.RULES,
        *calendar.RULES,
        *quantities.RULES,
        *marks.RULES,
    )
    return run(text, rules, policy)
