"""Runners: where flushes run. The delivery rows say what is due; a runner only wakes."""

from typing import Protocol


class Service(Protocol):
    """Something that works in threads of its own until it is told to stop."""

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop: begin nothing new."""

    @property
    def alive(self) -> bool:
        """False once it has ended, by itself or because it was told to."""

    def start(self) -> None: ...

    def stop(self, timeout: float | None = None) -> bool:
        """Begin nothing new, wait for calls under way; False if one is still not back."""


class Runner(Service, Protocol):
    """Flushes channels, here or on any machine."""

    def wake(self, *channels: str) -> None:
        """Look now: at the channels named, or at all. Never fails: a sweep finds what it missed."""
