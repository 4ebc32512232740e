"""What goes wrong in a thread that goes on and tries again ends as a line in the log."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from publisher.store import StoreError
from publisher.vault import VaultError

log = structlog.get_logger(__name__)


class Caught:
    """A block of code out of which nothing comes; `event` is what the log calls its failure.

    A cause that we have a sentence for is said once until it changes, and once that it is over.
    Anything else is a bug of ours, told with its traceback each time.
    """

    def __init__(self, event: str) -> None:
        self._event = event
        self._last: dict[str, str] = {}

    @contextmanager
    def __call__(self, **where: str) -> Iterator[None]:
        """`where` says which of several things it is: each has its own last cause."""
        one = " ".join(where.values())
        try:
            yield
        except (StoreError, VaultError) as error:
            reason = str(error)
            if self._last.get(one) != reason:
                log.error(self._event, **where, reason=reason)  # noqa: TRY400 - one sentence
            self._last[one] = reason
        except BaseException as error:  # a panic in Rust is no Exception
            self._last.pop(one, None)
            log.exception(self._event, **where, error=type(error).__name__)
        else:
            if self._last.pop(one, ""):
                log.warning("well_again", **where)
