"""Made: what was rendered last, so that the files of one preview are not made one by one."""

from collections import OrderedDict
from threading import Lock

from publisher.bootstrap import Publisher
from publisher.channel import Rendition
from publisher.model import Item

_MOST_BYTES = 64_000_000


class Made:
    """Renditions, the last ones that were asked for, as long as all of them have room."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._made: OrderedDict[tuple[object, ...], Rendition] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def of(self, city: Publisher, item: Item, channel: str) -> Rendition:
        """Raises DeliveryError where the channel cannot carry it."""
        times = item.published_at, item.changed_at
        key = (id(city), item.id, item.revision.content_hash, item.action, *times, channel)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        found = city.routes[channel].render([item])
        with self._lock:
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[object, ...], found: Rendition) -> None:
        if key in self._made or _size(found) > self._most:  # somebody was faster; alone too large
            return
        self._made[key] = found
        self._bytes += _size(found)
        while self._bytes > self._most:
            self._bytes -= _size(self._made.popitem(last=False)[1])


def _size(rendition: Rendition) -> int:
    return sum(len(file.data) for file in rendition.every)
