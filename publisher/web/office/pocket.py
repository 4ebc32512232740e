"""What was typed, kept here while its person goes another way round before sending it on.

Only in memory and for a while: it is a courtesy, and the login page itself holds the same.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

_MOST = 100
_MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """A form that is to be sent on: where to, and with what."""

    path: str
    words: Mapping[str, str]

    @property
    def size(self) -> int:
        return sum(map(len, self.words.values()))


class Pocket:
    """Forms by random names; the oldest go when there are too many, or too large ones."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = Lock()

    def put(self, held: Held) -> str:
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._held[name] = held
            while len(self._held) > _MOST or self._size > _MOST_CHARACTERS:
                self._held.popitem(last=False)
        return name

    def take(self, name: str) -> Held | None:
        """Once; None where it is none, or has gone."""
        with self._lock:
            return self._held.pop(name, None)

    @property
    def _size(self) -> int:
        return sum(one.size for one in self._held.values())
