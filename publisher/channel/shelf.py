"""What already stands in a window channel: cards on a shelf, in lists that are cut into pages.

The core keeps the cards and knows their places; what they say and which lists there are is the
channel's own business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from publisher.model import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the lists, feeds and links of a channel show of one item that stands there.

    The channel makes it of the item, the core keeps it while the item stands and gives it back:
    so a list is made without reading what it lists. `data` is the channel's own.
    """

    item_id: str
    lists: tuple[str, ...]
    """The lists it belongs to, by names of the channel's own. The first is that of everything: in
    it an item has its neighbours, and its address its block.
    """
    related: tuple[str, ...] = ()
    listed: bool = True
    """False for what was withdrawn: it keeps its places and is no one's neighbour or partner."""
    url: str
    changed_at: datetime
    news_at: datetime | None = None
    """When citizens were last told that it was corrected or withdrawn; None: never."""
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of a list, newest first. Its places never move: what stands on a page stays on it.

    A page is sealed when all its places are taken. `number` counts sealed pages, the oldest being
    1. The newest page (`number` None) shows the last sealed one and what has come after it.
    """

    list: str
    number: int | None
    cards: tuple[Card, ...]
    sealed: int
    """How many sealed pages the list has."""
    changed: tuple[Card, ...] = ()
    """Of the newest page: those of the whole list that citizens were last told of, latest first: a
    page of them at least, and all of a month.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What stands beside an item: the one published before it, the one after it, its partners."""

    older: Card | None = None
    newer: Card | None = None
    partners: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of the addresses of all items, in the order of their publication, each with the time
    of its last change. `number` counts blocks, the oldest being 1.
    """

    number: int
    entries: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What already stands in a window channel, as far as some items touch it."""

    lists: tuple[str, ...] = ()
    """All lists there are, in the order of their first item."""
    grown: bool = False
    """Whether a list has got its first item to show or lost its last, so that what names all lists
    has to be made again.
    """
    bare: frozenset[str] = frozenset()
    """Where `grown`: those in which nothing is shown any more. Not even their names are."""
    pages: tuple[ListPage, ...] = ()
    """Every page of a list that the items change."""
    fronts: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)
    """Of each list that the channel always wants to see: its newest cards, newest first."""
    near: Mapping[str, Near] = field(default_factory=dict)
    """By item: what stands beside it, for the items at hand and for those in `beside`."""
    beside: tuple[Item, ...] = ()
    """Items whose own pages change because these do; without the bytes of their assets."""
    blocks: tuple[Block, ...] = ()
    """The blocks of addresses that the items change."""
    block_count: int = 0
    first: Card | None = None
    """The very first that was published."""


NOTHING = Shelf()
