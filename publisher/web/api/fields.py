"""What a request says beside an item: read with the words that the intake has for its fields."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from publisher.access import System
from publisher.content import clean_text
from publisher.intake import Problem
from publisher.intake.fields import Fields, refuse_nulls
from publisher.intake.read import read_object
from publisher.model import Action
from publisher.web.api.refusing import wrong

MOST_NAME = 50
MOST_WHY = 200
_LARGEST = 2**31 - 1


class Given:
    """The fields of one request. What is wrong is collected; `settled` tells it."""

    def __init__(self, values: Mapping[str, Any], known: Collection[str]) -> None:
        self._values = values
        self._problems: list[Problem] = []
        self._fields = Fields(values, self._problems)
        refuse_nulls({name: values[name] for name in known if name in values}, self._problems)
        self._fields.only(known)

    @classmethod
    def of_json(cls, body: bytes, known: Collection[str]) -> Self:
        """What stands in a body whose length has been looked at. Raises Refused."""
        return cls(read_object(body, len(body)), known)

    def words(self, name: str, most: int = MOST_WHY, *, need: bool = True) -> str:
        text = clean_text(self._fields.text(name, need=need, most=most)).strip()
        if len(text) > most:  # composed characters can become more
            self._fields.wrong(name, f"太长，最多 {most} 字")
        return text

    def actor(self, system: System, *, need: bool = True) -> str:
        """Who it is, for the records: the person, and the system that speaks for them."""
        name = self.words("by", MOST_NAME, need=need)
        return f"{name}（{system.actor}）" if name else system.actor

    def flag(self, name: str) -> bool:
        return self._fields.flag(name)

    def action(self) -> Action | None:
        found = self._fields.choice("action", tuple(Action), need=False)
        return Action(found) if found else None

    def number(self, name: str) -> int | None:
        """A whole number; a form can only give it as text."""
        found = self._values.get(name)
        if found is None:
            return None
        if isinstance(found, str) and found.isdecimal() and len(found) < 11:
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _LARGEST:
            self._fields.wrong(name, "应当是一个不小于 0 的整数")
            return None
        return found

    def part(self, name: str) -> dict[str, Any]:
        """An object; empty if it is wrong."""
        found = self._values.get(name)
        if not isinstance(found, dict):
            if name not in self._values or found is not None:  # of null it has been said
                self._fields.wrong(name, "应当是一个对象，以 { 开头")
            return {}
        return found

    def wrong(self, name: str, sentence: str) -> None:
        self._fields.wrong(name, sentence)

    def settled(self) -> None:
        """Raise Refusal with all that is wrong."""
        if self._problems:
            raise wrong(self._problems)
