"""The gate: who asks, and whether that may be asked. Pages by cookie, the API by token.

staff(right)    the person whose session the cookie opens
system(right)   the program whose token the request bears
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from publisher.access import SCOPE_WORDS, Person, Right, System
from publisher.bootstrap import Publisher
from publisher.web.office.forms import Unreadable
from publisher.web.office.guard import is_foreign


class NotIn(Exception):
    """Nobody we know: no session, or one that is over."""


class Foreign(Exception):
    """A form that stood on somebody else's page."""


class MustChange(Exception):
    """A temporary password is good for nothing but choosing one's own."""


class NotAllowed(Exception):
    """Somebody we know, who may not do this; one Chinese sentence."""


class BadToken(Exception):
    """No token, or none that is good for anything; one Chinese sentence."""


def city_of(request: Request) -> Publisher:
    found: Publisher = request.app.state.city
    return found


City = Annotated[Publisher, Depends(city_of)]


def address_of(request: Request) -> str:
    """Where the request comes from; a server in front of us has been asked already."""
    return request.client.host if request.client else ""


def cookie_name(city: Publisher) -> str:
    """With the prefix, browsers keep it to this host, to https and to the whole site."""
    secure = city.settings.console.base_url.startswith("https:")
    return "__Host-publisher" if secure else "publisher"


def browser_cookie(city: Publisher) -> str:
    """By which a browser is known again whose session was over in mid-form; it opens nothing."""
    return f"{cookie_name(city)}_form"


def set_cookie(
    city: Publisher,
    answer: Response,
    name: str,
    value: str,
    *,
    lasts: timedelta | None = None,
    path: str = "/",
) -> None:
    """A cookie as all of ours are; one that does not say how long ends with the browser."""
    answer.set_cookie(
        name,
        value,
        max_age=None if lasts is None else int(lasts.total_seconds()),
        path=path,
        secure=city.settings.console.base_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def check_own(request: Request) -> None:
    """Raise Foreign for a form that is not one of our own pages'."""
    has_cookie = bool(request.cookies)
    if is_foreign(request.method, request.headers, has_cookie=has_cookie):
        raise Foreign


def check_readable(request: Request) -> None:
    """Raise Unreadable for an address that no text of ours can hold: PostgreSQL knows no NUL."""
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise Unreadable


def visitor(request: Request) -> Person:
    """Whoever has come in, before anything is said about what they may do."""
    check_own(request)
    check_readable(request)
    city = city_of(request)
    cookie = request.cookies.get(cookie_name(city), "")
    # What a page does by itself, live updates, keeps nobody in who has gone home.
    by_itself = request.headers.get("x-live") == "1" or request.url.path == "/live"
    person = city.accounts.sessions.open(cookie, city.clock(), seen=not by_itself)
    if person is None:
        raise NotIn
    request.state.who = f"user {person.id}"
    return person


Visitor = Annotated[Person, Depends(visitor)]


def staff(right: Right) -> Callable[[Person], Person]:
    """A dependency: the person who asks, who has this right."""

    def allowed(person: Visitor) -> Person:
        if person.must_change:
            raise MustChange
        if not person.may(right):
            raise NotAllowed("你的角色没有这项权限；需要的话，请找管理员")
        return person

    return allowed


See = Annotated[Person, Depends(staff(Right.SEE))]
Act = Annotated[Person, Depends(staff(Right.ACT))]
Amend = Annotated[Person, Depends(staff(Right.AMEND))]
Steer = Annotated[Person, Depends(staff(Right.STEER))]
Subscribers = Annotated[Person, Depends(staff(Right.SUBSCRIBERS))]
Evidence = Annotated[Person, Depends(staff(Right.EVIDENCE))]
Audit = Annotated[Person, Depends(staff(Right.AUDIT))]
Manage = Annotated[Person, Depends(staff(Right.MANAGE))]

_bearer = HTTPBearer(
    auto_error=False, description="令牌：publisher tokens issue，或控制台「令牌」页"
)


def bearing(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> System:
    """The system that asks, whatever its token is good for."""
    city = city_of(request)
    if given is None:
        raise BadToken("请求没有带令牌，应有 Authorization: Bearer …")
    found = city.accounts.tokens.open(given.credentials, city.clock())
    if found is None:
        raise BadToken("令牌不对、已到期或已作废")
    request.state.who = f"token {found.token_id}"
    return found


@dataclass(frozen=True, slots=True)
class _Bearing:
    """A dependency: the system that asks, whose token has this scope."""

    scope: Right

    def __call__(self, found: Annotated[System, Depends(bearing)]) -> System:
        if not found.may(self.scope):
            raise NotAllowed(f"这个令牌没有「{SCOPE_WORDS[self.scope]}」的权限")
        return found


system = _Bearing
