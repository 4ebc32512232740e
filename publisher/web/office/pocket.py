"""What waits here while its owner goes another way round: a form that was typed before its session
was over, a secret on its way to the page that shows it.

Only in memory and for a while: a form can be filled in again, a secret can be made anew.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, Protocol, TypeVar

_MOST_EACH = 10
_MOST_CHARACTERS_EACH = 1_000_000


class Owned(Protocol):
    """`owner`: the id of the user whose thing it is."""

    @property
    def owner(self) -> int: ...

    @property
    def size(self) -> int: ...


Thing = TypeVar("Thing", bound=Owned)


class Pocket(Generic[Thing]):
    """Things by random names. Of one owner's the oldest go when there are too many, or too large
    ones; nobody's go because of somebody else's.
    """

    def __init__(self) -> None:
        self._things: OrderedDict[str, Thing] = OrderedDict()
        self._lock = Lock()

    def put(self, thing: Thing) -> str:
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._things[name] = thing
            mine = [name for name, one in self._things.items() if one.owner == thing.owner]
            while len(mine) > _MOST_EACH or self._size(mine) > _MOST_CHARACTERS_EACH:
                del self._things[mine.pop(0)]
        return name

    def take(self, name: str) -> Thing | None:
        """Once; None where it is none, or has gone."""
        with self._lock:
            return self._things.pop(name, None)

    def look(self, name: str) -> Thing | None:
        """As often as one likes; None where it is none, or has gone."""
        with self._lock:
            return self._things.get(name)

    def drop(self, is_over: Callable[[Thing], bool]) -> None:
        """Forget those of which this is true."""
        with self._lock:
            for name in [name for name, thing in self._things.items() if is_over(thing)]:
                del self._things[name]

    def _size(self, names: list[str]) -> int:
        return sum(self._things[name].size for name in names)
