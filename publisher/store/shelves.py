"""Shelves: what stands in channels with lists, and keeping it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from publisher.channel import Block, Card, HasLists, ListPage, Near, Shelf
from publisher.model import Action, Item, Status
from publisher.store.engine import Database
from publisher.store.loading import Wanted, load
from publisher.store.shelf_keeping import keep
from publisher.store.shelf_tables import shelves
from publisher.store.shelf_view import View
from publisher.store.tables import deliveries, items, orders

_PER_PAGE = select(shelves.c.per_page).where(shelves.c.channel == bindparam("channel"))
_MOST_PARTNERS, _MOST_BESIDE = 50, 500
_STANDING = (
    select(orders.c.id, orders.c.revision_id, orders.c.action, orders.c.item_id)
    .join(deliveries, deliveries.c.order_id == orders.c.id)
    .where(deliveries.c.channel == bindparam("channel"), deliveries.c.stands_since.is_not(None))
)
# In two steps, each by an index: joined, SQLite would go through all deliveries of the channel.
_ORDERS_OF = select(orders.c.id, orders.c.revision_id, orders.c.action, orders.c.item_id).where(
    orders.c.item_id.in_(bindparam("items", expanding=True))
)
_DELIVERIES_OF = select(
    deliveries.c.order_id, deliveries.c.stands_since, deliveries.c.status, deliveries.c.attempts
).where(
    deliveries.c.order_id.in_(bindparam("orders", expanding=True)),
    deliveries.c.channel == bindparam("channel"),
)
_ALL_STANDING = _STANDING.join(items, items.c.id == orders.c.item_id).order_by(
    items.c.first_published_at, items.c.year, items.c.serial
)


@dataclass(frozen=True, slots=True)
class Wanting:
    """Pages of lists by name and number (None: the newest), or a block."""

    pages: tuple[tuple[str, int | None], ...] = ()
    block: int = 0


class Shelves:
    def __init__(self, database: Database) -> None:
        self._database = database

    def is_behind(self, channel: str) -> bool:
        """Whether something stands in the channel and nothing is on its shelf: it stood before
        there were shelves, and is to be rebuilt.
        """
        with self._database.read() as connection:
            if View(connection, channel).everything:
                return False
            return connection.execute(_STANDING.limit(1), {"channel": channel}).first() is not None

    def per_page(self, channel: str) -> int | None:
        """How the pages of its lists are cut; None: there are none yet."""
        with self._database.read() as connection:
            return connection.execute(_PER_PAGE, {"channel": channel}).scalar()

    def cut(self, channel: str, per_page: int) -> None:
        """From now on the pages of its lists are cut so."""
        with self._database.write() as connection:
            connection.execute(delete(shelves).where(shelves.c.channel == channel))
            connection.execute(insert(shelves).values(channel=channel, per_page=per_page))

    def around(self, channel: str, ways: HasLists, at_hand: Sequence[Card], now: datetime) -> Shelf:
        """The shelf with these cards on it, as far as they touch it."""
        with self._database.read() as connection:
            view = View(connection, channel, at_hand, ways.fronts)
            beside = _beside(view)
            touched = dict.fromkeys(name for one in view.at_hand for name in view.places[one])
            pages = [page for name in touched for page in _touched(view, name, ways.per_page)]
            mine = (view.places[one][view.everything] for one in view.at_hand)
            numbers = {place // ways.per_block + 1 for place in mine}
            return replace(
                _facts(view, ways, grown=_grows(view)),
                pages=tuple(pages),
                near=_near(view, [*view.at_hand, *beside]),
                beside=tuple(_standing(connection, channel, beside, now)),
                blocks=tuple(_block(view, one, ways.per_block) for one in sorted(numbers)),
            )

    def near(self, channel: str, item_ids: Sequence[str]) -> Shelf:
        """What stands beside these items, which are all on the shelf."""
        with self._database.read() as connection:
            return Shelf(near=_near(View(connection, channel), item_ids))

    def pages(self, channel: str, ways: HasLists, at_once: int) -> Iterator[Wanting]:
        """What there is of lists and blocks: their names, so many at once."""
        with self._database.read() as connection:
            view = View(connection, channel)
            found = [
                (name, number)
                for name in view.all_names()
                for number in (*range(1, view.lane(name).length // ways.per_page + 1), None)
            ]
            blocks = range(1, _facts(view, ways, grown=False).block_count + 1)
        for start in range(0, len(found) or 1, at_once):  # once where there is no list yet
            yield Wanting(tuple(found[start : start + at_once]))
        for number in blocks:
            yield Wanting(block=number)

    def whole(self, channel: str, ways: HasLists, wanting: Wanting) -> Shelf:
        """The pages of lists, or the block, that are wanted."""
        with self._database.read() as connection:
            view = View(connection, channel, names={name for name, _ in wanting.pages})
            some = (_page(view, *one, ways.per_page) for one in wanting.pages)
            block = wanting.block and _block(view, wanting.block, ways.per_block)
            return replace(
                _facts(view, ways, grown=True),
                pages=tuple(some),
                blocks=(block,) if block else (),
            )

    def beside(self, channel: str, at_hand: Sequence[Card]) -> list[str]:
        """The items whose pages change when these cards come on the shelf."""
        with self._database.read() as connection:
            return _beside(View(connection, channel, at_hand))

    def standing(self, channel: str, at_once: int) -> Iterator[list[str]]:
        """All items that stand in a channel in the order of their publication, so many at once."""
        with self._database.read() as connection:
            found = connection.execute(_ALL_STANDING, {"channel": channel})
            ids = [row.item_id for row in found]
        for start in range(0, len(ids), at_once):
            yield ids[start : start + at_once]

    def load(
        self, channel: str, item_ids: Sequence[str], now: datetime, *, with_bytes: bool = True
    ) -> list[Item]:
        """These items as they stand now, with the bytes of their assets."""
        with self._database.read() as connection:
            return _standing(connection, channel, item_ids, now, with_bytes=with_bytes)

    def keep(self, channel: str, at_hand: Sequence[Card]) -> None:
        """Put these cards on the shelf; what they were before is forgotten."""
        with self._database.write() as connection:
            keep(connection, channel, at_hand)


def _facts(view: View, ways: HasLists, *, grown: bool) -> Shelf:
    """What is so whichever pages are at hand."""
    names = view.all_names()
    return Shelf(
        lists=tuple(names),
        grown=grown,
        bare=frozenset(names) - view.names_shown() if grown else frozenset(),
        fronts={name: tuple(view.newest(name, most)) for name, most in ways.fronts.items()},
        block_count=-(-view.lane(view.everything).length // ways.per_block),
        first=_first(view, ways.per_page),
    )


def _grows(view: View) -> bool:
    """Whether a list gets its first item to show or loses its last; also one that it may have got
    by a call of which nothing is known.
    """
    return any(
        not view.stays(one, name) and view.is_alone(name)
        for one in view.at_hand
        for name in view.places[one]
    )


def _touched(view: View, name: str, size: int) -> Iterator[ListPage]:
    """The pages of a list that the cards at hand change: theirs, the newest, and before those that
    are new to the list the page that now has a newer one.
    """
    sealed = view.lane(name).length // size
    touched: set[int] = set()
    for one in view.at_hand:
        if name in view.places[one]:
            page = view.places[one][name] // size
            touched.add(page)
            if view.is_new(one, name) and 0 < page < sealed:
                touched.add(page - 1)
    for page in sorted(touched):
        if page < sealed:
            yield _page(view, name, page + 1, size)
    yield _page(view, name, None, size)


def _page(view: View, name: str, number: int | None, size: int) -> ListPage:
    length = view.lane(name).length
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
        cards=tuple(found[one] for one in reversed(ids) if one in found),
        sealed=sealed,
        changed=tuple(found[one] for one in changed if one in found),
    )


def _beside(view: View) -> list[str]:
    """The items whose pages change because those at hand do."""
    found: dict[str, None] = {}
    for one in view.at_hand:
        found |= {other: None for other in view.neighbours(one) if other}
    for others in view.partners(list(view.at_hand)).values():
        found |= dict.fromkeys(others[:_MOST_BESIDE])
    return [one for one in view.cards(found) if one not in view.at_hand]


def _near(view: View, item_ids: Sequence[str]) -> dict[str, Near]:
    beside = {one: view.neighbours(one) for one in item_ids}
    partners = view.partners(item_ids)
    wanted = [*item_ids, *(other for pair in beside.values() for other in pair if other)]
    wanted += [one for others in partners.values() for one in others[:_MOST_BESIDE]]
    found = view.cards(wanted)
    return {
        one: Near(
            older=found.get(older or ""),
            newer=found.get(newer or ""),
            partners=tuple(_partners(found, one, partners[one])),
        )
        for one, (older, newer) in beside.items()
    }


def _partners(found: Mapping[str, Card], one: str, others: Iterable[str]) -> list[Card]:
    """Those that one of the two names now and that are listed. A withdrawn one stays where it is
    named: who explains it has to say so.
    """
    named = found[one].related if one in found else ()
    cards = (found[other] for other in others if other in found)
    now = (card for card in cards if card.item_id in named or (card.listed and one in card.related))
    return list(islice(now, _MOST_PARTNERS))


def _block(view: View, number: int, size: int) -> Block:
    """The addresses in their order; what is at hand as if it were out."""
    first = (number - 1) * size
    found = view.addresses(first, first + size)
    return Block(number=number, entries=tuple(found[place] for place in sorted(found)))


def _first(view: View, size: int) -> Card | None:
    """The oldest that has come out, which is among the first unless all those failed."""
    ids = view.stretch(view.everything, 0, size) if view.everything else []
    found = view.cards(ids)
    return next((found[one] for one in ids if one in found), None)


def _standing(
    connection: Connection,
    channel: str,
    item_ids: Sequence[str],
    now: datetime,
    *,
    with_bytes: bool = False,
) -> list[Item]:
    given = connection.execute(_ORDERS_OF, {"items": list(item_ids)}).all()
    asked = {"orders": [row.id for row in given], "channel": channel}
    became = {row.order_id: row for row in connection.execute(_DELIVERIES_OF, asked)}
    ours = [row for row in given if row.id in became]
    rows = {row.item_id: row for row in ours if became[row.id].stands_since}
    # Whatever became of a withdrawal that was begun: what it takes back is not put out again.
    rows |= {
        row.item_id: row for row in ours if row.item_id in rows and _is_begun(row, became[row.id])
    }
    found = load(connection, [_wanted(row) for row in rows.values()], now, with_bytes=with_bytes)
    return sorted(found, key=lambda item: item.url)


def _is_begun(order: Any, delivery: Any) -> bool:
    begun = delivery.attempts > 0 and delivery.status != Status.CANCELLED
    return bool(order.action == Action.WITHDRAW and begun)


def _wanted(row: Any) -> Wanted:
    return Wanted(revision_id=row.revision_id, order_id=row.id, action=Action(row.action))
