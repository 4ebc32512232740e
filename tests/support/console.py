"""The console of a small city behind a real server, and people of every role who have come in."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import requests

from publisher.access import ROLE_WORDS, Role
from publisher.store.audit import Entry, Filter
from publisher.store.paging import Asked
from publisher.web.office.app import office_app
from publisher.web.server import Server
from tests.support.able_postbox import ADAPTER, AblePostboxSimulator
from tests.support.city import City, postbox, settings_for
from tests.support.told import RULES

OURS, THEIRS = "辛集市人民政府办公室", "辛集市财政局"
"""The department of the editor, and another."""


class Visit(requests.Session):
    """A browser, as far as forms go: it says that they stand on our own pages, and stays put."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.headers["Sec-Fetch-Site"] = "same-origin"

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        more = {"timeout": 20} | more | {"allow_redirects": False}
        return super().request(method, f"{self.url}{url}", *args, **more)


class Console:
    """`box` is what the channel «post» sends to, which can test and count; «echo» can do neither.

    Whoever is asked for has come in without a password: no test of a page has to wait for hashes.
    """

    def __init__(self, city: City, box: AblePostboxSimulator, url: str, stack: ExitStack) -> None:
        self.city = city
        self.box = box
        self.url = url
        self._stack = stack
        self._in: dict[str, Visit] = {}

    def visit(self) -> Visit:
        """A browser in which nobody has come in."""
        return self._stack.enter_context(Visit(self.url))

    def enter(self, role: Role | str, login: str = "") -> Visit:
        """Somebody of this role; an editor is of our own department."""
        login = login or str(role)
        if login not in self._in:
            self._in[login] = self._enter(Role(role), login)
        return self._in[login]

    def _enter(self, role: Role, login: str) -> Visit:
        accounts, now = self.city.publisher.accounts, self.city.clock()
        accounts.people.add(
            login,
            name=ROLE_WORDS[role],
            role=role,
            department=OURS if role is Role.EDITOR else "",
            password=None,
            by="测试",
            now=now,
        )
        entered = accounts.entrance.enter_as(login, address="127.0.0.1", agent="t", now=now)
        visit = self.visit()
        visit.cookies.set("publisher", entered.cookie)
        return visit

    def audited(self, act: str) -> list[Entry]:
        """What the audit says, newest first."""
        return self.city.publisher.store.audit.page(Filter(act=act), Asked(most=100)).rows


@contextmanager
def open_console(
    folder: Path, *, post: Mapping[str, Any] | None = None, **more: Any
) -> Iterator[Console]:
    """`post` is what stands differently in that channel's stanza, `more` are other settings."""
    with ExitStack() as stack:
        box = stack.enter_context(AblePostboxSimulator())
        channels = {
            "post": postbox(box.url, **(post or {})) | {"adapter": ADAPTER},
            "echo": postbox(box.url) | {"title": "回声"},
        }
        settings = settings_for(folder, channels, **({"webhooks": RULES} | more))
        city = City(settings)
        stack.callback(city.close)
        app, close = office_app(city.publisher)
        stack.callback(close)
        server = stack.enter_context(Server(app))
        yield Console(city, box, server.url, stack)


def secret_page(visit: Visit, answer: requests.Response) -> requests.Response:
    """The page that shows what a form has made; the answer only leads there."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/secret/")
    return visit.get(answer.headers["location"])


def secret_in(page: requests.Response) -> str:
    found = re.search(r'<code id="secret">([^<]+)</code>', page.text)
    assert found, page.text
    return found.group(1)


def text_of(answer: requests.Response) -> str:
    """What stands on the page, without its tags and with single blanks."""
    bare = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(bare).split())


def field(answer: requests.Response, name: str, nth: int = 0) -> Mapping[str, str]:
    """A field of a form on the page: its attributes, and under "wrong" what is said to be wrong."""
    tags = re.findall(rf'<(?:input|select|textarea)[^>]*\sname="{name}"[^>]*>', answer.text)
    tag = {one: unescape(word) for one, word in re.findall(r'([\w-]+)="([^"]*)"', tags[nth])}
    said = re.search(rf'id="{tag["id"]}-wrong">([^<]*)<', answer.text) if "id" in tag else None
    if "aria-invalid" in tag:
        assert said, "what is marked as wrong says why"
        assert f"{tag['id']}-wrong" in tag["aria-describedby"].split()
    return tag | {"wrong": unescape(said.group(1)) if said else ""}
