"""What is wrong with an item: one sentence a field, in Chinese, with the mend."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from publisher.privacy import scan

_LONG_NUMBER = re.compile(r"\d{5,}")
_QUOTED = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the name in the item JSON ("title", "images[2].file"), "" for the whole file."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.field}：{self.sentence}" if self.field else self.sentence


class Refused(Exception):
    """The item is not taken; nothing of it is kept but the refusal."""

    def __init__(self, problems: Sequence[Problem], item_id: str | None = None) -> None:
        super().__init__("；".join(map(str, problems)))
        self.problems = tuple(problems)
        self.item_id = item_id

    def with_id_problem(self, why: Callable[[str], str]) -> "Refused":
        """The same with what is wrong with the id as well, unless that has been said.

        Who mends the text first must not learn only afterwards that the id was wrong too.
        """
        if self.item_id is None or any(one.field == "id" for one in self.problems):
            return self
        if not (sentence := why(self.item_id)):
            return self
        return Refused([*self.problems, Problem("id", sentence)], self.item_id)


def shown(value: str) -> str:
    """A value as a sentence may quote it: short, and never with a personal number.

    Refusals are stored, and a number may stand in a field where nobody looks for one.
    """
    quoted = "****" if scan(value) else masked(value)
    return "".join(char if char.isprintable() else "?" for char in quoted[:_QUOTED])


def masked(text: str) -> str:
    """The text with its long numbers taken out."""
    return _LONG_NUMBER.sub("****", text)
