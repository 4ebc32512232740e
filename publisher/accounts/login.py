"""Login: how people come in, and what keeps others out."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from publisher.access import Person
from publisher.accounts import names
from publisher.accounts.errors import AccountError, Throttled
from publisher.accounts.marks import digest_of, new_mark
from publisher.accounts.passwords import Passwords, room
from publisher.accounts.policy import check_password
from publisher.store.accounts import Accounts, Edit, User
from publisher.store.logins import Barred, Limits, Logins, Try
from publisher.store.sessions import NewSession

_WRONG = "登录名或密码不对，请核对；忘了密码或账号已停用的，请找管理员"
_EXPIRED = "临时密码已过期，请找管理员重设一个新的"
_AGENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody has come in: the cookie is told this once."""

    person: Person
    cookie: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """`lifetime`: of a session, however busy it is; `temporary`: of a password that an
    administrator gave. Each way in may raise AccountError.
    """

    accounts: Accounts
    logins: Logins
    passwords: Passwords
    limits: Limits
    lifetime: timedelta
    temporary: timedelta

    def login(
        self, login: str, password: str, *, address: str, agent: str = "", now: datetime
    ) -> Entered:
        """Come in by password. Who does not exist is told the same, after as long a time."""
        one = _try(login, address)
        with room():
            begun = self._begin(one, "password", now)
            user = self.accounts.find(names.as_login(login))
            if not self.passwords.fits(user.password if user else "", password):
                self._refuse(one, _why(user, "密码不对"), now)
                raise AccountError(_WRONG, "password")
            if user is None or not user.active:
                self._refuse(one, _why(user, "已停用"), now)
                raise AccountError(_WRONG, "password")
            self._check_lasts(one, user, "password", now)
            user = self._strengthen(user, password)
        return self._enter(user, address, agent, begun=begun, how="用密码登录", now=now)

    def enter_as(self, login: str, *, address: str, agent: str = "", now: datetime) -> Entered:
        """Come in by the word of the city's account system, which knows who it is."""
        user = self.accounts.find(names.as_login(login))
        if user is None or not user.active:
            self.logins.refuse_outright(detail=_why(user, "单点登录，已停用"), now=now)
            raise AccountError(_not_ours(login), "login")
        return self._enter(user, address, agent, begun=None, how="单点登录", now=now)

    def change_password(
        self, person: Person, current: str, new: str, *, cookie: str, address: str, now: datetime
    ) -> User:
        """Choose one's own password; the session of `cookie` goes on, all others end."""
        one = _try(person.login, address)
        with room():
            begun = self._begin(one, "current", now)
            user = self.accounts.find(person.login)
            if user is None or not self.passwords.fits(user.password, current):
                self._refuse(one, _why(user, "改密码时原密码不对"), now)
                raise AccountError("原密码不对，请重新输入", "current")
            self._check_lasts(one, user, "current", now)
            self.logins.forgive(begun)
            if self.passwords.fits(user.password, new):
                raise AccountError("新密码和原密码一样，请换一个", "password")
            check_password(new, login=user.login, name=user.name)
            hashed = self.passwords.hash(new)
        return self._put_password(user, hashed, cookie, now)

    def _begin(self, one: Try, about: str, now: datetime) -> int:
        """Before anything is hashed: whether it may be tried at all."""
        begun = self.logins.barred(one, self.limits, now)
        tried = begun or self.logins.begin(one, self.limits, now)
        if isinstance(tried, Barred):
            minutes = -int((now - tried.until) // timedelta(minutes=1))
            raise Throttled(f"失败的次数太多，请 {minutes} 分钟后再试", about, tried.until)
        return tried

    def _refuse(self, one: Try, detail: str, now: datetime) -> None:
        self.logins.refuse(one, self.limits, detail=detail, now=now)

    def _check_lasts(self, one: Try, user: User, about: str, now: datetime) -> None:
        """Only who knows the password is told that it has come to its end; it is a failure all the
        same, counted and written down.
        """
        until = user.temporary_until(self.temporary)
        if until and until <= now:
            self._refuse(one, _why(user, "临时密码已过期"), now)
            raise AccountError(_EXPIRED, about)

    def _strengthen(self, user: User, password: str) -> User:
        """The one moment at which we have the password to hash it as is asked for today."""
        if not self.passwords.is_weak(user.password):
            return user
        hashed = self.passwords.hash(password)
        self.accounts.rehash(user, hashed)
        return replace(user, password=hashed)

    def _enter(
        self, user: User, address: str, agent: str, *, begun: int | None, how: str, now: datetime
    ) -> Entered:
        cookie = new_mark()
        session = NewSession(
            digest=digest_of(cookie),
            expires_at=now + self.lifetime,
            address=names.plain_line(address, 64),
            agent=names.plain_line(agent, _AGENT),
        )
        found = self.logins.enter(user, session, begun=begun, detail=how, now=now)
        if found is None:  # stopped or given another password since we looked
            raise AccountError(_WRONG, "password")
        return Entered(person=found.person, cookie=cookie, expires_at=session.expires_at)

    def _put_password(self, seen: User, hashed: str, cookie: str, now: datetime) -> User:
        def decide(user: User, _others: int) -> Edit:
            if user.password != seen.password or not user.active:
                raise AccountError("密码刚才已被改过，请用新的密码重新登录", "current")
            return Edit(
                user=replace(user, password=hashed, password_at=now, must_change=False),
                act="password_changed",
                ends_sessions=True,
            )

        actor, but = seen.person.actor, digest_of(cookie)
        changed = self.accounts.change(seen.login, decide, by=actor, now=now, but=but)
        if changed is None:
            raise AccountError(_WRONG, "current")
        return changed


def _try(login: str, address: str) -> Try:
    return Try(login=names.counted_login(login), place=names.counted_place(address))


def _not_ours(login: str) -> str:
    """Why somebody cannot come in whom the city's account system knows."""
    if number := names.personal_number(names.as_login(login)):
        return (
            f"统一身份认证给出的登录名是{number}，这里不能用作登录名；"
            "请技术人员改用工号等其他字段，再请管理员按它添加账号"
        )
    return "单点登录认出了您，但这里没有您的账号，或账号已停用，请找管理员"


def _why(user: User | None, otherwise: str) -> str:
    """For the audit. A login name that there is not may be a password in the wrong field: it is
    not kept.
    """
    return f"{user.person.actor}：{otherwise}" if user else "没有这个登录名"
