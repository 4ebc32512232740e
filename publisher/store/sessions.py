"""Sessions: who is in just now, and who was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from publisher.access import Person, Role
from publisher.store import audit
from publisher.store.engine import Database
from publisher.store.office_tables import sessions, users

KEPT = timedelta(days=30)
"""So long it is still known whose an old cookie was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`digest` is the SHA-256 of what the cookie holds; it opens nothing."""

    digest: bytes
    person: Person
    active: bool
    """Whether its person still may come in."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    address: str
    agent: str

    def lasts(self, now: datetime, idle: timedelta) -> bool:
        """Whether it lets anybody in now."""
        in_time = now < self.expires_at and now - self.seen_at < idle
        return self.active and self.ended_at is None and in_time


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    digest: bytes
    expires_at: datetime
    address: str
    agent: str


_WITH_PERSON = select(
    sessions, users.c.login, users.c.name, users.c.role, users.c.department, users.c.must_change,
    users.c.active,
).join(users, users.c.id == sessions.c.user_id)  # fmt: skip
_ONE = _WITH_PERSON.where(sessions.c.digest == bindparam("digest"))
_OPEN = _WITH_PERSON.where(
    sessions.c.ended_at.is_(None), sessions.c.expires_at > bindparam("now")
).order_by(sessions.c.seen_at.desc())
_OPEN_OF_ONE = _OPEN.where(users.c.login == bindparam("login"))


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, digest: bytes) -> Session | None:
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"digest": digest}).first()
            return _session(row) if row else None

    def open(self, now: datetime, login: str = "") -> list[Session]:
        """Those not at their end, of one user or of all; the last seen first."""
        query = _OPEN_OF_ONE if login else _OPEN
        with self._database.read() as connection:
            return [_session(row) for row in connection.execute(query, _asked(now, login))]

    def see(self, digest: bytes, now: datetime) -> None:
        """Somebody came with it at this time."""
        with self._database.write() as connection:
            connection.execute(
                update(sessions)
                .where(sessions.c.digest == digest, sessions.c.seen_at < now)
                .values(seen_at=now)
            )

    def end(self, digest: bytes, *, by: str, now: datetime) -> bool:
        """End one session; False if it is at its end, or none."""
        with self._database.write() as connection:
            row = connection.execute(_ONE, {"digest": digest}).first()
            if row is None or row.ended_at is not None:
                return False
            person = _session(row).person
            _end(connection, now, sessions.c.digest == digest)
            act = "logout" if by == person.actor else "session_revoked"
            audit.write(connection, at=now, actor=by, act=act, detail=person.actor)
        return True

    def end_all(self, login: str, *, by: str, now: datetime, but: bytes = b"") -> int:
        """End every session of a user but perhaps one; how many that were."""
        with self._database.write() as connection:
            found = connection.execute(_OPEN_OF_ONE, _asked(now, login)).all()
            ours = [row for row in found if row.digest != but]
            if not ours:
                return 0
            person = _session(ours[0]).person
            end_sessions(connection, person.id, now, but=but)
            detail = f"{person.actor}：{len(ours)} 个"
            audit.write(connection, at=now, actor=by, act="session_revoked", detail=detail)
        return len(ours)


def begin_session(connection: Connection, user_id: int, new: NewSession, now: datetime) -> None:
    """Begin a session, and forget those that nobody will ask about any more."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < now - KEPT))
    connection.execute(
        insert(sessions).values(
            digest=new.digest,
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=new.expires_at,
            address=new.address,
            agent=new.agent,
        )
    )


def end_sessions(connection: Connection, user_id: int, now: datetime, *, but: bytes = b"") -> None:
    """End every session of a user but perhaps one."""
    _end(connection, now, sessions.c.user_id == user_id, sessions.c.digest != but)


def _end(connection: Connection, now: datetime, *which: Any) -> None:
    connection.execute(
        update(sessions).where(sessions.c.ended_at.is_(None), *which).values(ended_at=now)
    )


def _asked(now: datetime, login: str) -> dict[str, object]:
    return {"now": now, "login": login} if login else {"now": now}


def _session(row: Any) -> Session:
    return Session(
        digest=bytes(row.digest),
        person=Person(
            id=row.user_id,
            login=row.login,
            name=row.name,
            role=Role(row.role),
            department=row.department,
            must_change=row.must_change,
        ),
        active=row.active,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        address=row.address,
        agent=row.agent,
    )
