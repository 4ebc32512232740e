"""What a person sees of a rendition before, or after, it goes out: panes. Pure data.

A pane names files of the rendition and never holds their bytes; the console shows them. A channel
whose readers get something else than files (a message, a voice) says so itself (`HasPreview`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from publisher.channel.things import File, Rendition
from publisher.model import Item


class Width(StrEnum):
    """What the reader holds in the hand, or has on the desk."""

    DESKTOP = "desktop"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An HTML file of the rendition, as it looks in a browser of this width."""

    title: str
    file: str
    width: Width = Width.DESKTOP
    beside: tuple[File, ...] = ()
    """What the page loads and the rendition does not keep (its style sheet), by the names under
    which its relative links find them.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """A PDF file of the rendition, to be shown page by page."""

    title: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the rendition."""

    title: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file of plain text."""

    title: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that nobody but its own program can show."""

    title: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message as it stands on a phone."""

    text: str
    parts: int
    """How many messages it is charged as."""
    characters: int
    """Its length as the networks count it."""
    to: tuple[str, ...]
    """Who gets it, in words for staff: topics asked for, or what they got before. No addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubbles:
    """Messages, one below the other."""

    title: str
    bubbles: tuple[Bubble, ...]


class Mark(StrEnum):
    """What a reader's eye is to be drawn to."""

    SAME = "same"
    CHANGED = "changed"
    LEFT = "left"
    """Nothing was sure of it: the person who reads it out must settle it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence as written and as it is said."""

    written: str
    spoken: str
    changes: tuple[tuple[str, str], ...] = ()
    """Words that are said otherwise than written: from what, to what ("" where left unsaid)."""
    left: tuple[str, ...] = ()
    """What the announcer must settle, as written."""

    @property
    def mark(self) -> Mark:
        if self.left:
            return Mark.LEFT
        return Mark.CHANGED if self.changes else Mark.SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Written and spoken, sentence by sentence; the file is the text before the announcer."""

    title: str
    pairs: tuple[Pair, ...]
    file: str


Pane: TypeAlias = Page | Sheets | Picture | Text | Download | Bubbles | SideBySide


@runtime_checkable
class HasPreview(Protocol):
    """A channel that knows better than the types of its files how its reader gets a rendition."""

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        """At least one pane, the most telling first. Pure.

        `rendition` is one of these items, fresh from `render` or as it was kept: then without what
        was `around`. What is shown is what stands in it, whatever the settings have become since.
        """
        ...


def panes_of(channel: object, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
    """The panes of any channel: its own, or else one for each file by its type."""
    if isinstance(channel, HasPreview):
        return channel.preview(items, rendition)
    return panes_by_type(rendition.files)


def panes_by_type(files: Sequence[File]) -> tuple[Pane, ...]:
    """A pane for each file, called by its name."""
    return tuple(_pane(file) for file in files)


def _pane(file: File) -> Pane:
    kind = file.media_type.partition(";")[0].strip().lower()
    title = file.name.rpartition("/")[2]
    match kind.partition("/"):
        case ("text", _, "html"):
            return Page(title=title, file=file.name)
        case ("text", _, "plain"):
            return Text(title=title, file=file.name)
        case ("application", _, "pdf"):
            return Sheets(title=title, file=file.name)
        case ("image", _, _):
            return Picture(title=title, file=file.name)
        case _:
            return Download(title=title, file=file.name)
