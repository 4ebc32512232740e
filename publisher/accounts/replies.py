"""Replies: a request that is sent twice with the same Idempotency-Key is done once."""

import re
from dataclasses import dataclass
from datetime import datetime

from publisher.access import System
from publisher.accounts.errors import AccountError
from publisher.store import replies
from publisher.store.replies import Reply

_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True, slots=True)
class First:
    """Nobody has asked with this key: do it, and then `finish`, or `drop` where it came to nothing
    and may be tried again.
    """

    begun: Reply


@dataclass(frozen=True, slots=True)
class Kept:
    """It has been done: say the same again."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class InProgress:
    """It is being done just now."""


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """The key was used for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Kept for 24 hours, and for each token apart. Who began and died frees the key in 10 minutes:
    what is asked again then must bear being done twice.
    """

    store: replies.Replies

    def begin(
        self, system: System, key: str, request: str, now: datetime
    ) -> First | Kept | InProgress | OtherRequest:
        """`request`: SHA-256 of all that makes it what it is. Raises AccountError for a key that
        cannot be one.
        """
        if not _KEY.fullmatch(key):
            raise AccountError(
                "Idempotency-Key 应为 1 到 255 个英文字母、数字或符号，不含空格", "Idempotency-Key"
            )
        found, first = self.store.begin(system.token_id, key, request, now)
        if first:
            return First(found)
        if found.request != request:
            return OtherRequest()
        return InProgress() if found.status is None else Kept(found.status, found.body)

    def finish(self, first: First, status: int, body: str) -> bool:
        """Keep the answer; False if it took so long that the key has been freed."""
        return self.store.finish(first.begun, status, body)

    def drop(self, first: First) -> None:
        """Free the key: the request came to nothing."""
        self.store.drop(first.begun)
