"""Tokens: administrators let the city's other systems in."""

import re
from datetime import timedelta

import requests

from publisher.access import SCOPE_WORDS, Right
from tests.support.console import Console, field, secret_page, text_of

FORM = {"name": "市政府网站后台", "days": "30", "submit": "1", "see": "1"}


def issue(office: Console, **changes: str) -> requests.Response:
    form = {name: value for name, value in (FORM | changes).items() if value != "off"}
    return office.enter("administrator").post("/tokens/issue", form)


def test_a_token_is_shown_once_and_opens_what_was_ticked(office: Console) -> None:
    made = issue(office)
    page = secret_page(office.enter("administrator"), made)
    bearer = re.search(r"xjp_[\w-]+", page.text)
    assert bearer
    again = secret_page(office.enter("administrator"), made)
    assert bearer.group() in again.text
    assert len(office.city.publisher.accounts.tokens.all()) == 1, "none is made by reloading"
    accounts, now = office.city.publisher.accounts, office.city.clock()
    system = accounts.tokens.open(bearer.group(), now)
    assert system
    assert system.scopes == {Right.SUBMIT, Right.SEE}
    assert accounts.tokens.open(bearer.group(), now + timedelta(days=30)) is None

    listed = office.enter("administrator").get("/tokens")
    assert bearer.group() not in listed.text
    words = f"{SCOPE_WORDS[Right.SUBMIT]} {SCOPE_WORDS[Right.SEE]}"
    assert f"市政府网站后台 1 号 {words}" in text_of(listed)


def test_a_token_is_taken_back_once(office: Console) -> None:
    boss = office.enter("administrator")
    bearer = re.findall(r"xjp_[\w-]+", secret_page(boss, issue(office)).text)[0]
    assert "有效 作废" in text_of(boss.get("/tokens"))
    issue(office)
    unsure = boss.post("/tokens/revoke", {"token": "1"})
    assert unsure.status_code == 422
    (row,) = re.findall(r"<details[^>]* open>.*?</details>", unsure.text, re.DOTALL)
    assert "作废 1 号令牌" in row
    assert "请先勾选" in row
    assert office.city.publisher.accounts.tokens.open(bearer, office.city.clock())
    done = boss.post("/tokens/revoke", {"token": "1", "sure": "1"})
    assert done.headers["location"] == "/tokens?done=revoked"
    assert office.city.publisher.accounts.tokens.open(bearer, office.city.clock()) is None
    assert "已作废" in text_of(boss.get("/tokens"))
    for unknown in ("1", "3", "x", "", "9" * 40):
        again = boss.post("/tokens/revoke", {"token": unknown})
        assert again.status_code == 422
        assert "没有编号为" in again.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office: Console) -> None:
    for changes, wrong in (
        ({"name": ""}, "name"),
        ({"name": "系" * 31}, "name"),
        ({"days": "0"}, "days"),
        ({"days": "1097"}, "days"),
        ({"days": "9" * 30}, "days"),
        ({"days": "一年"}, "days"),
        ({"days": ""}, "days"),
        ({"days": "-3"}, "days"),
    ):
        page = issue(office, **changes)
        assert page.status_code == 422, changes
        assert field(page, wrong)["wrong"], changes
        typed = FORM | changes
        assert field(page, "name")["value"] == typed["name"]
        assert field(page, "days")["value"] == typed["days"]
        assert " checked" in re.findall(r'<input[^>]*name="submit"[^>]*>', page.text)[0]
    page = issue(office, submit="off", see="off")
    assert page.status_code == 422
    assert "请至少选一个权限" in re.findall(r'id="scopes-wrong">([^<]+)<', page.text)[0]
    assert office.city.publisher.accounts.tokens.all() == []
