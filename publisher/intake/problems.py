"""What is wrong with an item: one sentence a field, in Chinese, with the mend."""

from collections.abc import Sequence
from dataclasses import dataclass


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
