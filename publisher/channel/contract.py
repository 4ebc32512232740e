"""What an adapter promises the core."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from publisher.channel.shelf import NOTHING, Card, Shelf
from publisher.channel.things import File, Quota, Receipt, Recipient, Rendition
from publisher.model import Item, Trace


class Recall(StrEnum):
    """What a channel can do about what is already out."""

    EDITS = "edits"
    """Changes it in place; withdrawn and expired items too."""
    DELETES = "deletes"
    """Takes it away; a correction takes the old one away and puts out the new one."""
    FOLLOW_UP = "follow_up"
    """Cannot take it back; a correction or withdrawal is told to those who got the first."""
    HUMAN = "human"
    """A person replaces it or takes it down, and confirms."""


@dataclass(frozen=True, slots=True)
class House:
    """What every channel may know of the city and of the folders it may use."""

    city: str
    site_name: str
    site_url: str
    """Address of the website without a trailing slash; an item's url begins with it."""
    contact: str
    timezone: tzinfo
    fields: tuple[str, ...]
    stages: tuple[str, ...]
    templates: Path
    fonts: Path
    output: Path


class Channel(Protocol):
    """One configured outlet of the city.

    An adapter renders and sends. It does not retry, sleep, read the clock, touch the database or
    know another channel. All methods may be called from any thread, one call at a time.
    A channel module offers `Options` (a pydantic model, unknown keys forbidden) and
    `build(name: str, options: Options, house: House) -> Channel`.
    """

    name: str
    repeatable: bool
    """Sending the same rendition twice does no harm: a file is overwritten with itself."""
    idempotent: bool
    """The other side knows the key and does a thing once however often it is asked."""
    addressed: bool
    """Goes to single subscribers: `send` gets recipients, `check` brings reports."""
    recall: Recall
    remains: str
    """What stays with people after a withdrawal, in one Chinese sentence; "" if nothing does."""
    groupings: tuple[str, ...]
    """How its deliveries can go together: each, window, bundle, digest."""
    most_items: int
    """How many items one batch can carry."""
    most_recipients: int
    """How many recipients one batch can have; 0 for a channel of the public."""
    longest_call: timedelta
    """How long after its beginning a `send` may still put something out, by its own time limits and
    the most calls that it makes. On PostgreSQL a holder of the channel that was cut off may be in
    the middle of one: nobody decides before that about its batch.
    """

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        """Return the exact bytes for these items. Pure: same items, same bytes; no clock, no I/O
        beyond the templates and fonts of the house.

        `item.action` says what to do with each: publish it, correct it, withdraw it, or mark it as
        expired (asked of channels that edit and of those served by people only). Of a withdrawn
        item nothing may be shown but its title, its number and its last notice.
        Only a window channel gets items of several actions in one batch.

        `shelf` is given to channels with lists (`HasLists`): what stands around these items, with
        the items themselves in their places as if they were out already.
        Raises PermanentError when the items cannot be carried (title too long, picture missing).
        """
        ...

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        """Put it out. `key` is the batch's own (ASCII, at most 32 characters), the same for ever.

        Returns a receipt that is delivered, accepted (the end comes by `check`) or awaiting
        (a person must act). Raises one of the three errors.
        """
        ...

    def check(self, receipt: Receipt) -> Receipt:
        """Ask how something accepted ended; read-only. Returns `receipt` itself if nothing is new.

        The reports of an addressed channel may concern any batch of the channel.
        Raises TemporaryError when the other side cannot be asked now.
        """
        ...


@runtime_checkable
class HasLists(Channel, Protocol):
    """A window channel whose lists, feeds and links show what already stands in it."""

    per_page: int
    """How many places a page of a list has."""
    per_block: int
    """How many addresses a block has."""
    fronts: Mapping[str, int]
    """Lists of which `render` is always to see the newest cards, and how many."""

    def card(self, item: Item) -> Card:
        """What lists and links are to show of the item. Pure. Raises PermanentError."""
        ...

    def sweep(self, kept: Collection[str]) -> None:
        """After a rebuild: take away the files of lists that are none of these, as they may be of
        lists or pages of lists that there are no more. Raises TemporaryError.
        """
        ...


@runtime_checkable
class HasSearch(Protocol):
    """A channel whose readers can search what stands in it."""

    def search(self, words: str, page: int) -> File:
        """The page of results, from 1, as its reader gets it. Read-only; any thread may ask.

        Raises PermanentError where there is no search, TemporaryError where it fails now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that something in a channel breaks: where, and in one Chinese sentence what to do."""

    place: str
    rule: str
    sentence: str


@runtime_checkable
class HasInspection(Protocol):
    """A channel that can look through all it has put out for breaches of the rules."""

    def inspect(self, now: datetime, progress: Callable[[int, int], None]) -> Iterator[Breach]:
        """Every breach found. Read-only. `progress` hears how much is done, and of how much."""
        ...


@runtime_checkable
class HasLookup(Protocol):
    """A channel that can find out by the key whether a batch went out."""

    def lookup(self, key: str) -> Receipt | None:
        """A receipt if the batch is out, None if it surely is not. Read-only.

        Raises TemporaryError when it cannot be asked, OutcomeUnknown when it cannot say.
        """
        ...


@runtime_checkable
class HasVerify(Protocol):
    """A channel that can see with its own eyes whether what it delivered still stands."""

    def verify(self, item: Item, trace: Trace) -> str:
        """Return "" if it stands as it went out, else one Chinese sentence why it is lost.

        `item` is as it was rendered: of a withdrawn one (`item.action`) nothing may be seen any
        more. `trace` is what this very delivery gave. Read-only.
        Raises TemporaryError when it cannot be looked at now.
        """
        ...


@runtime_checkable
class HasQuota(Protocol):
    """A channel whose other side tells how much it still lets us do."""

    def quota(self) -> tuple[Quota, ...]:
        """What is left with the other side, the scarcest thing of daily work first. Read-only.

        Raises TemporaryError when it cannot be asked now.
        """
        ...


@runtime_checkable
class HasTrial(Protocol):
    """A channel that can show a rendition to one person of the staff before anybody else."""

    trial_to: str
    """Whom the settings name for it, as far as staff may read it (139****0001); "" if nobody."""

    def trial(self, rendition: Rendition, key: str) -> Receipt:
        """Send it to the configured test recipient and to nobody else; never to the public.

        `key` is the trial's own, of the same form as a batch's and the key of none. Returns what
        `send` would, but nothing follows: the recipient's own eyes are the check. Raises one of the
        three errors; PermanentError where nobody is configured, or where the rendition has nothing
        that a person could be shown.
        """
        ...
