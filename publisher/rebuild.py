"""Rebuild: put out anew all that stands in a channel with lists, from the approved content.

For when what surrounds it has changed: a template, the footer, the size of a page, a lost disk.
Nothing is decided here: what is queued stays queued, what is withdrawn stays withdrawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep

from publisher.channel import Card, HasLists, PermanentError
from publisher.courier import Courier
from publisher.model import Item
from publisher.operations import NotPossible
from publisher.route import Route

_KEY = "rebuild"
_ITEMS, _LISTS = 50, 100
"""How much is in memory at once; items come with their attachments."""
_WAIT = timedelta(seconds=0.2)
_PATIENCE = timedelta(seconds=60)

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Rebuilt:
    """How many items stand, and why some of their pages were left as they are, by the item."""

    many: int = 0
    left: dict[str, str] = field(default_factory=dict)


def rebuild(courier: Courier, route: Route, progress: Progress) -> Rebuilt:
    """Raises NotPossible, and TemporaryError where the channel cannot be written: begun again, it
    goes through all of it once more, and what is right already stays untouched.

    `progress` is told what was put out, and how many more of it.
    """
    channel = route.channel
    if not isinstance(channel, HasLists):
        raise NotPossible(f"{route.title}没有目录和列表，不需要重建")
    for _ in range(int(_PATIENCE / _WAIT)):
        with courier.store.database.channel_lock(route.name) as held:
            if held:
                return _rebuild(courier, channel, progress)
        sleep(_WAIT.total_seconds())
    raise NotPossible(f"{route.title}一直在发送，请稍后再试")


def _rebuild(courier: Courier, channel: HasLists, progress: Progress) -> Rebuilt:
    """First the items, each read once: its card, then its page. What stands beside one that came
    later is put out again at the end, when all cards are there. Then the lists.
    """
    shelves, done, name = courier.store.shelves, Rebuilt(), channel.name
    again: set[str] = set()
    for items in shelves.standing(name, courier.clock(), _ITEMS):
        cards = _cards(channel, items, done)
        again.difference_update(item.id for item in items)
        again.update(shelves.beside(name, cards))
        shelves.keep(name, cards)
        _put_out(courier, channel, items, done)
        done.many += len(items)
        progress("网页", len(items))
    for items in shelves.standing(name, courier.clock(), _ITEMS, only=again):
        _put_out(courier, channel, items, done)
    for shelf in shelves.whole(name, channel, _LISTS):
        channel.send(channel.render((), shelf), _KEY)
        progress("列表", len(shelf.pages))
    return done


def _cards(channel: HasLists, items: Sequence[Item], done: Rebuilt) -> list[Card]:
    cards = []
    for item in items:
        try:
            cards.append(channel.card(item))
        except PermanentError as error:
            done.left[item.id] = error.reason
    return cards


def _put_out(courier: Courier, channel: HasLists, items: Sequence[Item], done: Rebuilt) -> None:
    """What one item spoils, the others are put out without it."""
    sound = [item for item in items if item.id not in done.left]
    near = courier.store.shelves.near(channel.name, [item.id for item in sound])
    try:
        channel.send(channel.render(sound, near), _KEY)
    except PermanentError as error:
        if len(sound) == 1:
            done.left[sound[0].id] = error.reason
            return
        for item in sound:
            _put_out(courier, channel, [item], done)
