"""What waits here while its person goes another way round: a form that was typed before its session
was over, a secret on its way to the page that shows it.

Only in memory and for a while: forms stand in the login page as well, secrets can be made anew.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

_MOST = 100
_MOST_CHARACTERS = 8_000_000


class Sized(Protocol):
    @property
    def size(self) -> int: ...


Thing = TypeVar("Thing", bound=Sized)


@dataclass(frozen=True, slots=True)
class Held:
    """A form that is to be sent on: where to, and with what."""

    path: str
    words: Mapping[str, str]

    @property
    def size(self) -> int:
        return sum(map(len, self.words.values()))


class Pocket(Generic[Thing]):
    """Things by random names; the oldest go when there are too many, or too large ones."""

    def __init__(self) -> None:
        self._things: OrderedDict[str, Thing] = OrderedDict()
        self._lock = Lock()

    def put(self, thing: Thing) -> str:
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._things[name] = thing
            while len(self._things) > _MOST or self._size > _MOST_CHARACTERS:
                self._things.popitem(last=False)
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

    @property
    def _size(self) -> int:
        return sum(one.size for one in self._things.values())
