"""Rebuild: put out anew all that stands in a channel with lists, from the approved content.

For when what surrounds it has changed: a template, the footer, the size of a page, a lost disk.
Nothing is decided here: what is queued stays queued, what is withdrawn stays withdrawn.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import sleep

from publisher.channel import Card, HasLists, PermanentError
from publisher.courier import Courier
from publisher.model import Item
from publisher.operations import NotPossible
from publisher.route import Route
from publisher.store.shelves import Wanting

_KEY = "rebuild"
_ITEMS, _LISTS = 20, 100
"""How much is in memory at once; items come with their attachments."""
_WAIT = timedelta(seconds=0.2)
_PATIENCE = timedelta(seconds=60)
_COURTESY = timedelta(seconds=3)
"""Longer than workers rest between two looks."""

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Rebuilt:
    """How many items stand, and why some of their pages were left as they are, by the item."""

    many: int = 0
    left: dict[str, str] = field(default_factory=dict)


def rebuild(courier: Courier, route: Route, progress: Progress) -> Rebuilt:
    """Raises NotPossible, and TemporaryError where the channel cannot be written: begun again, it
    goes through all of it once more, and what is right already stays untouched.

    What is urgent, as withdrawals are, goes out between two parts. `progress` is told what was put
    out, and how many more of it.
    """
    channel = route.channel
    if not isinstance(channel, HasLists):
        raise NotPossible(f"{route.title}没有目录和列表，不需要重建")
    work = _Work(courier, route, channel, progress)
    with work.turn():
        courier.store.shelves.cut(route.name, channel.per_page)
    work.give_places()
    work.put_out_items()
    work.put_out_lists()
    return work.done


@dataclass(slots=True)
class _Work:
    """First the items, each read once: its card, then its page. What stands beside one that came
    later is put out again at the end, when all cards are there. Then the lists.
    """

    courier: Courier
    route: Route
    channel: HasLists
    progress: Progress
    done: Rebuilt = field(default_factory=Rebuilt)
    _names: set[str] = field(default_factory=set)
    _in_vain: bool = False
    """Whether way was given and nobody came to send what is urgent."""

    def give_places(self) -> None:
        """Where nothing is on the shelf yet, all comes on it in one step: places are kept for ever,
        and what is published meanwhile must not get one before what was published long ago.
        """
        store, name = self.courier.store, self.channel.name
        with self.turn():
            if not store.shelves.is_behind(name):
                return
            with store.database.write():
                for ids in store.shelves.standing(name, _ITEMS):
                    items = store.shelves.load(name, ids, self.courier.clock(), with_bytes=False)
                    store.shelves.keep(name, self._cards(items))

    def put_out_items(self) -> None:
        shelves, name, now = self.courier.store.shelves, self.channel.name, self.courier.clock()
        again: set[str] = set()
        for ids in shelves.standing(name, _ITEMS):
            with self.turn():
                items = shelves.load(name, ids, now)
                cards = self._cards(items)
                again.difference_update(ids)
                again.update(shelves.beside(name, cards))
                shelves.keep(name, cards)
                self._put_out(items)
            self.done.many += len(items)
            self.progress("网页", len(items))
        for ids in shelves.standing(name, _ITEMS):
            if some := [one for one in ids if one in again]:
                with self.turn():
                    self._put_out(shelves.load(name, some, now))

    def put_out_lists(self) -> None:
        """And take away what belongs to lists, or pages of lists, that there are no more."""
        known: set[tuple[str, int | None]] = set()
        for wanted in self._wanted():
            with self.turn():
                self._put_out_list(wanted)
            known.update(wanted.pages)
            self.progress("列表", len(wanted.pages))
        with self.turn():
            for wanted in self._wanted():  # what has come meanwhile is not to be taken away
                new = tuple(one for one in wanted.pages if one not in known)
                if new or wanted.block:
                    self._put_out_list(replace(wanted, pages=new))
            self.channel.sweep(self._names)

    def _wanted(self) -> Iterator[Wanting]:
        return self.courier.store.shelves.pages(self.channel.name, self.channel, _LISTS)

    def _put_out_list(self, wanted: Wanting) -> None:
        shelf = self.courier.store.shelves.whole(self.channel.name, self.channel, wanted)
        rendition = self.channel.render((), shelf)
        self.channel.send(rendition, _KEY)
        self._names.update(file.name for file in rendition.every)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The channel's lock, for one part: a withdrawal waits for no rebuild."""
        self._give_way()
        for _ in range(int(_PATIENCE / _WAIT)):
            with self.courier.store.database.channel_lock(self.channel.name) as held:
                if held:
                    yield
                    return
            sleep(_WAIT.total_seconds())
        raise NotPossible(f"{self.route.title}一直在发送，请稍后再试")

    def _give_way(self) -> None:
        """Workers look every few seconds, and hardly a moment lies between two parts: what is
        urgent gets the time to be met by one. Where none came, it is not waited for again.
        """
        queue, waits = self.courier.store.queue, 0 if self._in_vain else int(_COURTESY / _WAIT)
        while (urgent := queue.urgent(self.channel.name, self.courier.clock())) and waits:
            sleep(_WAIT.total_seconds())
            waits -= 1
        self._in_vain = urgent

    def _cards(self, items: Sequence[Item]) -> list[Card]:
        cards = []
        for item in items:
            try:
                cards.append(self.channel.card(item))
            except PermanentError as error:
                self.done.left[item.id] = error.reason
        return cards

    def _put_out(self, items: Sequence[Item]) -> None:
        """What one item spoils, the others are put out without it."""
        sound = [item for item in items if item.id not in self.done.left]
        near = self.courier.store.shelves.near(self.channel.name, [item.id for item in sound])
        try:
            self.channel.send(self.channel.render(sound, near), _KEY)
        except PermanentError as error:
            if len(sound) == 1:
                self.done.left[sound[0].id] = error.reason
                return
            for item in sound:
                self._put_out([item])
