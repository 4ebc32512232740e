"""Shelves: what stands in channels with lists, and keeping it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from publisher.channel import Block, Card, HasLists, ListPage, Near, Shelf
from publisher.model import Action, Item
from publisher.store.engine import Database
from publisher.store.loading import Wanted, load
from publisher.store.shelf_keeping import keep
from publisher.store.shelf_view import View
from publisher.store.tables import deliveries, items, orders

_STANDING = (
    select(orders.c.id, orders.c.revision_id, orders.c.action, orders.c.item_id)
    .join(deliveries, deliveries.c.order_id == orders.c.id)
    .where(deliveries.c.channel == bindparam("channel"), deliveries.c.stands_since.is_not(None))
)
_STANDING_OF = _STANDING.where(orders.c.item_id.in_(bindparam("items", expanding=True)))
_ALL_STANDING = _STANDING.join(items, items.c.id == orders.c.item_id).order_by(
    items.c.first_published_at, items.c.year, items.c.serial
)


class Shelves:
    def __init__(self, database: Database) -> None:
        self._database = database

    def is_behind(self, channel: str) -> bool:
        """Whether something stands in the channel and nothing is on its shelf: it stood before
        there were shelves, and is to be rebuilt.
        """
        with self._database.read() as connection:
            if View(connection, channel).lanes:
                return False
            return connection.execute(_STANDING.limit(1), {"channel": channel}).first() is not None

    def around(self, channel: str, ways: HasLists, at_hand: Sequence[Card], now: datetime) -> Shelf:
        """The shelf with these cards on it, as far as they touch it."""
        with self._database.read() as connection:
            view = View(connection, channel, at_hand)
            beside = _beside(view)
            numbers = {
                place // ways.per_block + 1
                for mine in view.places.values()
                if (place := mine.get(view.everything)) is not None
            }
            pages = [page for name in view.lanes for page in _touched(view, name, ways.per_page)]
            return Shelf(
                lists=tuple(view.lanes),
                pages=tuple(pages),
                fronts=_fronts(view, ways),
                near=_near(view, [*view.at_hand, *beside]),
                beside=tuple(_standing(connection, channel, beside, now)),
                blocks=tuple(_block(view, one, ways.per_block) for one in sorted(numbers)),
                block_count=_block_count(view, ways),
                first=_first(view),
            )

    def near(self, channel: str, item_ids: Sequence[str]) -> Shelf:
        """What stands beside these items, which are all on the shelf."""
        with self._database.read() as connection:
            return Shelf(near=_near(View(connection, channel), item_ids))

    def whole(self, channel: str, ways: HasLists, at_once: int) -> Iterator[Shelf]:
        """All pages of all lists and all blocks, so many at once; heads come last."""
        with self._database.read() as connection:
            view = View(connection, channel)
            facts = Shelf(
                lists=tuple(view.lanes),
                fronts=_fronts(view, ways),
                block_count=_block_count(view, ways),
                first=_first(view),
            )
        wanted: list[tuple[str, int | None]] = [
            (name, number)
            for name, lane in view.lanes.items()
            for number in (*range(1, lane.length // ways.per_page + 1), None)
        ]
        for start in range(0, len(wanted), at_once):
            with self._database.read() as connection:
                view = View(connection, channel)
                pages = [
                    _page(view, *one, ways.per_page) for one in wanted[start : start + at_once]
                ]
            yield replace(facts, pages=tuple(pages))
        for number in range(1, facts.block_count + 1):
            with self._database.read() as connection:
                block = _block(View(connection, channel), number, ways.per_block)
            yield replace(facts, blocks=(block,))

    def beside(self, channel: str, at_hand: Sequence[Card]) -> list[str]:
        """The items whose pages change when these cards come on the shelf."""
        with self._database.read() as connection:
            return _beside(View(connection, channel, at_hand))

    def standing(
        self, channel: str, now: datetime, at_once: int, *, only: Collection[str] | None = None
    ) -> Iterator[list[Item]]:
        """All that stands in a channel in the order of its publication, so many at once."""
        with self._database.read() as connection:
            rows = connection.execute(_ALL_STANDING, {"channel": channel}).all()
        wanted = [_wanted(row) for row in rows if only is None or row.item_id in only]
        for start in range(0, len(wanted), at_once):
            with self._database.read() as connection:
                yield load(connection, wanted[start : start + at_once], now)

    def keep(self, channel: str, at_hand: Sequence[Card]) -> None:
        """Put these cards on the shelf; what they were before is forgotten."""
        with self._database.write() as connection:
            keep(connection, channel, at_hand)


def _touched(view: View, name: str, size: int) -> Iterator[ListPage]:
    """The pages of a list that the cards at hand change: theirs, the newest, and the one that gets
    a newer neighbour.
    """
    touched = {mine[name] // size for mine in view.places.values() if name in mine}
    if not touched:
        return
    lane = view.lanes[name]
    sealed, before = lane.length // size, lane.stored // size
    if sealed > before > 0:
        touched.add(before - 1)
    for one in sorted(touched):
        if one < sealed:
            yield _page(view, name, one + 1, size)
    yield _page(view, name, None, size)


def _page(view: View, name: str, number: int | None, size: int) -> ListPage:
    length = view.lanes[name].length
    sealed = length // size
    changed: list[str] = []
    if number is None:
        ids = view.stretch(name, max(sealed - 1, 0) * size, length)
        changed = view.changed(name, size)
    else:
        ids = view.stretch(name, (number - 1) * size, number * size)
    found = view.cards([*ids, *changed])
    return ListPage(
        list=name,
        number=number,
        cards=tuple(found[one] for one in reversed(ids)),
        sealed=sealed,
        changed=tuple(found[one] for one in changed),
    )


def _fronts(view: View, ways: HasLists) -> dict[str, tuple[Card, ...]]:
    newest = {name: view.newest(name, most) for name, most in ways.fronts.items()}
    found = view.cards(one for ids in newest.values() for one in ids)
    return {name: tuple(found[one] for one in ids) for name, ids in newest.items()}


def _beside(view: View) -> list[str]:
    """The items whose pages change because those at hand do."""
    found: dict[str, None] = {}
    for one in view.at_hand:
        found |= {other: None for other in view.neighbours(one) if other}
    for others in view.partners(list(view.at_hand)).values():
        found |= dict.fromkeys(others)
    found |= dict.fromkeys(sorted(view.former_partners()))
    return [one for one in view.cards(found) if one not in view.at_hand]


def _near(view: View, item_ids: Sequence[str]) -> dict[str, Near]:
    beside = {one: view.neighbours(one) for one in item_ids}
    partners = view.partners(item_ids)
    wanted = [other for pair in beside.values() for other in pair if other]
    found = view.cards([*wanted, *(one for others in partners.values() for one in others)])
    return {
        one: Near(
            older=found.get(older or ""),
            newer=found.get(newer or ""),
            partners=tuple(_listed(found, partners[one])),
        )
        for one, (older, newer) in beside.items()
    }


def _listed(found: Mapping[str, Card], wanted: Iterable[str]) -> Iterator[Card]:
    return (found[one] for one in wanted if one in found and found[one].listed)


def _block(view: View, number: int, size: int) -> Block:
    ids = view.stretch(view.everything, (number - 1) * size, number * size)
    found = view.cards(ids)
    return Block(
        number=number, entries=tuple((one.url, one.changed_at) for one in _listed(found, ids))
    )


def _block_count(view: View, ways: HasLists) -> int:
    length = view.lanes[view.everything].length if view.lanes else 0
    return -(-length // ways.per_block)


def _first(view: View) -> Card | None:
    ids = view.stretch(view.everything, 0, 1) if view.lanes else []
    return next(iter(view.cards(ids).values()), None)


def _standing(
    connection: Connection, channel: str, item_ids: Sequence[str], now: datetime
) -> list[Item]:
    rows = connection.execute(_STANDING_OF, {"channel": channel, "items": list(item_ids)}).all()
    found = load(connection, [_wanted(row) for row in rows], now, with_bytes=False)
    return sorted(found, key=lambda item: item.url)


def _wanted(row: Any) -> Wanted:
    return Wanted(revision_id=row.revision_id, order_id=row.id, action=Action(row.action))
