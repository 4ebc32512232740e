"""Logins: every try to come in, counted before its password is looked at.

A try counts as failed from its first moment and is forgiven when it succeeds: so a hundred at the
same time are no more than the limit, and one whose process died is not for free.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, select, update

from publisher.store import audit
from publisher.store.accounts import User, user_by_id
from publisher.store.engine import Database
from publisher.store.office_tables import logins
from publisher.store.sessions import NewSession, begin_session

NOBODY = "（未登录）"
"""Who did it, where nobody has come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many tries may fail within a time, of one account and from one place."""

    per_account: int = 5
    per_address: int = 20
    within: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Somebody who wants to come in, with what we count by."""

    login: str
    place: str


@dataclass(frozen=True, slots=True)
class Barred:
    """No more tries until then."""

    until: datetime


_FAILED = (
    select(logins.c.at)
    .where(~logins.c.succeeded, logins.c.at > bindparam("since"))
    .order_by(logins.c.at.desc())
    .offset(bindparam("limit", type_=Integer) - 1)
    .limit(1)
)
"""When the failure happened with which the limit was reached, counted back from now."""
_FORGIVEN = select(func.coalesce(func.max(logins.c.id), 0)).where(
    logins.c.login == bindparam("login"), logins.c.succeeded
)
_OF_ACCOUNT = _FAILED.where(
    logins.c.login == bindparam("login"), logins.c.id > _FORGIVEN.scalar_subquery()
)
_OF_PLACE = _FAILED.where(logins.c.address == bindparam("place"))


class Logins:
    def __init__(self, database: Database) -> None:
        self._database = database

    def barred(self, one: Try, limits: Limits, now: datetime) -> Barred | None:
        """Whether it may not even be tried. Writes nothing: who floods us holds up nobody."""
        with self._database.read() as connection:
            return _barred(connection, one, limits, now)

    def begin(self, one: Try, limits: Limits, now: datetime) -> int | Barred:
        """The id of a try that may go on, or that it may not."""
        with self._database.write() as connection:
            if barred := _barred(connection, one, limits, now):
                return barred
            connection.execute(delete(logins).where(logins.c.at <= now - limits.within))
            begun: int = connection.execute(
                insert(logins)
                .values(login=one.login, address=one.place, at=now, succeeded=False)
                .returning(logins.c.id)
            ).scalar_one()
            return begun

    def refuse(self, one: Try, limits: Limits, *, detail: str, now: datetime) -> None:
        """A try has failed. That it was the last one for some time is told once, not each time
        somebody is turned away: nobody can fill the audit from outside.
        """
        with self._database.write() as connection:
            _say(connection, "login_refused", detail, now)
            if barred := _barred(connection, one, limits, now):
                minutes = round((barred.until - now).total_seconds() / 60)
                _say(connection, "login_throttled", f"{detail}；{minutes} 分钟内不再受理", now)

    def refuse_outright(self, *, detail: str, now: datetime) -> None:
        """Somebody was turned away who had no password to try."""
        with self._database.write() as connection:
            _say(connection, "login_refused", detail, now)

    def forgive(self, begun: int) -> None:
        """A try has succeeded: what failed before it counts no more for its account."""
        with self._database.write() as connection:
            _forgive(connection, begun)

    def forget(self, login: str) -> None:
        """What failed for an account, as it is counted, counts no more: it has a new password."""
        with self._database.write() as connection:
            connection.execute(delete(logins).where(logins.c.login == login))

    def enter(
        self, user: User, session: NewSession, *, begun: int | None, detail: str, now: datetime
    ) -> User | None:
        """Begin a session of a user; None if the user has changed since we looked, and may not."""
        with self._database.write() as connection:
            found = user_by_id(connection, user.id)
            if not found.active or found.password != user.password:
                return None
            if begun is not None:
                _forgive(connection, begun)
            begin_session(connection, user.id, session, now)
            audit.write(connection, at=now, actor=found.person.actor, act="login", detail=detail)
        return found


def _barred(connection: Connection, one: Try, limits: Limits, now: datetime) -> Barred | None:
    asked = {"login": one.login, "place": one.place, "since": now - limits.within}
    ats = [
        connection.execute(query, asked | {"limit": limit}).scalar()
        for query, limit in ((_OF_ACCOUNT, limits.per_account), (_OF_PLACE, limits.per_address))
    ]
    reached = [at for at in ats if at]
    return Barred(max(reached) + limits.within) if reached else None


def _forgive(connection: Connection, begun: int) -> None:
    connection.execute(update(logins).where(logins.c.id == begun).values(succeeded=True))


def _say(connection: Connection, act: str, detail: str, now: datetime) -> None:
    audit.write(connection, at=now, actor=NOBODY, act=act, detail=detail)
