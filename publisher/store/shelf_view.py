"""A channel's shelf as the database has it, with some cards put on it that are not there yet.

A place is given before the call and kept for ever; a card comes with the outcome that says that its
item is out. So a place may have no card: of what has not come out, or not yet.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select

from publisher.channel import Card
from publisher.store import shelf_questions as questions

_MONTH = timedelta(days=31)
_MOST_CHANGED = 500
_MORE = 20
"""So many items that have left a list may lie between its newest ones."""


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

    def __init__(
        self,
        connection: Connection,
        channel: str,
        at_hand: Sequence[Card] = (),
        names: Iterable[str] = (),
    ) -> None:
        """`names` are lists that are looked at though nothing at hand is in them."""
        self._connection = connection
        self._channel = channel
        self.at_hand = {card.item_id: card for card in at_hand}
        self._before = self._stored_cards(list(self.at_hand))
        self.places = self._places_of(self.at_hand)
        wanted = [*names, *(name for card in at_hand for name in card.lists)]
        wanted += [name for mine in self.places.values() for name in mine]
        self.lanes = self._lanes(dict.fromkeys(wanted))
        for card in self.at_hand.values():
            self._find_places(card)
        self.everything = next(iter(at_hand)).lists[0] if at_hand else self._oldest_list()

    def lane(self, name: str) -> Lane:
        if name not in self.lanes:
            self.lanes |= self._lanes([name])
        return self.lanes.setdefault(name, Lane(None, 0, []))

    def all_names(self) -> list[str]:
        """All lists, those at hand among them, in the order of their first item."""
        found = self._connection.execute(questions.NAMES, {"channel": self._channel}).scalars()
        return list(dict.fromkeys([*found, *self.lanes]))

    def names_shown(self) -> set[str]:
        """Those in which something is shown."""
        asked = {"channel": self._channel, "without": list(self.at_hand)}
        found = self._connection.execute(questions.NAMES_SHOWN, asked).scalars()
        ours = (name for one in self.at_hand.values() if one.listed for name in one.lists)
        return {*found, *ours}

    def is_new(self, item_id: str, name: str) -> bool:
        """Whether what is at hand has never come out in this list."""
        before = self._before.get(item_id)
        return before is None or name not in before.lists

    def stays(self, item_id: str, name: str) -> bool:
        """Whether what is at hand is shown in this list, and was before."""
        both = self._before.get(item_id), self.at_hand[item_id]
        return all(card and card.listed and name in card.lists for card in both)

    def is_alone(self, name: str) -> bool:
        """Whether nothing else is shown in a list."""
        lane, asked = self.lane(name), {"without": list(self.at_hand)}
        others = questions.OTHERS_SHOWN, asked | {"list": lane.id}
        return lane.id is None or self._connection.execute(*others).first() is None

    def stretch(self, name: str, start: int, end: int) -> list[str]:
        """The items at these places of a list, oldest first."""
        lane = self.lane(name)
        added = lane.added[max(start - lane.stored, 0) : max(end - lane.stored, 0)]
        if lane.id is None or start >= lane.stored:
            return added
        asked = {"list": lane.id, "start": start, "end": end}
        rows = self._connection.execute(questions.STRETCH, asked)
        return [row.item_id for row in rows] + added

    def addresses(self, start: int, end: int) -> dict[int, tuple[str, datetime]]:
        """By place in the list of everything: address and last change of what is listed."""
        name = self.everything
        lane = self.lane(name)
        found: dict[int, tuple[str, datetime]] = {}
        if lane.id is not None:
            asked = {"channel": self._channel, "list": lane.id, "start": start, "end": end}
            for row in self._connection.execute(questions.BLOCK, asked):
                if row.listed and row.item_id not in self.at_hand:
                    found[row.position] = row.url, row.changed_at
        cards = ((at, self.at_hand[one]) for at, one in self._ours(name).items())
        return found | {at: (card.url, card.changed_at) for at, card in cards if start <= at < end}

    def changed(self, name: str, fewest: int) -> list[str]:
        """The items of a list that citizens were last told of, those at hand among them, latest
        first: so many, and all of the month before the latest. Who looks once a month misses none.
        """
        lane = self.lane(name)
        when: dict[str, datetime] = {}
        if lane.id is not None:
            asked = {"list": lane.id, "most": _MOST_CHANGED}
            rows = self._connection.execute(questions.CHANGED, asked)
            when = {row.item_id: row.news_at for row in rows}
        when |= {
            one: card.news_at
            for one, card in self.at_hand.items()
            if card.news_at and name in self.places[one]
        }
        latest = sorted(when, key=lambda one: (when[one], one), reverse=True)
        if not latest:
            return []
        since = when[latest[0]] - _MONTH
        return [one for at, one in enumerate(latest) if at < fewest or when[one] >= since]

    def newest(self, name: str, most: int) -> list[Card]:
        """The newest cards that are listed and still belong to a list, newest first."""
        lane = self.lane(name)
        found = dict(self._listed(questions.BEFORE, lane, lane.stored, most + _MORE))
        found |= self._ours(name)
        cards = self.cards(found.values())
        latest = (cards[found[place]] for place in sorted(found, reverse=True))
        return [card for card in latest if name in card.lists][:most]

    def neighbours(self, item_id: str) -> tuple[str | None, str | None]:
        """The listed items before and after one in the list of everything."""
        if item_id not in self.places:
            self.places |= self._places_of([item_id])
        place = self.places[item_id].get(self.everything)
        if place is None:
            return None, None
        ours, lane = self._ours(self.everything), self.lane(self.everything)
        before = dict(self._listed(questions.BEFORE, lane, place, 1)) | {
            at: one for at, one in ours.items() if at < place
        }
        after = dict(self._listed(questions.AFTER, lane, place, 1)) | {
            at: one for at, one in ours.items() if at > place
        }
        return (
            before[max(before)] if before else None,
            after[min(after)] if after else None,
        )

    def partners(self, items: Collection[str]) -> dict[str, list[str]]:
        """By item: those it names as related, or named once, and those that name it so."""
        found: dict[str, list[str]] = {one: [] for one in items}
        asked = {"channel": self._channel, "items": sorted(items)}
        rows = self._connection.execute(questions.RELATIONS, asked) if items else ()
        pairs = {(row.item_id, row.other_id) for row in rows}
        pairs |= {(card.item_id, other) for card in self.at_hand.values() for other in card.related}
        for one, other in sorted(pairs):
            if one in found:
                found[one].append(other)
            if other in found:
                found[other].append(one)
        return {one: list(dict.fromkeys(others)) for one, others in found.items()}

    def cards(self, items: Iterable[str]) -> dict[str, Card]:
        """The cards of these items, as far as they have one."""
        wanted = dict.fromkeys(items)
        found = {one: self.at_hand[one] for one in wanted if one in self.at_hand}
        return found | self._stored_cards([one for one in wanted if one not in self.at_hand])

    def _stored_cards(self, items: Sequence[str]) -> dict[str, Card]:
        if not items:
            return {}
        asked = {"channel": self._channel, "items": items}
        rows = self._connection.execute(questions.CARDS, asked)
        return {row.item_id: _card(row) for row in rows}

    def _lanes(self, names: Iterable[str]) -> dict[str, Lane]:
        asked = {"channel": self._channel, "names": list(names)}
        rows = self._connection.execute(questions.LISTS, asked) if asked["names"] else ()
        return {row.name: Lane(row.id, row.length, []) for row in rows}

    def _oldest_list(self) -> str:
        found = self._connection.execute(questions.OLDEST, {"channel": self._channel}).scalar()
        return found or ""

    def _places_of(self, items: Collection[str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {one: {} for one in items}
        if items:
            asked = {"channel": self._channel, "items": list(items)}
            for row in self._connection.execute(questions.PLACES_OF, asked):
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
        for row in self._connection.execute(query, self._asked(lane, place=place, most=most)):
            yield row.position, row.item_id

    def _asked(self, lane: Lane, *, place: int, most: int) -> dict[str, object]:
        return {
            "channel": self._channel,
            "list": lane.id,
            "place": place,
            "most": most,
            "without": list(self.at_hand),
        }


def _card(row: Any) -> Card:
    return Card(
        item_id=row.item_id,
        lists=tuple(row.lists.split("\n")),
        related=tuple(row.related.split("\n")) if row.related else (),
        listed=row.listed,
        url=row.url,
        changed_at=row.changed_at,
        news_at=row.news_at,
        data=row.data,
    )
