"""Alerts: how staff are told that something needs them. Pure: a hook does the telling.

A hook's module offers `Options` (a pydantic model, unknown keys forbidden) and
`build(options: Options) -> Hook`. It is found by its dotted name, as a channel is.
"""

from dataclasses import dataclass, replace
from typing import Protocol


class AlertFailed(Exception):
    """An alert that may not have reached staff; one Chinese sentence for the log, no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What staff are told in one go: one line for each delivery, and how many more there are."""

    headline: str
    lines: tuple[str, ...]
    more: int = 0

    def text(self) -> str:
        """All of it as plain text."""
        rest = [f"另有 {self.more} 条，用 publisher status 查看"] if self.more else []
        return "\n".join([self.headline, *self.lines, *rest])

    def within(self, most_bytes: int) -> "Alert":
        """As many whole lines as fit into so many bytes of text as UTF-8; the others are `more`."""
        fitting = self
        while fitting.lines and len(fitting.text().encode()) > most_bytes:
            fitting = replace(fitting, lines=fitting.lines[:-1], more=fitting.more + 1)
        return fitting


class Hook(Protocol):
    """One way to reach staff."""

    def tell(self, alert: Alert) -> int:
        """Hand the alert over, and say how many of its lines were in it: the first so many count as
        told, the others come with the next one. Raises AlertFailed when it cannot be sure that it
        was taken.
        """
        ...
