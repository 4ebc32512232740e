"""What was typed when the session ended comes back, whichever way its person comes in again."""

import re
from pathlib import Path

import pytest
import requests

from publisher.access import Role
from tests.simulators.oidc import Client, OidcSimulator
from tests.support.console import Console, Visit, open_console, text_of

PASSWORD = "Zao-shang-6-dian"
WHY = "对方已恢复，“再发一次” <b>"


def hidden(answer: requests.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {
        name: value.replace("&#34;", '"')
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        for name, value in found
    }


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


def test_who_must_choose_a_password_first_goes_on_after_that(office: Console) -> None:
    visit, answer = interrupted(office)
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
    go_on(office, visit, visit.post("/password", data=right))


def test_who_comes_by_the_citys_own_system_goes_on_too(tmp_path: Path) -> None:
    back = "http://127.0.0.1:8090/login/sso/back"
    with OidcSimulator(client=Client(redirect_uris=(back,))) as provider:
        provider.users["operator"] = {"preferred_username": "operator"}
        provider.user = "operator"
        rules = {
            "adapter": "channels._oidc",
            "options": {
                "issuer": provider.url,
                "client_id": provider.client.id,
                "client_secret": provider.client.secret,
            },
        }
        with open_console(tmp_path, sign_in=rules) as office:
            visit, answer = interrupted(office)
            (link,) = re.findall(r'href="(/login/sso[^"]*)"', answer.text)
            begun = visit.get(link.replace("&amp;", "&"))
            sent = requests.get(begun.headers["Location"], timeout=10, allow_redirects=False)
            page = visit.get(sent.headers["Location"].removeprefix("http://127.0.0.1:8090"))
            go_on(office, visit, page)


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
