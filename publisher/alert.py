"""Alerts: how staff are told that something needs them. Pure: a hook does the telling.

A hook's module offers `Options` (a pydantic model, unknown keys forbidden) and
`build(options: Options) -> Hook`. It is found by its dotted name, as a channel is.
"""

from dataclasses import dataclass
from typing import Protocol


class AlertFailed(Exception):
    """An alert that may not have reached staff; one Chinese sentence for the log, no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What staff are told in one go: one line for each delivery, and how many more there are."""

    headline: str
    lines: tuple[str, ...]
    more: int = 0

    def text(self, most_bytes: int | None = None) -> str:
        """All of it as plain text; with a limit, as many whole lines as fit into it as UTF-8."""
        for many in range(len(self.lines), 0, -1):
            text = self._first(many)
            if most_bytes is None or len(text.encode()) <= most_bytes:
                return text
        return self._first(0)

    def _first(self, many: int) -> str:
        more = self.more + len(self.lines) - many
        rest = [f"另有 {more} 条，用 publisher status 查看"] if more else []
        return "\n".join([self.headline, *self.lines[:many], *rest])


class Hook(Protocol):
    """One way to reach staff."""

    def tell(self, alert: Alert) -> None:
        """Hand the alert over. Raises AlertFailed when it cannot be sure that it was taken."""
        ...
