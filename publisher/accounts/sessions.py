"""Sessions: who is in, by the cookie of each request."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from publisher.access import Person
from publisher.accounts.errors import AccountError
from publisher.accounts.marks import LENGTH, digest_of
from publisher.store import StoreError, sessions
from publisher.store.sessions import Session

log = structlog.get_logger(__name__)

_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """`idle`: so long without a request, and it is over."""

    store: sessions.Sessions
    idle: timedelta

    def open(self, cookie: str, now: datetime, *, seen: bool = True) -> Person | None:
        """Who comes with this cookie: as what the user row says at this moment.

        `seen`: whether that is a sign of life; what a page does by itself is none.
        """
        found = self._find(cookie)
        if found is None or not found.lasts(now, self.idle):
            return None
        if seen and now - found.seen_at >= _SEEN_EVERY:
            self._see(found, now)
        return found.person

    def former(self, cookie: str, now: datetime) -> Person | None:
        """Whose session it was that is over: what somebody was typing must not be lost.

        None for a cookie that is forged, forgotten or still good, and for who was stopped.
        """
        found = self._find(cookie)
        if found is None or not found.active or found.lasts(now, self.idle):
            return None
        return found.person

    def lasting(self, now: datetime, login: str = "") -> list[Session]:
        """Who is in: one user, or everybody."""
        return [one for one in self.store.open(now, login) if one.lasts(now, self.idle)]

    def leave(self, cookie: str, now: datetime) -> None:
        """Log out; a cookie that is good for nothing any more is no mistake."""
        if found := self._find(cookie):
            self.store.end(found.digest, by=found.person.actor, now=now)

    def end(self, digest: str, *, by: str, now: datetime, login: str = "") -> None:
        """End the session with this digest (hexadecimal); with `login`, only one of that user.

        Raises AccountError if it is over already.
        """
        found = next(
            (one for one in self.lasting(now, login) if one.digest.hex() == digest.lower()), None
        )
        if found is None or not self.store.end(found.digest, by=by, now=now):
            raise AccountError("这个登录已经结束了", "session")

    def end_all(self, login: str, *, by: str, now: datetime, but: str = "") -> int:
        """End every session of a user, except with the cookie `but`; how many that were."""
        return self.store.end_all(login, by=by, now=now, but=digest_of(but) if but else b"")

    def _find(self, cookie: str) -> Session | None:
        return self.store.find(digest_of(cookie)) if len(cookie) == LENGTH else None

    def _see(self, found: Session, now: datetime) -> None:
        """Where that cannot be written, on a full disk say, people can still look."""
        try:
            self.store.see(found.digest, now)
        except StoreError as error:
            log.warning("session_not_seen", user=found.person.login, error=str(error))
