"""What keeps somebody from coming in, or an account from being as asked for."""

from datetime import datetime


class AccountError(Exception):
    """One Chinese sentence for the person who asked, and the field that it is about."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class Throttled(AccountError):
    """Too many tries have failed; it may be tried again at `until`."""

    def __init__(self, sentence: str, field: str, until: datetime) -> None:
        super().__init__(sentence, field)
        self.until = until


class Busy(AccountError):
    """Too many people are coming in at this very moment."""
