"""A channel's shelf as the database has it, with some cards put on it that are not there yet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Select, and_, bindparam, or_, select

from publisher.channel import Card
from publisher.store.shelf_tables import cards, lists, places, relations

_LISTS = (
    select(lists.c.id, lists.c.name, lists.c.length)
    .where(lists.c.channel == bindparam("channel"))
    .order_by(lists.c.id)
)
_PLACES_OF = (
    select(lists.c.name, places.c.position, places.c.item_id)
    .join(lists, lists.c.id == places.c.list_id)
    .where(
        lists.c.channel == bindparam("channel"),
        places.c.item_id.in_(bindparam("items", expanding=True)),
    )
)
_STRETCH = (
    select(places.c.position, places.c.item_id)
    .where(
        places.c.list_id == bindparam("list"),
        places.c.position >= bindparam("start"),
        places.c.position < bindparam("end"),
    )
    .order_by(places.c.position)
)
_CHANGED = (
    select(places.c.item_id, places.c.changed_at)
    .where(places.c.list_id == bindparam("list"), places.c.changed_at.is_not(None))
    .order_by(places.c.changed_at.desc(), places.c.item_id.desc())
    .limit(bindparam("most", type_=Integer))
)
_MONTH = timedelta(days=31)
_MOST_CHANGED = 500
_CARDS = select(cards).where(
    cards.c.channel == bindparam("channel"), cards.c.item_id.in_(bindparam("items", expanding=True))
)
_LISTED = (
    select(places.c.position, places.c.item_id)
    .join(cards, and_(cards.c.channel == bindparam("channel"), cards.c.item_id == places.c.item_id))
    .where(
        places.c.list_id == bindparam("list"),
        cards.c.listed,
        places.c.item_id.not_in(bindparam("without", expanding=True)),
    )
    .limit(bindparam("most", type_=Integer))
)
_BEFORE = _LISTED.where(places.c.position < bindparam("place")).order_by(places.c.position.desc())
_AFTER = _LISTED.where(places.c.position > bindparam("place")).order_by(places.c.position)
_RELATIONS = select(relations.c.item_id, relations.c.other_id).where(
    relations.c.channel == bindparam("channel"),
    or_(
        relations.c.item_id.in_(bindparam("items", expanding=True)),
        relations.c.other_id.in_(bindparam("items", expanding=True)),
    ),
)


@dataclass(slots=True)
class Lane:
    """A list: its row, how long it is there, and what the cards at hand add."""

    id: int | None
    stored: int
    added: list[str]

    @property
    def length(self) -> int:
        return self.stored + len(self.added)


class View:
    """`at_hand`: the cards that are to be on the shelf as if they were out already."""

    def __init__(self, connection: Connection, channel: str, at_hand: Sequence[Card] = ()) -> None:
        self._connection = connection
        self._channel = channel
        self.at_hand = {card.item_id: card for card in at_hand}
        self.lanes = {
            row.name: Lane(row.id, row.length, [])
            for row in connection.execute(_LISTS, {"channel": channel})
        }
        self.places = self._places_of(self.at_hand)
        for card in self.at_hand.values():
            self._find_places(card)

    @property
    def everything(self) -> str:
        """The name of the list of everything; "" while there is none."""
        return next(iter(self.lanes), "")

    def stretch(self, name: str, start: int, end: int) -> list[str]:
        """The items at these places of a list, oldest first."""
        lane = self.lanes[name]
        added = lane.added[max(start - lane.stored, 0) : max(end - lane.stored, 0)]
        if lane.id is None or start >= lane.stored:
            return added
        asked = {"list": lane.id, "start": start, "end": end}
        return [row.item_id for row in self._connection.execute(_STRETCH, asked)] + added

    def changed(self, name: str, fewest: int) -> list[str]:
        """The items of a list that were changed last, those at hand among them, latest first: so
        many, and all of the month before the latest. Who looks once a month misses none.
        """
        lane = self.lanes[name]
        when: dict[str, datetime] = {}
        if lane.id is not None:
            asked = {"list": lane.id, "most": _MOST_CHANGED}
            rows = self._connection.execute(_CHANGED, asked)
            when = {row.item_id: row.changed_at for row in rows}
        when |= {
            one: card.changed_at
            for one, card in self.at_hand.items()
            if card.changed and name in self.places[one]
        }
        latest = sorted(when, key=lambda one: (when[one], one), reverse=True)
        if not latest:
            return []
        since = when[latest[0]] - _MONTH
        return [one for at, one in enumerate(latest) if at < fewest or when[one] >= since]

    def newest(self, name: str, most: int) -> list[str]:
        """The newest listed items of a list, newest first."""
        if name not in self.lanes:
            return []
        lane = self.lanes[name]
        found = dict(self._listed(_BEFORE, lane, lane.stored, most))
        found |= self._ours(name)
        return [found[place] for place in sorted(found, reverse=True)][:most]

    def neighbours(self, item_id: str) -> tuple[str | None, str | None]:
        """The listed items before and after one in the list of everything."""
        name = self.everything
        if item_id not in self.places:
            self.places |= self._places_of([item_id])
        place = self.places[item_id].get(name) if item_id in self.places else None
        if place is None:
            return None, None
        ours = self._ours(name)
        lane = self.lanes[name]
        before = dict(self._listed(_BEFORE, lane, place, 1)) | {
            at: one for at, one in ours.items() if at < place
        }
        after = dict(self._listed(_AFTER, lane, place, 1)) | {
            at: one for at, one in ours.items() if at > place
        }
        return (
            before[max(before)] if before else None,
            after[min(after)] if after else None,
        )

    def partners(self, items: Collection[str]) -> dict[str, list[str]]:
        """By item: those it names as related, and those that name it, in a settled order."""
        found: dict[str, list[str]] = {one: [] for one in items}
        pairs = [
            (row.item_id, row.other_id)
            for row in self._connection.execute(
                _RELATIONS, {"channel": self._channel, "items": sorted(items)}
            )
            if row.item_id not in self.at_hand  # what it names now is on its card
        ]
        pairs += [(card.item_id, other) for card in self.at_hand.values() for other in card.related]
        for one, other in sorted(pairs):
            if one in found:
                found[one].append(other)
            if other in found:
                found[other].append(one)
        return {one: list(dict.fromkeys(others)) for one, others in found.items()}

    def former_partners(self) -> set[str]:
        """Those that the items at hand named, before what they name now."""
        asked = {"channel": self._channel, "items": sorted(self.at_hand)}
        rows = self._connection.execute(_RELATIONS, asked)
        return {row.other_id for row in rows if row.item_id in self.at_hand}

    def cards(self, items: Iterable[str]) -> dict[str, Card]:
        """The cards of these items, as far as they have one."""
        wanted = dict.fromkeys(items)
        missing = [one for one in wanted if one not in self.at_hand]
        found = {one: self.at_hand[one] for one in wanted if one in self.at_hand}
        if missing:
            asked = {"channel": self._channel, "items": missing}
            rows = self._connection.execute(_CARDS, asked)
            found |= {row.item_id: _card(row) for row in rows}
        return found

    def _places_of(self, items: Collection[str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {one: {} for one in items}
        if items:
            asked = {"channel": self._channel, "items": list(items)}
            for row in self._connection.execute(_PLACES_OF, asked):
                found[row.item_id][row.name] = row.position
        return found

    def _find_places(self, card: Card) -> None:
        """Give the card a place at the end of each list where it has none."""
        mine = self.places[card.item_id]
        for name in card.lists:
            if name not in mine:
                lane = self.lanes.setdefault(name, Lane(None, 0, []))
                mine[name] = lane.length
                lane.added.append(card.item_id)

    def _ours(self, name: str) -> dict[int, str]:
        """By place: the items at hand that are listed in a list."""
        return {
            self.places[one][name]: one
            for one, card in self.at_hand.items()
            if card.listed and name in self.places[one]
        }

    def _listed(
        self, query: Select[Any], lane: Lane, place: int, most: int
    ) -> Iterator[tuple[int, str]]:
        if lane.id is None:
            return
        asked = {
            "channel": self._channel,
            "list": lane.id,
            "place": place,
            "most": most,
            "without": list(self.at_hand),
        }
        for row in self._connection.execute(query, asked):
            yield row.position, row.item_id


def _card(row: Any) -> Card:
    return Card(
        item_id=row.item_id,
        lists=tuple(row.lists.split("\n")),
        related=tuple(row.related.split("\n")) if row.related else (),
        listed=row.listed,
        url=row.url,
        changed_at=row.changed_at,
        changed=row.changed,
        data=row.data,
    )
