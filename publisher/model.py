"""The nouns of the publisher. Pure: no clock, no I/O, no other room of ours.

Chinese names of the nouns stand in docs/architecture.md; the status list and its arrows are
drawn in docs/state-machine.md, which is generated from ARROWS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from enum import StrEnum

from publisher.content import Document


class Status(StrEnum):
    """Where one delivery stands. Every channel's own words are mapped onto these ten."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    ACCEPTED = "accepted"
    AWAITING = "awaiting"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"
    LOST = "lost"
    CANCELLED = "cancelled"


ARROWS: Mapping[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SENDING, Status.HELD, Status.CANCELLED}),
    Status.HELD: frozenset({Status.QUEUED, Status.CANCELLED}),
    Status.SENDING: frozenset(
        {
            Status.ACCEPTED,
            Status.AWAITING,
            Status.DELIVERED,
            Status.QUEUED,
            Status.FAILED,
            Status.UNKNOWN,
        }
    ),
    Status.ACCEPTED: frozenset({Status.DELIVERED, Status.FAILED, Status.UNKNOWN}),
    Status.AWAITING: frozenset({Status.DELIVERED, Status.FAILED}),
    Status.DELIVERED: frozenset({Status.LOST}),
    Status.UNKNOWN: frozenset({Status.DELIVERED, Status.ACCEPTED, Status.FAILED, Status.QUEUED}),
    Status.FAILED: frozenset({Status.QUEUED}),
    Status.LOST: frozenset({Status.QUEUED}),
    Status.CANCELLED: frozenset(),
}


NOT_AT_THEIR_END = tuple(one for one in Status if one not in {Status.DELIVERED, Status.CANCELLED})
"""What may still need somebody: a person, a worker, or time."""


class IllegalTransition(Exception):
    """A status was about to move along an arrow that does not exist: a bug, never an outcome."""


def move(current: Status, to: Status) -> Status:
    """Return `to` if the arrow exists (staying is always allowed); else raise IllegalTransition."""
    if to is not current and to not in ARROWS[current]:
        raise IllegalTransition(f"{current} -> {to}")
    return to


class ReasonClass(StrEnum):
    """Whose move it is when a delivery did not go out."""

    CONTENT = "content"
    PERMISSION = "permission"
    QUOTA = "quota"
    ADDRESS = "address"
    PROVIDER = "provider"
    INTERNAL = "internal"


class Action(StrEnum):
    """What an order does with a revision in its channels."""

    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that belongs to the approved content: an attachment, or a picture of the body.

    `name` is unique within the revision and is how the body refers to it; `title` is what a
    reader sees (for a picture: its alt text). `data` is empty where only the facts are needed.
    """

    name: str
    title: str
    media_type: str
    sha256: str
    size: int
    data: bytes = attribute(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPeriod:
    """公示期: first and last day, both counted, and where objections go."""

    first: date
    last: date
    place: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved which bytes: bound to the content hash, so any edit voids it."""

    content_hash: str
    approvers: tuple[Approver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Immutable content of an item with its approval. Field names are those of the item JSON."""

    number: int
    content_hash: str
    approval: Approval
    title: str
    document: Document
    department: str
    formed_on: date
    doc_number: str = ""
    field: str = ""
    five_open_stage: str = ""
    kind: str = ""
    audience: str = ""
    validity: str = "有效"
    short_title: str = ""
    summary: str = ""
    contact: str = ""
    topics: tuple[str, ...] = ()
    urgent: bool = False
    attachments: tuple[Asset, ...] = ()
    images: tuple[Asset, ...] = ()
    related: tuple[str, ...] = ()
    posting: PostingPeriod | None = None
    valid_until: date | None = None
    """The last day on which it is valid; None: until it is withdrawn."""

    def image(self, name: str) -> Asset:
        """The picture the body calls `name`; KeyError when the revision has none."""
        for asset in self.images:
            if asset.name == name:
                return asset
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What citizens are told happened to an item after it was out: corrected, withdrawn, expired.

    `reason` is one Chinese sentence for citizens; `at` is when it was ordered, aware.
    """

    action: Action
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one channel has, or may have, out of an item by an earlier order.

    `key` is the key of the batch it went out with and `position` its place in it, from 0;
    `reference` and `url` are what the outside gave (empty where the outcome is unknown); `title`
    and `short_title` are those it went out under.
    """

    key: str
    position: int
    status: Status
    reference: str = ""
    url: str = ""
    title: str = ""
    short_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of public information as a channel gets it.

    `url` is the page on the city's website and `number` the index number (索引号); both are given
    at submit and never change. `published_at` is the first-published time, aware, once it is out;
    before that, the moment this batch was frozen.

    `action` is what to do with it in this channel. `notices` are all that citizens are told,
    oldest first; a minor correction leaves none. `traces` are what the channel has out of it,
    oldest first; empty when it is new here.
    """

    id: str
    number: str
    url: str
    published_at: datetime
    revision: Revision
    action: Action = Action.PUBLISH
    notices: tuple[Notice, ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def changed_at(self) -> datetime:
        """When what citizens are told about it last changed: published, or the latest notice."""
        return self.notices[-1].at if self.notices else self.published_at
