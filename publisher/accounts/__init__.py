"""Accounts: who may come in, of the staff and of the city's other systems."""

from datetime import timedelta

from publisher.accounts.errors import AccountError, Busy, Throttled
from publisher.accounts.login import Entered, Entrance
from publisher.accounts.passwords import Passwords
from publisher.accounts.people import People
from publisher.accounts.replies import Replies
from publisher.accounts.sessions import Sessions
from publisher.accounts.tokens import Tokens
from publisher.store import Store
from publisher.store.logins import Limits

__all__ = [
    "AccountError",
    "Accounts",
    "Busy",
    "Entered",
    "Limits",
    "Passwords",
    "Throttled",
]

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=12)
TEMPORARY = timedelta(days=7)


class Accounts:
    """Everything about who may come in, over one store."""

    def __init__(
        self,
        store: Store,
        *,
        limits: Limits | None = None,
        idle: timedelta = IDLE,
        lifetime: timedelta = LIFETIME,
        temporary: timedelta = TEMPORARY,
        passwords: Passwords | None = None,
    ) -> None:
        kept = passwords or Passwords()
        self.people = People(
            accounts=store.accounts,
            logins=store.logins,
            passwords=kept,
            temporary=temporary,
            departments=lambda: store.matrix.choices().departments,
        )
        self.entrance = Entrance(
            accounts=store.accounts,
            logins=store.logins,
            passwords=kept,
            limits=limits or Limits(),
            lifetime=lifetime,
            temporary=temporary,
        )
        self.sessions = Sessions(store=store.sessions, idle=idle)
        self.tokens = Tokens(store=store.tokens)
        self.replies = Replies(store=store.replies)
