"""Users: who of the staff has an account, as what, and where they are in."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from publisher.access import ROLE_WORDS, Person
from publisher.accounts import AccountError
from publisher.accounts.people import a_temporary_password
from publisher.bootstrap import Publisher
from publisher.store.accounts import User
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import City, Manage, city_of
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages, to
from publisher.web.office.secret import Secret, show

router = APIRouter()

_UNTYPED = Typed()
_FIELDS = frozenset({"login", "name", "role", "department"})


@router.get("/users")
def users(request: Request, person: Manage) -> Response:
    return _all(request, person)


@router.post("/users/add")
def add(request: Request, person: Manage, city: City, typed: Form) -> Response:
    password = None if typed.ticked("no_password") else a_temporary_password()
    try:
        user = city.accounts.people.add(
            typed["login"],
            name=typed["name"],
            role=typed["role"],
            department=typed["department"],
            password=password,
            by=person.actor,
            now=city.clock(),
        )
    except AccountError as error:
        return _all(request, person, 422, typed, _wrong(error))
    if password is None:
        return to(f"/users/{user.login}", done="added")
    return _told(request, person, user, password)


@router.get("/users/{login}")
def user(request: Request, person: Manage, login: str) -> Response:
    return _one(request, person, login)


@router.post("/users/{login}/change")
def change(request: Request, person: Manage, city: City, login: str, typed: Form) -> Response:
    def do() -> None:
        city.accounts.people.change(
            login,
            name=typed["name"],
            role=typed["role"],
            department=typed["department"],
            by=person.actor,
            now=city.clock(),
        )

    return _done(request, person, login, do, "changed", typed)


@router.post("/users/{login}/stop")
def stop(request: Request, person: Manage, city: City, login: str) -> Response:
    def do() -> None:
        city.accounts.people.stop(login, by=person.actor, now=city.clock())

    return _done(request, person, login, do, "stopped_user")


@router.post("/users/{login}/resume")
def resume(request: Request, person: Manage, city: City, login: str, typed: Form) -> Response:
    password = None if typed.ticked("no_password") else a_temporary_password()
    try:
        found = city.accounts.people.resume(
            login, password=password, by=person.actor, now=city.clock()
        )
    except AccountError as error:
        return _one(request, person, login, 422, wrong={"": str(error)})
    if password is None:
        return to(f"/users/{found.login}", done="changed")
    return _told(request, person, found, password)


@router.post("/users/{login}/password")
def set_password(request: Request, person: Manage, city: City, login: str) -> Response:
    password = a_temporary_password()
    try:
        _check_anothers(city, person, login)
        found = city.accounts.people.set_password(
            login, password, by=person.actor, now=city.clock()
        )
    except AccountError as error:
        return _one(request, person, login, 422, wrong={"": str(error)})
    return _told(request, person, found, password)


def _check_anothers(city: Publisher, person: Person, login: str) -> None:
    """A new temporary password ends all logins: one would be out before one's own is shown."""
    if city.accounts.people.find(login).login == person.login:
        raise AccountError("自己的密码请在「修改密码」里改", "login")


@router.post("/users/{login}/end")
def end_session(request: Request, person: Manage, city: City, login: str, typed: Form) -> Response:
    """End one of the user's sessions, or all of them where none is named."""

    def do() -> None:
        sessions, known = city.accounts.sessions, city.accounts.people.find(login).login
        if typed["session"]:
            sessions.end(typed["session"], by=person.actor, now=city.clock(), login=known)
        else:
            sessions.end_all(known, by=person.actor, now=city.clock())

    return _done(request, person, login, do, "ended")


def _done(
    request: Request,
    person: Person,
    login: str,
    do: Callable[[], None],
    word: str,
    typed: Typed = _UNTYPED,
) -> Response:
    """Do it and come back to the user; or show the page again, with all that was typed."""
    try:
        do()
    except AccountError as error:
        fields = _FIELDS & set(typed.words)
        return _one(request, person, login, 422, typed, _wrong(error, fields))
    return to(f"/users/{login}", done=word)


def _wrong(error: AccountError, fields: frozenset[str] = _FIELDS) -> dict[str, str]:
    """The sentence, at the field that it is about if the form has it."""
    return {error.field if error.field in fields else "": str(error)}


def _all(
    request: Request,
    person: Person,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    people = city.accounts.people
    found, departments = people.all(), people.departments()
    return pages.page(
        request,
        "users",
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        users=found,
        roles=list(ROLE_WORDS.items()),
        departments=departments,
        doubts={one.login: people.doubt(one, departments) for one in found},
        temporary_until=people.temporary_until,
        sign_in=city.sign_in is not None,
    )


def _one(
    request: Request,
    person: Person,
    login: str,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    people = city.accounts.people
    try:
        found = people.find(login)
    except AccountError as error:
        raise HTTPException(404, str(error)) from None
    departments = people.departments()
    return pages.page(
        request,
        "user",
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        user=found,
        roles=list(ROLE_WORDS.items()),
        departments=departments,
        doubt=people.doubt(found, departments),
        temporary_until=people.temporary_until(found),
        sessions=city.accounts.sessions.lasting(city.clock(), found.login),
        sign_in=city.sign_in is not None,
    )


def _told(request: Request, person: Person, user: User, password: str) -> Response:
    """On to the page that shows the temporary password."""
    city = city_of(request)
    pages: Pages = request.app.state.pages
    people = city.accounts.people
    until, doubt = pages.at(people.temporary_until(user)), people.doubt(user, people.departments())
    made = Secret(
        title="临时密码",
        whose=f"{user.name}（{user.login}）",
        secret=password,
        next_step=f"{until} 前有效，请当面交给本人。第一次登录时必须换成自己的密码；"
        "忘了或过期了就再设一个新的。",
        back=f"/users/{user.login}",
        notes=[doubt] if doubt else [],
    )
    return show(request, person, made)
