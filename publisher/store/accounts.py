"""Accounts: who of the staff may come in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from publisher.access import ROLE_WORDS, Person, Role
from publisher.store import audit
from publisher.store.engine import Database
from publisher.store.office_tables import users
from publisher.store.sessions import end_sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`password` is an Argon2id hash; "" of who comes in by single sign-on only."""

    id: int
    login: str
    name: str
    role: Role
    department: str
    password: str = field(repr=False)
    password_at: datetime
    """When somebody set it; a stronger hash of the same changes nothing here."""
    must_change: bool
    """The password is a temporary one."""
    active: bool
    created_at: datetime
    created_by: str

    @property
    def person(self) -> Person:
        return Person(
            id=self.id,
            login=self.login,
            name=self.name,
            role=self.role,
            department=self.department,
            must_change=self.must_change,
        )

    def temporary_until(self, lasts: timedelta) -> datetime | None:
        """When the password ends that an administrator gave; None where it is the person's own."""
        return self.password_at + lasts if self.must_change else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    login: str
    name: str
    role: Role
    department: str
    password: str = field(repr=False)
    must_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to become of a user, and in which words the audit has it."""

    user: User
    act: str
    detail: str = ""
    ends_sessions: bool = False


Decide = Callable[[User, int], Edit]
"""Of a user as it stands now, and of how many other administrators are active. May raise."""

_ONE = select(users).where(users.c.login == bindparam("login"))
_BY_ID = select(users).where(users.c.id == bindparam("id"))
_ALL = select(users).order_by(users.c.active.desc(), users.c.login)
_OTHER_ADMINISTRATORS = select(func.count()).where(
    users.c.active, users.c.role == Role.ADMINISTRATOR, users.c.id != bindparam("id")
)


class Accounts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[User]:
        """Everybody, the stopped ones last."""
        with self._database.read() as connection:
            return [user_of(row) for row in connection.execute(_ALL)]

    def find(self, login: str) -> User | None:
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"login": login}).first()
            return user_of(row) if row else None

    def add(self, new: NewUser, *, by: str, now: datetime) -> User | None:
        """Add a user; None if the login is taken."""
        with self._database.write() as connection:
            if connection.execute(_ONE, {"login": new.login}).first():
                return None
            row = connection.execute(
                insert(users)
                .values(
                    login=new.login,
                    name=new.name,
                    role=new.role,
                    department=new.department,
                    password=new.password,
                    password_at=now,
                    must_change=new.must_change,
                    active=True,
                    created_at=now,
                    created_by=by,
                )
                .returning(*users.c)
            ).one()
            of = f"（{new.department}）" if new.department else ""
            detail = f"{new.name}（{new.login}），{ROLE_WORDS[new.role]}{of}"
            audit.write(connection, at=now, actor=by, act="user_added", detail=detail)
        return user_of(row)

    def change(
        self, login: str, decide: Decide, *, by: str, now: datetime, but: bytes = b""
    ) -> User | None:
        """Change a user as `decide` says; None if there is none. `but`: a session that goes on."""
        with self._database.write() as connection:
            row = connection.execute(_ONE, {"login": login}).first()
            if row is None:
                return None
            others = connection.execute(_OTHER_ADMINISTRATORS, {"id": row.id}).scalar_one()
            edit = decide(user_of(row), others)
            _put(connection, edit.user)
            if edit.ends_sessions:
                end_sessions(connection, edit.user.id, now, but=but)
            detail = f"{edit.user.name}（{login}）" + (f"：{edit.detail}" if edit.detail else "")
            audit.write(connection, at=now, actor=by, act=edit.act, detail=detail)
        return edit.user

    def rehash(self, user: User, password: str) -> None:
        """Keep the same password in a stronger way, unless it has been changed meanwhile."""
        with self._database.write() as connection:
            connection.execute(
                update(users)
                .where(users.c.id == user.id, users.c.password == user.password)
                .values(password=password)
            )


def user_by_id(connection: Connection, user_id: int) -> User:
    return user_of(connection.execute(_BY_ID, {"id": user_id}).one())


def user_of(row: Any) -> User:
    return User(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        department=row.department,
        password=row.password,
        password_at=row.password_at,
        must_change=row.must_change,
        active=row.active,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def _put(connection: Connection, user: User) -> None:
    connection.execute(
        update(users)
        .where(users.c.id == user.id)
        .values(
            name=user.name,
            role=user.role,
            department=user.department,
            password=user.password,
            password_at=user.password_at,
            must_change=user.must_change,
            active=user.active,
        )
    )
