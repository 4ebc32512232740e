"""Which deliveries go out together, and when. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from typing import Literal, TypeVar

from publisher.model import Action, Trace

Thing = TypeVar("Thing")

EVERYTHING = "全部"
"""The topic of a subscriber who wants all of them."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """each: one by one. window: all that is due, into what already stands (a site).

    bundle: at a set time, at most `most` together. digest: at a set time, all in one.
    """

    kind: Literal["each", "window", "bundle", "digest"] = "each"
    at: time | None = None
    most: int = 50

    def due_at(self, now: datetime, *, urgent: bool, zone: tzinfo) -> datetime:
        """When something submitted `now` is to go out: at once, or at the next set time."""
        if urgent or self.at is None or self.kind in {"each", "window"}:
            return now
        local = now.astimezone(zone)
        slot = datetime.combine(local.date(), self.at, zone)
        return slot if slot >= local else slot + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come, with the order behind it and what is out of the item."""

    id: int
    item_id: str
    revision_id: int
    order_id: int = 0
    action: Action = Action.PUBLISH
    minor: bool = False
    urgent: bool = False
    tries: int = 0
    topics: frozenset[str] = frozenset()
    named: bool = True
    """Whether the text is meant for this channel; if not, it only mends what is out there."""
    traces: tuple[Trace, ...] = ()
    last_told: int = 0
    """The last order before this one that citizens were to be told of as a correction; 0: none."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A batch to be: these deliveries, to these subscribers (none for a channel of the public)."""

    deliveries: tuple[Due, ...]
    recipients: tuple[int, ...] = ()


def group(due: Sequence[Due], grouping: Grouping) -> list[tuple[Due, ...]]:
    """Cut what is due into what goes out in one call.

    What is urgent never waits in a crowd, and a correction or withdrawal is no news among others.
    """
    match grouping.kind:
        case "each":
            return [(one,) for one in due]
        case "window":
            return list(_chunks(due, grouping.most))
        case _:
            crowd = [one for one in due if not one.urgent and one.action is Action.PUBLISH]
            alone = [(one,) for one in due if one not in crowd]
            return alone + list(_chunks(crowd, grouping.most))


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one subscriber wants, and which of the deliveries at hand have already gone there."""

    subscriber: int
    topics: frozenset[str]
    got: frozenset[int] = field(default=frozenset())

    def wants(self, one: Due) -> bool:
        return one.id not in self.got and (
            EVERYTHING in self.topics or bool(self.topics & one.topics)
        )


def address(
    deliveries: Sequence[Due], subscriptions: Sequence[Subscription], most: int
) -> list[Parcel]:
    """One parcel for each set of deliveries that some subscribers want, at most `most` people each.

    Nobody is in two parcels of one call, so nobody gets the same thing twice.
    """
    by_wish: dict[tuple[Due, ...], list[int]] = {}
    for subscription in subscriptions:
        wish = tuple(one for one in deliveries if subscription.wants(one))
        if wish:
            by_wish.setdefault(wish, []).append(subscription.subscriber)
    return [
        Parcel(wish, part) for wish, people in by_wish.items() for part in _chunks(people, most)
    ]


def check_at(tries: int, now: datetime, waits: Sequence[timedelta]) -> datetime:
    """When to ask again after `tries` answers that said «still under way»."""
    return now + waits[min(tries, len(waits) - 1)]


def _chunks(things: Sequence[Thing], most: int) -> Iterator[tuple[Thing, ...]]:
    for start in range(0, len(things), most):
        yield tuple(things[start : start + most])
