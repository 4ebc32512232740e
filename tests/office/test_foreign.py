"""Forms that stand on somebody else's page are not done, whoever is logged in."""

from urllib.parse import urlsplit

import pytest

from publisher.access import Role
from tests.support.console import Console, text_of

PAUSE = "/channels/pause"
FORM = {"channel": "post", "why": "对方维护"}


def paused(office: Console) -> bool:
    return "post" in office.city.publisher.store.pauses.lasting()


@pytest.mark.parametrize(
    "said",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "OURS"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "OURS.evil.example"},
        {},
    ],
    ids=str,
)
def test_what_does_not_come_from_our_own_page_is_not_done(
    office: Console, said: dict[str, str]
) -> None:
    visit = office.enter(Role.OPERATOR)
    del visit.headers["Sec-Fetch-Site"]
    sent = {name: value.replace("OURS", office.url) for name, value in said.items()}
    answer = visit.post(PAUSE, data=FORM, headers=sent)
    assert answer.status_code == 403
    assert "不是从本系统的网页发出的" in text_of(answer)
    assert not paused(office)


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "OURS"}], ids=str)
def test_what_does_is(office: Console, said: dict[str, str]) -> None:
    visit = office.enter(Role.OPERATOR)
    del visit.headers["Sec-Fetch-Site"]
    sent = {name: value.replace("OURS", office.url) for name, value in said.items()}
    assert visit.post(PAUSE, data=FORM, headers=sent).status_code == 303
    assert paused(office)


@pytest.mark.parametrize(
    "said", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str
)
def test_nor_can_another_page_log_somebody_in(office: Console, said: dict[str, str]) -> None:
    visit = office.visit()
    del visit.headers["Sec-Fetch-Site"]
    form = {"login": "a", "password": "b", "held": "a" * 43, "held_path": PAUSE, "held:why": "x"}
    answer = visit.post("/login", data=form, headers=said)
    assert answer.status_code == 403
    assert "不是从本系统的网页发出的" in text_of(answer)
    assert not office.audited(act="login_refused")


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_address_leads_out_after_logging_in(office: Console, onward: str) -> None:
    people, now = office.city.publisher.accounts.people, office.city.clock()
    people.add("wang", name="王芳", role="viewer", password="Zao-6-dian-ban", by="测试", now=now)
    form = {"login": "wang", "password": "Zao-6-dian-ban", "next": onward, "held": onward}
    answer = office.visit().post("/login", data=form)
    assert answer.status_code == 303
    assert not urlsplit(answer.headers["Location"]).netloc
    assert "evil" not in answer.headers["Location"]
