"""People: who of the staff has an account, and as what."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publisher.access import ROLE_WORDS, Role
from publisher.accounts import names
from publisher.accounts.errors import AccountError
from publisher.accounts.passwords import Passwords, a_temporary_password
from publisher.accounts.policy import check_password
from publisher.store.accounts import Accounts, Decide, Edit, NewUser, User
from publisher.store.logins import Logins


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What an administrator does; each may raise AccountError.

    A password that an administrator knows is temporary: its person must choose another, within the
    time `temporary`.
    """

    accounts: Accounts
    logins: Logins
    passwords: Passwords
    temporary: timedelta
    departments: Callable[[], Collection[str]]
    """Those of which there are items."""

    def all(self) -> list[User]:
        return self.accounts.all()

    def find(self, login: str) -> User:
        if user := self.accounts.find(names.as_login(login)):
            return user
        raise _unknown(login)

    def temporary_until(self, user: User) -> datetime | None:
        """Until when a temporary password is good; None where the user has none."""
        return user.temporary_until(self.temporary)

    def doubt(self, user: User, departments: Collection[str]) -> str:
        """What may be amiss with the department of an editor, in one sentence; "": nothing.

        No list of a city's departments is complete before its first items: so it is no mistake.
        """
        if not user.department or user.department in departments:
            return ""
        return f"目前没有「{user.department}」这个部门的信息条目，请核对写法"

    def add(
        self,
        login: str,
        *,
        name: str,
        role: str,
        department: str = "",
        password: str | None,
        by: str,
        now: datetime,
    ) -> User:
        """`password`: None for who comes in by single sign-on only."""
        by, login = names.check_by(by), names.check_login(login)
        name, known = names.check_name(name), names.check_role(role)
        department = names.check_department(department, known)
        hashed = "" if password is None else self._hash(password, login, name)
        new = NewUser(
            login=login,
            name=name,
            role=known,
            department=department,
            password=hashed,
            must_change=bool(hashed),
        )
        if added := self.accounts.add(new, by=by, now=now):
            return added
        raise AccountError(f"登录名「{login}」已经有人用了，请换一个", "login")

    def change(
        self,
        login: str,
        *,
        name: str | None = None,
        role: str | None = None,
        department: str | None = None,
        by: str,
        now: datetime,
    ) -> User:
        """Change what is given. It holds from the next request on: no session has to end."""

        def decide(user: User, others: int) -> Edit:
            wanted = user.role if role is None else names.check_role(role)
            kept = user.department if wanted is Role.EDITOR else ""
            changed = replace(
                user,
                name=user.name if name is None else names.check_name(name),
                role=wanted,
                department=names.check_department(
                    kept if department is None else department, wanted
                ),
            )
            if wanted is not Role.ADMINISTRATOR:
                _need_another(user, others, "role")
            return Edit(user=changed, act="user_changed", detail=_difference(user, changed))

        return self._change(login, decide, by, now)

    def stop(self, login: str, *, by: str, now: datetime) -> User:
        """Let somebody in no more; whoever is in is out at once."""

        def decide(user: User, others: int) -> Edit:
            if not user.active:
                raise AccountError(f"「{user.login}」已经是停用的", "login")
            _need_another(user, others, "login")
            return Edit(user=replace(user, active=False), act="user_stopped", ends_sessions=True)

        return self._change(login, decide, by, now)

    def resume(self, login: str, *, password: str | None, by: str, now: datetime) -> User:
        """Let somebody come in again who was stopped, with a new temporary password."""

        def decide(user: User, _others: int) -> Edit:
            if user.active:
                raise AccountError(f"「{user.login}」没有停用", "login")
            return Edit(
                user=replace(_with_password(user, hashed, now), active=True),
                act="user_resumed",
                ends_sessions=True,
            )

        user = self.find(login)
        hashed = "" if password is None else self._hash(password, user.login, user.name)
        return self._change(login, decide, by, now)

    def set_password(self, login: str, password: str, *, by: str, now: datetime) -> User:
        """Set a temporary password; whoever is in by the old one is out at once."""

        def decide(user: User, _others: int) -> Edit:
            if not user.active:
                raise AccountError(f"「{user.login}」已停用，请先恢复", "login")
            return Edit(
                user=_with_password(user, hashed, now),
                act="password_set",
                ends_sessions=True,
            )

        user = self.find(login)
        hashed = self._hash(password, user.login, user.name)
        done = self._change(login, decide, by, now)
        self.logins.forget(names.counted_login(user.login))
        return done

    def _hash(self, password: str, login: str, name: str) -> str:
        check_password(password, login=login, name=name)
        return self.passwords.hash(password)

    def _change(self, login: str, decide: Decide, by: str, now: datetime) -> User:
        by = names.check_by(by)
        if user := self.accounts.change(names.as_login(login), decide, by=by, now=now):
            return user
        raise _unknown(login)


def _with_password(user: User, hashed: str, now: datetime) -> User:
    """With this password for the time being, or with none."""
    return replace(user, password=hashed, password_at=now, must_change=bool(hashed))


def _unknown(login: str) -> AccountError:
    return AccountError(f"没有登录名为「{login[:64]}」的用户，请核对", "login")


def _need_another(user: User, others: int, field: str) -> None:
    """The last administrator stays: nobody could make another."""
    if user.active and user.role is Role.ADMINISTRATOR and not others:
        raise AccountError(
            f"「{user.login}」是最后一个管理员，不能停用，也不能改成别的角色；请先另设一个管理员",
            field,
        )


def _difference(was: User, now: User) -> str:
    """What has changed, in words."""
    parts: tuple[tuple[str, Callable[[User], str]], ...] = (
        ("姓名", lambda one: one.name),
        ("角色", lambda one: ROLE_WORDS[one.role]),
        ("部门", lambda one: one.department or "无"),
    )
    told = [f"{word}由{of(was)}改为{of(now)}" for word, of in parts if of(was) != of(now)]
    if not told:
        raise AccountError("没有要改的内容，请写明新的姓名、角色或部门", "name")
    return "，".join(told)


__all__ = ["People", "a_temporary_password"]
