"""The entrance: logging in and out, one's own password, one's own sessions."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.accounts import AccountError, Busy, Entered, Throttled
from publisher.store.sessions import KEPT
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import (
    City,
    Visitor,
    address_of,
    check_own,
    city_of,
    cookie_name,
    set_cookie,
)
from publisher.web.office.held import go_on, is_local, login_page, waiting
from publisher.web.office.pages import Pages, to

router = APIRouter()

_WHY_NOT = {Throttled: 429, Busy: 503}


@router.get("/login")
def login_form(request: Request, next: str = "/") -> Response:  # noqa: A002 - as addresses have it
    return login_page(request, onward=next if is_local(next) else "/")


@router.post("/login")
def log_in(request: Request, typed: Form, city: City) -> Response:
    check_own(request)
    onward = typed["next"] if is_local(typed["next"]) else "/"
    try:
        entered = city.accounts.entrance.login(
            typed["login"],
            typed.whole("password"),
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            now=city.clock(),
        )
    except AccountError as error:
        return login_page(
            request,
            status=_WHY_NOT.get(type(error), 403),
            onward=onward,
            held=waiting(request, typed["held"]),
            typed=typed,
            wrong={"": str(error)},
        )
    return let_in(request, _onward(request, entered, typed["held"], onward), entered)


def _onward(request: Request, entered: Entered, held: str, onward: str) -> Response:
    """To where they wanted to go, or back to what they were doing."""
    if held and entered.person.must_change:
        name = waiting(request, held)
        return to("/password", held=name, done="" if name else "form_gone")
    return go_on(request, entered.person, held, to(onward))


def let_in(request: Request, answer: Response, entered: Entered) -> Response:
    """The same answer, with the cookie.

    A browser keeps it longer than it is good for: by it a form is known that comes too late.
    """
    city = city_of(request)
    lasts = city.settings.console.lifetime + KEPT
    set_cookie(city, answer, cookie_name(city), entered.cookie, lasts=lasts)
    return answer


@router.post("/logout")
def log_out(request: Request, city: City) -> Response:
    check_own(request)
    city.accounts.sessions.leave(request.cookies.get(cookie_name(city), ""), city.clock())
    answer = to("/login", done="left")
    answer.delete_cookie(cookie_name(city), path="/")
    return answer


@router.get("/password")
def password_form(request: Request, person: Visitor) -> Response:
    pages: Pages = request.app.state.pages
    return pages.page(request, "password", person, held=request.query_params.get("held", ""))


@router.post("/password")
def change_password(request: Request, person: Visitor, typed: Form) -> Response:
    wrong = _change_password(request, person, typed)
    if wrong:
        pages: Pages = request.app.state.pages
        return pages.page(
            request,
            "password",
            person,
            status=422,
            typed=typed,
            wrong=wrong,
            held=typed["held"],
        )
    done = to("/" if person.must_change else "/account", done="password")
    held = waiting(request, typed["held"])
    return go_on(request, replace(person, must_change=False), held, done)


def _change_password(request: Request, person: Visitor, typed: Typed) -> dict[str, str]:
    """What is wrong, by field; nothing if it was done."""
    city = city_of(request)
    if typed.whole("password") != typed.whole("again"):
        return {"again": "两次输入的新密码不一样，请重新输入"}
    try:
        city.accounts.entrance.change_password(
            person,
            typed.whole("current"),
            typed.whole("password"),
            cookie=request.cookies.get(cookie_name(city), ""),
            address=address_of(request),
            now=city.clock(),
        )
    except AccountError as error:
        return {error.field: str(error)}
    return {}


@router.get("/account")
def account(request: Request, person: Visitor) -> Response:
    """One's own account: who one is, where one is in."""
    return _account(request, person)


@router.post("/account/end")
def end_session(request: Request, person: Visitor, typed: Form, city: City) -> Response:
    try:
        city.accounts.sessions.end(
            typed["session"], by=person.actor, now=city.clock(), login=person.login
        )
    except AccountError as error:
        return _account(request, person, status=422, wrong={"": str(error)})
    return to("/account", done="ended")


def _account(
    request: Request, person: Visitor, status: int = 200, wrong: dict[str, str] | None = None
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "account",
        person,
        status=status,
        wrong=wrong,
        sessions=city.accounts.sessions.lasting(city.clock(), person.login),
    )
