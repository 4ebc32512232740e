"""Single sign-on: coming in by the word of the city's own account system (OpenID Connect)."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from publisher.accounts import AccountError
from publisher.accounts.marks import LENGTH
from publisher.signin import Begun, SignIn, SignInFailed
from publisher.web.office.entrance import let_in
from publisher.web.office.gate import City, address_of, set_cookie
from publisher.web.office.held import go_on, is_local, login_page, waiting
from publisher.web.office.pages import to

router = APIRouter()

_BACK = "/login/sso/back"
_COOKIE = "publisher_sso"
_LASTS = timedelta(minutes=10)
_MOST_EACH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entering:
    """`onward`: to which page then; `held`: the name of a form that is to be sent on."""

    begun: Begun
    onward: str
    held: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """Sign-ins that have begun, each known by the cookie of its browser and good for one answer.

    Who begins too many drives out none but those of the same address.
    """

    entering: OrderedDict[str, _Entering] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, new: _Entering) -> str:
        name = secrets.token_urlsafe(32)
        with self.lock:
            for old in [old for old, one in self.entering.items() if one.at <= new.at - _LASTS]:
                del self.entering[old]
            same = [old for old, one in self.entering.items() if one.address == new.address]
            for old in same[: max(0, len(same) - _MOST_EACH + 1)]:
                del self.entering[old]
            self.entering[name] = new
        return name

    def take(self, name: str) -> _Entering | None:
        with self.lock:
            return self.entering.pop(name, None)


_under_way = _UnderWay()


@router.get("/login/sso")
def begin(
    request: Request,
    city: City,
    next: str = "/",  # noqa: A002 - as addresses have it
    held: str = "",
) -> Response:
    sign_in = _sign_in(city)
    try:
        begun = sign_in.begin(_back(city))
    except SignInFailed as error:
        return login_page(request, status=503, wrong={"": str(error)})
    name = _under_way.keep(
        _Entering(
            begun=begun,
            onward=next if is_local(next) else "/",
            held=held[:LENGTH],
            address=address_of(request),
            at=city.clock(),
        )
    )
    answer = RedirectResponse(begun.url, 303)
    set_cookie(city, answer, _COOKIE, name, lasts=_LASTS, path="/login/sso")
    return answer


@router.get(_BACK)
def back(request: Request, city: City) -> Response:
    """Whom the provider sends back. The cookie says that this browser began it."""
    sign_in = _sign_in(city)
    found = _under_way.take(request.cookies.get(_COOKIE, ""))
    if found is None:
        sentence = "这次登录已过期，或不是从这个浏览器开始的，请重新登录"
        return login_page(request, status=403, wrong={"": sentence})
    onward, held = found.onward, found.held
    try:
        login = sign_in.finish(found.begun, dict(request.query_params), _back(city))
        entered = city.accounts.entrance.enter_as(
            login,
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            now=city.clock(),
        )
    except (SignInFailed, AccountError) as error:
        wrong, held = {"": str(error)}, waiting(request, held)
        return login_page(request, status=403, onward=onward, held=held, wrong=wrong)
    return let_in(request, go_on(request, entered.person, held, to(onward)), entered)


def _sign_in(city: City) -> SignIn:
    if city.sign_in is None:
        raise HTTPException(404, "没有设置统一身份认证，请用密码登录")
    return city.sign_in


def _back(city: City) -> str:
    return city.settings.console.base_url + _BACK
