"""Causes: over what the workers of this machine failed last, for a person who asks elsewhere.

A small file each, in the data folder, which every process of the city on this machine shares,
whichever database it has. Who fails writes it; who does the same thing well removes it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Cause:
    """`name` is the channel, or the timer, that it keeps from working; `reason` is for staff."""

    name: str
    reason: str
    since: datetime


class Causes:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, reason: str) -> None:
        """Never fails: where nothing can be written the log alone has it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_text(reason, "utf-8")
        except OSError as error:
            log.warning("cause_not_kept", name=name, error=type(error).__name__)

    def drop(self, name: str) -> None:
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("cause_not_dropped", name=name, error=type(error).__name__)

    def lasting(self) -> list[Cause]:
        """What has not been done well since."""
        found = []
        for file in sorted(self._folder.glob("*")):
            try:
                since = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                found.append(Cause(file.name, file.read_text("utf-8"), since))
            except FileNotFoundError:
                continue  # well again this very moment
            except OSError as error:
                log.warning("cause_not_read", name=file.name, error=type(error).__name__)
        return found
