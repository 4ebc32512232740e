"""What passes between the core and an adapter: what goes out, to whom, and what comes back."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from publisher.channel.shelf import Card
from publisher.model import Status


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

    `around` are files that say something of many items: lists, feeds, the pages of neighbours. They
    are put out with the others but not kept: each publication makes them anew. `cards` are added by
    the core: what lists show of the items from now on.
    """

    files: tuple[File, ...]
    notes: tuple[str, ...] = ()
    around: tuple[File, ...] = ()
    cards: tuple[Card, ...] = ()

    @cached_property
    def sha256(self) -> str:
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return sha256(lines.encode()).hexdigest()

    @property
    def every(self) -> tuple[File, ...]:
        """All that is put out."""
        return (*self.files, *self.around)

    def file(self, name: str) -> File:
        for one in self.every:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much of something the other side lets us do, by its own count."""

    title: str
    """What it is that is counted, in Chinese."""
    used: int
    limit: int
    left: int
    resets: str
    """When it begins anew, in Chinese: «每天»."""
