"""A rig: one adapter together with its outside world, as the contract suite needs it.

Each channel has `tests/contract/rig_<channel>.py` with a class `Rig` that fits this protocol; the
suite finds them by name, and a test fails when a channel of the project has none.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, Self

from publisher.channel import Channel, Recipient
from publisher.model import Item


class Trouble(StrEnum):
    """What can go wrong outside. Each rig says which of these its world knows."""

    UNREACHABLE = "unreachable"  # certain: nothing went out; may pass
    REFUSED = "refused"  # certain: nothing went out; will not pass
    BUSY = "busy"  # certain: nothing went out; the other side asks to come back later
    SILENT = "silent"  # it went out, but no answer ever comes
    CUT = "cut"  # it went out, then the connection was reset
    BROKEN = "broken"  # it went out, then a server error or nonsense was answered


class Rig(Protocol):
    channel: Channel
    troubles: frozenset[Trouble]
    secrets: tuple[str, ...]
    """Strings that must show in no error, repr or receipt (secrets, phone numbers)."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def items(self) -> Sequence[Item]:
        """A batch that this channel can carry."""
        ...

    def hopeless(self) -> Sequence[Item]:
        """A batch that `render` must refuse with PermanentError; empty if there is none."""
        ...

    def recipients(self) -> Sequence[Recipient]:
        """For an addressed channel at least two citizens; else empty."""
        ...

    def ledger(self) -> Sequence[str]:
        """What the public has got so far, one line each; grows by what one `send` puts out."""
        ...

    def tested(self) -> Sequence[str]:
        """What the test recipient has got so far, one line each. Only for a HasTrial channel, which
        is to be built with a test recipient who is none of the public.
        """
        ...

    def untested(self) -> Channel:
        """The channel as a city has it that names no test recipient. As `tested`."""
        ...

    def trouble(self, trouble: Trouble) -> None:
        """From now on the point of no return of `send` meets this, and that of `trial`."""
        ...

    def finish(self) -> None:
        """Let the outside come to the good end of everything it accepted."""
        ...

    def shown(self) -> str:
        """All that can still be seen of this channel through us, as one text without mark-up: what
        the public sees, what was sent to citizens, and what lies ready for those who post or air.
        """
        ...

    def tamper(self) -> None:
        """Behind our back, take away or alter what stands outside. Only for a HasVerify channel."""
        ...
