"""Tokens: which of the city's other systems may come in, and what with."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.access import SCOPE_WORDS, Person
from publisher.accounts import AccountError
from publisher.accounts.tokens import LONGEST, Issued
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import City, Manage, city_of
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages, to
from publisher.web.office.secret import Secret, show

router = APIRouter()

_UNTYPED = Typed()
_NAMES = {"expires_at": "days", "by": ""}
"""How the form calls what the accounts call otherwise."""
_LONGEST_NUMBER = 9


@router.get("/tokens")
def tokens(request: Request, person: Manage) -> Response:
    return _all(request, person)


@router.post("/tokens/issue")
def issue(request: Request, person: Manage, typed: Form) -> Response:
    try:
        issued = _issue(request, person, typed)
    except AccountError as error:
        wrong = {_NAMES.get(error.field, error.field): str(error)}
        return _all(request, person, 422, typed, wrong)
    bearer = Secret(
        title="令牌",
        whose=issued.token.name,
        secret=issued.bearer,
        next_step="请马上存到对方系统里，不要用微信、邮件转发。丢了就作废这个，再发一个。",
        back="/tokens",
    )
    return show(request, person, bearer)


@router.post("/tokens/revoke")
def revoke(request: Request, person: Manage, city: City, typed: Form) -> Response:
    number, now = _whole(typed["token"]), city.clock()
    lasting = {one.id for one in city.accounts.tokens.all() if one.lasts(now)}
    if number in lasting and not typed.ticked("sure"):
        wrong = {"sure": "作废后不能恢复，请先勾选"}
        return _all(request, person, 422, typed, wrong)
    try:
        city.accounts.tokens.revoke(number, by=person.actor, now=now)
    except AccountError as error:
        return _all(request, person, 422, wrong={"": str(error)})
    return to("/tokens", done="revoked")


def _issue(request: Request, person: Person, typed: Typed) -> Issued:
    city = city_of(request)
    days, now = _whole(typed["days"]), city.clock()
    if not 1 <= days <= LONGEST.days:
        raise AccountError(f"有效天数应为 1 到 {LONGEST.days} 的整数", "days")
    return city.accounts.tokens.issue(
        typed["name"],
        scopes=[scope for scope in SCOPE_WORDS if typed.ticked(scope)],
        expires_at=now + timedelta(days=days),
        by=person.actor,
        now=now,
    )


def _whole(text: str) -> int:
    """A whole number that was typed; 0 if it is none."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0


def _all(
    request: Request,
    person: Person,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "tokens",
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        tokens=list(reversed(city.accounts.tokens.all())),
        scopes=SCOPE_WORDS,
        longest=LONGEST.days,
    )
