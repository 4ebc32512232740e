"""What goes wrong in a thread that goes on and tries again ends as a line in the log."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from publisher.runners.causes import Causes
from publisher.store import StoreError
from publisher.vault import VaultError

log = structlog.get_logger(__name__)


class Caught:
    """A block of code out of which nothing comes; `event` is what the log calls its failure.

    A cause that we have a sentence for is said once until it changes, and once that it is over.
    Anything else is a bug of ours, told with its traceback each time. `causes` keeps the last one.
    """

    def __init__(self, event: str, causes: Causes | None = None) -> None:
        self._event = event
        self._causes = causes
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
            self._keep(one, reason)
        except BaseException as error:  # a panic in Rust is no Exception
            kind = type(error).__name__
            log.exception(self._event, **where, error=kind)
            self._keep(one, f"程序错误（{kind}），请技术人员看日志")
        else:
            if self._last.pop(one, ""):
                log.warning("well_again", **where)
            if self._causes:
                self._causes.drop(one)  # perhaps of a process that was here before us

    def _keep(self, one: str, reason: str) -> None:
        if self._causes and self._last.get(one) != reason:
            self._causes.keep(one, reason)
        self._last[one] = reason
