"""The postman: how other systems are told of changes. Pure: an adapter makes the calls.

The adapter's module offers `Options` and `build(options) -> Postman`; publisher.adapters finds it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol


class UnsafeAddress(Exception):
    """An address that must not be called; one Chinese sentence says why and what to do."""


class NoAnswer(Exception):
    """It is not known that the call was taken; one Chinese sentence, nothing of the other side's.

    What was posted may have arrived all the same: it is posted again under the same key.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered; of its text nothing."""

    code: int
    retry_after: str = ""
    """The header of that name, as it came."""


class Postman(Protocol):
    """The only way out to addresses that people typed."""

    def check(self, url: str) -> None:
        """Raise UnsafeAddress unless this address may be called, as its name resolves now."""
        ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One call, within a bounded time; no redirect is followed.

        What `check` checks is checked again, and exactly the address that was checked is called.
        Raises UnsafeAddress or NoAnswer.
        """
        ...


def wait_of(retry_after: str, now: datetime, most: timedelta) -> timedelta | None:
    """How long the other side asks us to wait, at most so long; None if it says nothing we know."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), most)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), most)
