"""The three ways an adapter may fail.

    DeliveryError
    ├── TemporaryError   certain: nothing went out; trying later may help
    ├── PermanentError   certain: nothing went out; trying again unchanged cannot help
    └── OutcomeUnknown   it may be out

Anything else that escapes `send` is a bug and counts as OutcomeUnknown; anything else that
escapes `render` is a bug and counts as PermanentError, since nothing can have gone out.
"""

from datetime import timedelta

from publisher.model import ReasonClass


class DeliveryError(Exception):
    """Why something did not go out, in one Chinese sentence for staff.

    `reason` never holds the text of a network library's exception: that carries URLs, and those
    carry secrets. `raw` is the other side's own word (an error code, a status line), redacted.
    """

    def __init__(
        self, reason: str, kind: ReasonClass = ReasonClass.PROVIDER, raw: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind
        self.raw = raw


class TemporaryError(DeliveryError):
    """Certain: nothing went out. `retry_after` is the wait the other side asked for."""

    def __init__(
        self,
        reason: str,
        kind: ReasonClass = ReasonClass.PROVIDER,
        raw: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason, kind, raw)
        self.retry_after = retry_after


class PermanentError(DeliveryError):
    """Certain: nothing went out. `field` is the item's field that must be mended, if one is."""

    def __init__(
        self,
        reason: str,
        kind: ReasonClass = ReasonClass.CONTENT,
        raw: str = "",
        field: str = "",
    ) -> None:
        super().__init__(reason, kind, raw)
        self.field = field


class OutcomeUnknown(DeliveryError):
    """The call left us and its end is not known (read timeout, reset, 5xx after the body)."""
