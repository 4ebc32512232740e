"""A form that came after its session was over: nothing of it is lost.

What was typed waits here, its files in the database, for the user whose session it was, in the
browser that it came from. After logging in, that person looks through it and sends it on with one
click. A form that came without any former session is nobody's: it is not even read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from publisher.access import Person
from publisher.accounts.marks import LENGTH, new_mark
from publisher.bootstrap import Publisher
from publisher.web.office.form_words import FIELDS, KEPT, form_title, said_of
from publisher.web.office.forms import Typed
from publisher.web.office.gate import browser_cookie, city_of, set_cookie
from publisher.web.office.pages import Pages, to
from publisher.web.office.pocket import Pocket

NOTHING: Mapping[str, str] = MappingProxyType({})
_UNTYPED = Typed()
_PASSWORD = "/password"  # noqa: S105 - an address
"""A form of which nothing is passed on: what is typed there stands in no page."""
_PEOPLE = "people"
"""The field of a list of phone numbers: these lie sealed here or not at all."""
_GONE = "gone"
"""In the place of a file for which there was no room: so that nothing is done without it."""
_MOST_CHARACTERS = 200_000
_LONGEST_ADDRESS = 2_000
_OVER = "登录已过期，刚才的操作没有办，填写的内容也没有保留；请登录后重新办理"
_TOO_MUCH = "登录已过期，刚才的操作没有办；填写的内容太多，没有保留，请登录后重新填写"


@dataclass(frozen=True, slots=True)
class Held:
    """A form that is to be sent on: whose it is, from which browser, where to, and with what."""

    owner: int
    browser: str = field(repr=False)
    path: str
    words: Mapping[str, str] = field(repr=False)

    @property
    def size(self) -> int:
        return sum(len(name) + len(value) for name, value in self.words.items())


def can_be_held(path: str) -> bool:
    """Whether it is a form that could be shown to its person again."""
    return bool(form_title(path))


def told_over(request: Request, sentence: str = _OVER) -> Response:
    """The login page, with nothing in it."""
    onward = _PASSWORD if request.url.path == _PASSWORD else "/"
    return login_page(request, status=401, onward=onward, wrong={"": sentence})


def hold(request: Request, owner: Person, typed: Typed) -> Response:
    """The login page, while all that was typed waits for its owner."""
    city = city_of(request)
    browser = request.cookies.get(browser_cookie(city), "")
    if len(browser) != LENGTH:
        browser = new_mark()
    words = {name: value for name, value in typed.words.items() if name in FIELDS}
    held = Held(owner.id, browser, request.scope["path"], words)
    if held.size > _MOST_CHARACTERS:
        return told_over(request, _TOO_MUCH)
    lost = []
    for name, (file, data) in typed.files.items():
        kept = name != _PEOPLE and keep_file(city, owner, file, data)
        if name + KEPT in FIELDS:
            words[name + KEPT] = kept or _GONE
        if not kept:
            lost.append(file)
    answer = login_page(request, status=401, held=_pocket(request).put(held), lost=lost)
    set_cookie(city, answer, browser_cookie(city), browser)
    return answer


def login_page(
    request: Request,
    *,
    status: int = 200,
    onward: str = "/",
    held: str = "",
    lost: Sequence[str] = (),
    typed: Typed = _UNTYPED,
    wrong: Mapping[str, str] = NOTHING,
) -> Response:
    """Where people come in. `onward`: to which page then; `held`: the name of what waits."""
    pages: Pages = request.app.state.pages
    city = city_of(request)
    address = city.settings.console.base_url
    if address.startswith("https:") and request.url.scheme != "https":
        # A browser would keep no cookie, and show the same page for ever.
        wrong = {"": f"这里只能用 {address} 这个网址登录，请改用它"}
    return pages.page(
        request,
        "login",
        None,
        status=status,
        typed=typed,
        wrong=wrong,
        onward=onward,
        held=held,
        lost=lost,
        sign_in=city.sign_in.title if city.sign_in else "",
    )


def waiting(request: Request, name: str) -> str:
    """The same name, if a form of this browser waits by it; else ""."""
    held = _pocket(request).look(name)
    browser = request.cookies.get(browser_cookie(city_of(request)), "")
    return name if held and held.browser == browser else ""


def go_on(request: Request, person: Person, name: str, otherwise: Response) -> Response:
    """What was being done when the session ended, ready to be sent on by its owner.

    `otherwise`: the answer when nothing had been begun.
    """
    if not name:
        return otherwise
    held = _pocket(request).look(name) if waiting(request, name) else None
    if held is None or held.owner != person.id:
        return to("/", done="form_gone")
    _pocket(request).take(name)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "go_on",
        person,
        held=held.words,
        held_path=quote(held.path),
        form_title=form_title(held.path),
        shown=list(said_of(city_of(request), person, held.words)),
    )


def keep_file(city: Publisher, owner: Person, name: str, data: bytes) -> str:
    """Keep a file for its owner until the form is done; "" where there is no room."""
    return city.store.uploads.put(owner.id, name, data, city.clock())


def is_local(path: str) -> bool:
    """Whether an address that came with a form leads to a page of ours and nowhere else."""
    leads_here = path.startswith("/") and not path.startswith(("//", "/\\"))
    return leads_here and path.isprintable() and len(path) <= _LONGEST_ADDRESS


def _pocket(request: Request) -> Pocket[Held]:
    found: Pocket[Held] = request.app.state.pocket
    return found
