"""Told: what else is to be known of something done, on the page that comes after it.

Its author alone sees it there, as often as the page is loaded, for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from publisher.access import Person
from publisher.web.office.gate import city_of
from publisher.web.office.pocket import Pocket

_SHOWN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """Notes for the user of this id (`owner`), about this item, until then."""

    notes: Sequence[str]
    owner: int
    item_id: str
    until: datetime

    @property
    def size(self) -> int:
        return sum(map(len, self.notes))


def tell(request: Request, person: Person, item_id: str, notes: Sequence[str]) -> str:
    """The name under which the notes lie; "" where there are none."""
    if not notes:
        return ""
    until = city_of(request).clock() + _SHOWN
    return _pocket(request).put(Told(notes, person.id, item_id, until))


def told(request: Request, person: Person, item_id: str, name: str) -> Sequence[str]:
    """The notes that lie under a name, for who may see them."""
    found = _pocket(request).look(name)
    mine = found and (found.owner, found.item_id) == (person.id, item_id)
    return found.notes if found and mine else ()


def _pocket(request: Request) -> Pocket[Told]:
    """Whoever opens it: what is over lies in it no more."""
    found: Pocket[Told] = request.app.state.told
    now = city_of(request).clock()
    found.drop(lambda one: one.until <= now)
    return found
