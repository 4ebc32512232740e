"""The channel contract: what an adapter promises the core, and the three ways it may fail.

    DeliveryError
    ├── TemporaryError   certain: nothing went out; trying later may help
    ├── PermanentError   certain: nothing went out; trying again unchanged cannot help
    └── OutcomeUnknown   it may be out

Anything else that escapes `send` is a bug and counts as OutcomeUnknown; anything else that
escapes `render` is a bug and counts as PermanentError, since nothing can have gone out.

Pure: this module imports nothing that touches the outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from publisher.model import Item, ReasonClass, Status, Trace


class DeliveryError(Exception):
    """Why something did not go out, in one Chinese sentence for staff.

    `reason` never holds the text of a network library's exception: that carries URLs, and those
    carry secrets. `raw` is the other side's own word (an error code, a status line), redacted.
    """

    def __init__(
        self, reason: str, kind: ReasonClass = ReasonClass.PROVIDER, raw: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.raw = raw


class TemporaryError(DeliveryError):
    """Certain: nothing went out. `retry_after` is the wait the other side asked for."""

    def __init__(
        self,
        reason: str,
        kind: ReasonClass = ReasonClass.PROVIDER,
        raw: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason, kind, raw)
        self.retry_after = retry_after


class PermanentError(DeliveryError):
    """Certain: nothing went out. `field` is the item's field that must be mended, if one is."""

    def __init__(
        self,
        reason: str,
        kind: ReasonClass = ReasonClass.CONTENT,
        raw: str = "",
        field: str = "",
    ) -> None:
        super().__init__(reason, kind, raw)
        self.field = field


class OutcomeUnknown(DeliveryError):
    """The call left us and its end is not known (read timeout, reset, 5xx after the body)."""


@dataclass(frozen=True)
class File:
    """One file of a rendition; `name` is a relative path with forward slashes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Rendition:
    """The exact bytes for one batch in one channel.

    The first file is the one a person looks at in a preview. `notes` tell staff what was changed
    or left out on the way (an image scaled, a link made a footnote); they are not sent.
    """

    files: tuple[File, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return sha256(lines.encode()).hexdigest()

    def file(self, name: str) -> File:
        for one in self.files:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One citizen of an addressed batch. The address is in clear, so it never shows in a repr."""

    id: int
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one recipient: found by the batch's reference and the address.

    `status` is delivered, failed, or accepted (still under way); `code` the other side's own word.
    """

    reference: str
    address: str = field(repr=False)
    status: Status
    code: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the outside gave back. `reference` is the other side's name for what it took."""

    status: Status
    reference: str = ""
    url: str = ""
    reason: str = ""
    raw: str = ""
    urls: tuple[str, ...] = ()
    """Where each item of the batch can be seen, in their order; without it `url` serves all."""
    reports: tuple[Report, ...] = ()


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

    def render(self, items: Sequence[Item], recent: Sequence[Item] = ()) -> Rendition:
        """Return the exact bytes for these items. Pure: same items, same bytes; no clock, no I/O
        beyond the templates and fonts of the house.

        `item.action` says what to do with each: publish it, correct it, withdraw it, or mark it as
        expired (asked of channels that edit and of those served by people only). Of a withdrawn
        item nothing may be shown but its title, its number and its last notice.
        Only a window channel gets items of several actions in one batch.

        `recent` is given to window channels only: what already stands, newest first, without
        the bytes of its assets, and without `items` themselves. Withdrawn items are among them.
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
