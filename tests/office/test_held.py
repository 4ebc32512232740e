"""What was typed when the session ended comes back, whichever way its person comes in again."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from fastapi.routing import APIRoute

from publisher.access import Role
from publisher.model import Status
from publisher.store.uploads import MOST_BYTES
from publisher.web.office import app
from publisher.web.office.form_words import FIELDS, form_title
from tests.factories import ROOT
from tests.simulators.oidc import Client, OidcSimulator
from tests.simulators.server import Fault
from tests.support.console import Console, Visit, open_console, text_of
from tests.support.handed_over import PDF

PASSWORD = "Zao-shang-6-dian"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
WHY = "对方已恢复，“再发一次” <b>"


def hidden(answer: requests.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: unescape(value) for name, value in found}


def interrupted(office: Console) -> tuple[Visit, requests.Response]:
    """An operator sends a form, and is told that the session is over."""
    visit = office.enter(Role.OPERATOR)
    office.city.clock.advance(hours=13)
    answer = visit.post("/channels/pause", data={"channel": "post", "why": WHY})
    assert answer.status_code == 401
    assert "您刚才填写的内容都在" in text_of(answer)
    assert not office.city.publisher.store.pauses.lasting()
    return visit, answer


def go_on(office: Console, visit: Visit, answer: requests.Response) -> None:
    """The page that asks whether to send it on, and then it is done."""
    assert "继续刚才的操作" in text_of(answer)
    assert WHY in text_of(answer)
    assert visit.post("/channels/pause", data=hidden(answer)).status_code == 303
    assert office.city.publisher.store.pauses.lasting()["post"].reason == WHY


def give_password(office: Console) -> None:
    office.city.publisher.accounts.people.set_password(
        "operator", PASSWORD, by="测试", now=office.city.clock()
    )


def logged_in_anew(office: Console, visit: Visit, answer: requests.Response) -> requests.Response:
    """The page after the operator has come in by a temporary password and chosen another."""
    give_password(office)
    form = {**hidden(answer), "login": "operator", "password": PASSWORD}
    sent = visit.post("/login", data=form)
    assert sent.headers["Location"].startswith("/password?held=")
    page = visit.get(sent.headers["Location"])
    new = "Wan-shang-7-dian"
    wrong = {**hidden(page), "current": "falsch", "password": new, "again": new}
    page = visit.post("/password", data=wrong)
    assert page.status_code == 422
    right = {**hidden(page), "current": PASSWORD, "password": new, "again": new}
    return visit.post("/password", data=right)


def test_who_must_choose_a_password_first_goes_on_after_that(office: Console) -> None:
    visit, answer = interrupted(office)
    go_on(office, visit, logged_in_anew(office, visit, answer))


BACK = "http://127.0.0.1:8090"


@contextmanager
def with_the_citys_own_system(folder: Path) -> Iterator[tuple[Console, OidcSimulator]]:
    with OidcSimulator(client=Client(redirect_uris=(f"{BACK}/login/sso/back",))) as provider:
        for login in ("operator", "administrator"):
            provider.users[login] = {"preferred_username": login}
        rules = {
            "adapter": "channels._oidc",
            "options": {
                "issuer": provider.url,
                "client_id": provider.client.id,
                "client_secret": provider.client.secret,
            },
        }
        with open_console(folder, sign_in=rules) as office:
            yield office, provider


def link_of(answer: requests.Response) -> str:
    (link,) = re.findall(r'href="(/login/sso[^"]*)"', answer.text)
    return unescape(link)


def come_in(visit: Visit, link: str) -> requests.Response:
    """Single sign-on, there and back."""
    begun = visit.get(link)
    sent = requests.get(begun.headers["Location"], timeout=10, allow_redirects=False)
    return visit.get(sent.headers["Location"].removeprefix(BACK))


def test_only_its_owner_is_offered_a_form_and_only_where_it_was_typed(tmp_path: Path) -> None:
    with with_the_citys_own_system(tmp_path) as (office, provider):
        visit, answer = interrupted(office)
        link, name = link_of(answer), hidden(answer)["held"]
        elsewhere = office.visit()
        elsewhere.cookies.set("publisher_form", "a" * 43)
        for login, browser in (
            ("administrator", office.enter(Role.ADMINISTRATOR)),
            ("administrator", visit),
            ("operator", office.visit()),
            ("operator", elsewhere),
        ):
            provider.user = login
            page = come_in(browser, link)
            assert page.headers["Location"] == "/?done=form_gone", f"{login} must not see it"
            assert "不在了" in text_of(browser.get("/?done=form_gone"))
        office.city.publisher.accounts.people.set_password(
            "administrator", PASSWORD, by="测试", now=office.city.clock()
        )
        provider.user = "administrator"
        other = office.visit()
        come_in(other, "/login/sso")
        new = {"current": PASSWORD, "password": "Wan-shang-7-dian", "again": "Wan-shang-7-dian"}
        changed = other.post("/password", data={**new, "held": name})
        assert changed.headers["Location"] == "/?done=password"
        provider.user = "operator"
        go_on(office, visit, come_in(visit, link))
        page = come_in(visit, link)
        assert page.headers["Location"] == "/?done=form_gone", "once"


def test_nobody_sends_what_he_cannot_see(tmp_path: Path) -> None:
    with with_the_citys_own_system(tmp_path) as (office, provider):
        visit = office.enter(Role.ADMINISTRATOR)
        office.city.clock.advance(hours=13)
        form = {
            "login": "wang",
            "name": "王芳",
            "role": "administrator",
            "department": "",
            "no_password": "1",
            "next": "//evil.example",
            "password": "Zao-shang-6-dian",
        }
        answer = visit.post("/users/add", data=form)
        assert answer.status_code == 401
        provider.user = "administrator"
        page = come_in(visit, link_of(answer))
        said = text_of(page)
        assert "添加用户" in said
        assert "登录名 wang 名称 王芳 角色 管理员 部门 （没有填）" in said
        assert "没有密码，只能用单点登录 是" in said
        assert hidden(page).keys() == form.keys() - {"next", "password"}
        assert 'action="/users/add"' in page.text
        assert "Zao-shang" not in answer.text + page.text


@pytest.mark.parametrize("cookie", ["", "a" * 43])
def test_of_a_form_that_was_nobodys_nothing_is_read_or_kept(office: Console, cookie: str) -> None:
    visit = office.visit()
    visit.cookies.set("publisher", cookie)
    for _ in range(11):
        answer = visit.post("/users/add", data={"login": "mallory", "name": '"' * 1_000_000})
        assert answer.status_code == 401
        assert "填写的内容也没有保留" in text_of(answer)
        assert hidden(answer) == {"next": "/"}
        assert len(answer.content) < 10_000
        assert "publisher_form" not in answer.cookies
    garbage = {"Content-Type": "multipart/form-data; boundary=x"}
    assert visit.post("/users/add", data=b"garbage", headers=garbage).status_code == 401


def test_what_cannot_be_kept_is_said(office: Console) -> None:
    visit = office.enter(Role.OPERATOR)
    office.city.clock.advance(hours=13)
    answer = visit.post("/channels/pause", data={"why": "长" * 300_000})
    assert (answer.status_code, hidden(answer)) == (401, {"next": "/"})
    assert "太多，没有保留" in text_of(answer)
    most = office.city.publisher.settings.intake.max_file_bytes + 2_000_000
    answer = visit.post("/channels/pause", data=b"x" * most, headers=URLENCODED)
    assert answer.status_code == 413
    answer = visit.post(
        "/channels/pause", data=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status_code == 400
    assert visit.post("/nowhere", data={"why": WHY}).status_code == 404


def test_nothing_is_confirmed_without_the_file_that_could_not_be_kept(office: Console) -> None:
    office.box.plan(Fault.RESET, "/letters")
    office.city.submit()
    office.city.flush("post")
    visit = office.enter(Role.OPERATOR)
    user, now = office.city.publisher.accounts.people.find("operator"), office.city.clock()
    assert office.city.publisher.store.uploads.put(user.id, "大.pdf", bytes(MOST_BYTES), now)
    office.city.clock.advance(hours=13)
    delivery = office.city.publisher.store.standing.delivery("A-1", "post")
    assert delivery
    form = {"channel": "post", "delivery": str(delivery.id), "note": "已贴"}
    answer = visit.post("/items/A-1/confirm", data=form, files={"evidence": ("贴.pdf", PDF)})
    assert "请届时重新选择文件：贴.pdf" in text_of(answer)
    page = logged_in_anew(office, visit, answer)
    assert "文件已不在，请重新选择" in text_of(page)
    sent = visit.post("/items/A-1/confirm", data=hidden(page))
    assert (sent.status_code, office.city.status("A-1", "post")) == (422, Status.UNKNOWN)
    assert "先前选的文件已不在，请重新选择" in text_of(sent)
    assert "已贴" in sent.text


def test_nobodys_form_is_driven_out_by_another_persons(office: Console) -> None:
    give_way = office.enter(Role.EDITOR)
    visit, answer = interrupted(office)
    for _ in range(11):
        assert give_way.post("/items/A-1/withdraw", data={"why": "x" * 150_000}).status_code == 401
    again = visit.post("/login", data={**hidden(answer), "login": "operator", "password": "x"})
    assert again.status_code == 403
    assert "您刚才填写的内容都在" in text_of(again)
    assert hidden(again) == hidden(answer)


def test_who_begins_too_many_sign_ins_ends_none_of_anybody_else(tmp_path: Path) -> None:
    with with_the_citys_own_system(tmp_path) as (office, provider):
        provider.user = "operator"
        office.enter(Role.OPERATOR)
        visit = office.visit()
        begun = visit.get("/login/sso")
        elsewhere = HTTPConnection(urlsplit(office.url).netloc, source_address=("127.0.0.2", 0))
        with closing(elsewhere) as line:
            first = cookie = ""
            for _ in range(101):
                line.request("GET", "/login/sso")
                answer = line.getresponse()
                answer.read()
                cookie = answer.headers["Set-Cookie"].partition(";")[0]
                first = first or cookie
        sent = requests.get(begun.headers["Location"], timeout=10, allow_redirects=False)
        page = visit.get(sent.headers["Location"].removeprefix(BACK))
        assert page.headers["Location"] == "/"
        for one, said in ((first, "已过期"), (cookie, "")):
            page = office.visit().get("/login/sso/back?state=x", headers={"Cookie": one})
            assert ("这次登录已过期" in text_of(page)) is bool(said)


def test_a_browser_still_knows_whose_form_it_was(office: Console) -> None:
    """A cookie that went when its session did would leave a form without an owner."""
    office.enter(Role.OPERATOR)
    give_password(office)
    answer = office.visit().post("/login", data={"login": "operator", "password": PASSWORD})
    age = re.search(r"publisher=.*?Max-Age=(\d+)", answer.headers["Set-Cookie"])
    assert age
    lifetime = office.city.publisher.settings.console.lifetime.total_seconds()
    assert int(age.group(1)) >= lifetime + 7 * 86_400


def test_every_form_and_every_field_has_a_name() -> None:
    for room in app._ROOMS:
        for route in room.router.routes:
            assert isinstance(route, APIRoute)
            if "POST" in (route.methods or ()) and route.path not in {
                "/login",
                "/logout",
                "/password",
            }:
                assert form_title(re.sub(r"{[^}]*}", "1", route.path)), route.path
    for page in (ROOT / "templates" / "console").glob("*.j2"):
        for form in re.findall(
            r'<form[^>]*method="post".*?</form>', page.read_text("utf-8"), re.DOTALL
        ):
            if not re.search(r'action="/(login|password)"', form):
                names = set(re.findall(r'[^-]name="([a-z_]+)"', form))
                names |= set(re.findall(r'form\.(?:text|area|choice|tick)\("([a-z_]+)"', form))
                names |= {f"{one}_kept" for one in re.findall(r'form\.upload\("([a-z]+)"', form)}
                assert names - {"people_kept"} <= FIELDS.keys(), page.name


@pytest.mark.parametrize("held", ["", "x", "a" * 43])
def test_what_nobody_kept_is_not_there(office: Console, held: str) -> None:
    visit = office.enter(Role.OPERATOR)
    give_password(office)
    again = office.visit()
    answer = again.post("/login", data={"login": "operator", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    new = {"current": PASSWORD, "password": "Wan-shang-7-dian", "again": "Wan-shang-7-dian"}
    assert (
        again.post("/password", data={**new, "held": held}).headers["Location"] == "/?done=password"
    )
    assert visit.get("/").status_code == 303, "the other one is out"
