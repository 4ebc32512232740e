"""Webhooks: administrators say which systems are told, and see how that goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Response
from tests.support.console import (
    Console,
    field,
    open_console,
    secret_in,
    secret_page,
    text_of,
)


@pytest.fixture
def receiver() -> Iterator[ReceiverSimulator]:
    with ReceiverSimulator() as simulator:
        yield simulator


def add(office: Console, receiver: ReceiverSimulator, **changes: str) -> requests.Response:
    """From now on the receiver is told, and knows the secret."""
    form = {"name": "协同办公", "url": receiver.address} | changes
    boss = office.enter("administrator")
    answer = boss.post("/webhooks/add", form)
    if answer.is_redirect:
        receiver.secret = secret_in(secret_page(boss, answer))
        receiver.now = office.city.clock
    return answer


def publish(office: Console, item_id: str = "A-1") -> None:
    office.city.submit(item_id)
    office.city.flush("post")


def test_a_new_one_gets_a_secret_that_is_shown_once(
    office: Console, receiver: ReceiverSimulator
) -> None:
    made = add(office, receiver)
    boss = office.enter("administrator")
    assert secret_in(secret_page(boss, made)) == receiver.secret
    for address in ("/webhooks", "/webhooks/1"):
        assert receiver.secret not in boss.get(address).text
    assert "协同办公 http" in text_of(boss.get("/webhooks"))
    assert boss.post("/webhooks/1/test").headers["location"] == "/webhooks/1?done=tested"
    assert len(receiver.bodies) == 1, "signed with what was shown"
    assert "测试 ✓ 对方已收下" in text_of(boss.get("/webhooks/1"))


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    office: Console, receiver: ReceiverSimulator
) -> None:
    add(office, receiver)
    boss = office.enter("administrator")
    for path in ("/webhooks/add", "/webhooks/1/change"):
        for name, url, wrong in (
            ("", receiver.address, "name"),
            ("名" * 65, receiver.address, "name"),
            ("网站", "ftp://example.com/", "url"),
            ("网站", "https://10.0.0.1/hook", "url"),
            ("网站", "", "url"),
        ):
            page = boss.post(path, {"name": name, "url": url})
            assert page.status_code == 422
            assert field(page, wrong)["wrong"], (path, name, url)
            assert (field(page, "name")["value"], field(page, "url")["value"]) == (name, url)
    assert field(add(office, receiver), "name")["wrong"], "the name is taken"
    assert len(office.city.publisher.webhooks.all()) == 1


def test_one_sees_what_fails_and_why_and_tries_again(
    office: Console, receiver: ReceiverSimulator
) -> None:
    add(office, receiver)
    boss = office.enter("administrator")
    receiver.answers = [Response(b"", 404), Response(b"", 404)]
    publish(office)
    assert "待推送" in text_of(boss.get("/webhooks"))
    office.city.publisher.webhooks.round()
    page = text_of(boss.get("/webhooks/1"))
    assert "送不到" in page
    assert "对方没有这个接收地址（HTTP 404），请核对网址" in page

    failed = boss.post("/webhooks/1/test")
    assert failed.status_code == 422
    assert "测试没有送到：对方没有这个接收地址" in text_of(failed)

    assert boss.post("/webhooks/1/again").headers["location"] == "/webhooks/1?done=again"
    office.city.publisher.webhooks.round()
    assert receiver.steps[-1] == ("A-1", "delivered")
    assert "✓ 正常" in text_of(boss.get("/webhooks/1"))


def test_it_rests_and_goes_on(office: Console, receiver: ReceiverSimulator) -> None:
    add(office, receiver)
    boss = office.enter("administrator")
    assert boss.post("/webhooks/1/stop").status_code == 303
    publish(office)
    office.city.publisher.webhooks.round()
    assert receiver.steps == []
    assert "已停用" in text_of(boss.get("/webhooks"))
    refused = boss.post("/webhooks/1/again")
    assert refused.status_code == 422
    assert "请先恢复" in text_of(refused)
    assert boss.post("/webhooks/1/resume").status_code == 303
    office.city.publisher.webhooks.round()
    assert receiver.steps


def test_it_is_changed_and_deleted(office: Console, receiver: ReceiverSimulator) -> None:
    add(office, receiver)
    boss = office.enter("administrator")
    form = {"name": "网站后台", "url": receiver.address}
    assert boss.post("/webhooks/1/change", form).headers["location"] == "/webhooks/1?done=changed"
    assert "推送到网站后台" in text_of(boss.get("/webhooks/1"))
    unsure = boss.post("/webhooks/1/delete")
    assert unsure.status_code == 422
    assert field(unsure, "sure")["wrong"]
    done = boss.post("/webhooks/1/delete", {"sure": "1"})
    assert done.headers["location"] == "/webhooks?done=deleted"
    assert boss.get("/webhooks/1").status_code == 404


def test_a_webhook_that_is_not_there_is_not_found(office: Console) -> None:
    boss = office.enter("administrator")
    for number in ("7", "x", "9" * 30, "0"):
        assert boss.get(f"/webhooks/{number}").status_code == 404
        for what in ("stop", "resume", "again", "test", "change", "delete"):
            assert boss.post(f"/webhooks/{number}/{what}", {"sure": "1"}).status_code == 404


def test_without_a_key_the_page_says_what_is_missing(tmp_path: Path) -> None:
    with open_console(tmp_path, webhooks={}) as office:
        boss = office.enter("administrator")
        page = boss.get("/webhooks")
        assert "配置里没有 webhooks.key" in page.text
        assert "/webhooks/add" not in page.text
        form = {"name": "网站", "url": "https://example.com/"}
        refused = boss.post("/webhooks/add", form)
        assert refused.status_code == 422
        assert "没有设置 webhooks.key" in refused.text
