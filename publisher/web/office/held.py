"""A form that came after its session was over: nothing of it is lost.

What was typed goes along with the login; its files are kept for the user whose session it was.
After logging in, the same person sends it on with one click.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote

from fastapi import Request
from starlette.responses import Response

from publisher.access import Person
from publisher.bootstrap import Publisher
from publisher.web.office.forms import Typed
from publisher.web.office.gate import city_of
from publisher.web.office.pages import Pages
from publisher.web.office.pocket import Held, Pocket

WORD = "held:"
"""Before the names of the fields that are only passed on."""
PATH = "held_path"
NOTHING: Mapping[str, str] = MappingProxyType({})
_UNTYPED = Typed()
_SECRET = frozenset({"/password"})
"""Forms of which nothing is passed on: what is typed there stands in no page."""
_PEOPLE = "people"
"""The field of a list of phone numbers: these lie sealed here or not at all."""


def hold(request: Request, cookie: str, typed: Typed) -> Response:
    """The login page, with all that was typed in its pocket."""
    if request.url.path in _SECRET:
        over = {"": "登录已过期，请重新登录后再试"}
        return login_page(request, status=401, onward=request.url.path, wrong=over)
    city = city_of(request)
    owner = city.accounts.sessions.former(cookie, city.clock())
    words = dict(typed.words)
    lost = []
    for name, (file, data) in typed.files.items():
        kept = name != _PEOPLE and keep_file(city, owner, file, data)
        if kept:
            words[f"{name}_kept"] = kept
        else:
            lost.append(file)
    return login_page(request, status=401, held=words, held_path=request.url.path, lost=lost)


def login_page(
    request: Request,
    *,
    status: int = 200,
    onward: str = "/",
    held: Mapping[str, str] = NOTHING,
    held_path: str = "",
    lost: Sequence[str] = (),
    typed: Typed = _UNTYPED,
    wrong: Mapping[str, str] = NOTHING,
) -> Response:
    """Where people come in. `onward`: to which page then."""
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
        held_path=held_path,
        lost=lost,
        sign_in=city.sign_in.title if city.sign_in else "",
        pocket=pocket_of(request).put(Held(held_path, held)) if held_path and city.sign_in else "",
    )


def pocket_of(request: Request) -> Pocket[Held]:
    found: Pocket[Held] = request.app.state.pocket
    return found


def go_on(request: Request, person: Person, held: Held) -> Response:
    """What was being done when the session ended, ready to be sent on."""
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "go_on",
        person,
        held=held.words,
        held_path=held.path,
        shown=list(shown_words(held)),
    )


def keep_file(city: Publisher, owner: Person | None, name: str, data: bytes) -> str:
    """Keep a file for its owner until the form is done; "" where there is none, or no room."""
    return city.store.uploads.put(owner.id, name, data, city.clock()) if owner else ""


def held_words(typed: Typed) -> dict[str, str]:
    """What a login form passes on."""
    return {
        name.removeprefix(WORD): value
        for name, value in typed.words.items()
        if name.startswith(WORD)
    }


def shown_words(held: Held) -> Iterator[tuple[str, str]]:
    """What a person can tell the form by."""
    if found := _OF_AN_ITEM.fullmatch(held.path):
        yield _ACTIONS[found["do"]], unquote(found["item"])
    for name, value in held.words.items():
        if value and name in _TITLES:
            yield _TITLES[name], value
        elif value and name.endswith("_kept"):
            yield "文件", "已保留，不用再选"


_OF_AN_ITEM = re.compile(r"/items/(?P<item>[^/]+)/(?P<do>resend|confirm|correct|withdraw)")
_ACTIONS = {"resend": "重发", "confirm": "确认送达", "correct": "更正", "withdraw": "撤回"}
_TITLES = {
    "why": "原因",
    "note": "情况",
    "place": "地点",
    "time": "时间",
    "name": "名称",
    "url": "地址",
    "login": "登录名",
}


def is_local(path: str) -> bool:
    """Whether an address that came with a form leads to a page of ours and nowhere else."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
