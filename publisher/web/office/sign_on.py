"""Single sign-on: coming in by the word of the city's own account system (OpenID Connect)."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from publisher.accounts import AccountError
from publisher.signin import Begun, SignIn, SignInFailed
from publisher.web.office.entrance import let_in
from publisher.web.office.gate import City, address_of
from publisher.web.office.held import go_on, is_local, login_page, pocket_of
from publisher.web.office.pages import to

router = APIRouter()

_BACK = "/login/sso/back"
_COOKIE = "publisher_sso"
_MINUTES = 10
_MOST = 1000


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """Sign-ins that have begun, each known by the cookie of its browser and good for one answer."""

    begun: OrderedDict[str, tuple[Begun, str, str]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, begun: Begun, onward: str, held: str) -> str:
        """`onward`: to which page then; `held`: the form to be sent on, in the pocket."""
        name = secrets.token_urlsafe(32)
        with self.lock:
            self.begun[name] = (begun, onward, held)
            while len(self.begun) > _MOST:
                self.begun.popitem(last=False)
        return name

    def take(self, name: str) -> tuple[Begun, str, str] | None:
        with self.lock:
            return self.begun.pop(name, None)


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
    answer = RedirectResponse(begun.url, 303)
    answer.set_cookie(
        _COOKIE,
        _under_way.keep(begun, next if is_local(next) else "/", held),
        max_age=60 * _MINUTES,
        path="/login/sso",
        secure=city.settings.console.base_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(_BACK)
def back(request: Request, city: City) -> Response:
    """Whom the provider sends back. The cookie says that this browser began it."""
    sign_in = _sign_in(city)
    found = _under_way.take(request.cookies.get(_COOKIE, ""))
    if found is None:
        sentence = "这次登录已过期，或不是从这个浏览器开始的，请重新登录"
        return login_page(request, status=403, wrong={"": sentence})
    begun, onward, held = found
    try:
        login = sign_in.finish(begun, dict(request.query_params), _back(city))
        entered = city.accounts.entrance.enter_as(
            login,
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            now=city.clock(),
        )
    except (SignInFailed, AccountError) as error:
        return login_page(request, status=403, onward=onward, wrong={"": str(error)})
    form = pocket_of(request).take(held)
    answer = go_on(request, entered.person, form) if form else to(onward)
    return let_in(request, answer, entered)


def _sign_in(city: City) -> SignIn:
    if city.sign_in is None:
        raise HTTPException(404, "没有设置统一身份认证，请用密码登录")
    return city.sign_in


def _back(city: City) -> str:
    return city.settings.console.base_url + _BACK
