"""What an administrator does with webhooks, and what the database knows of their secrets."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from config.settings import ConfigError
from publisher.signature import verify
from publisher.store.copying import RESTORED, restore
from publisher.store.copying import backup as back_up
from publisher.store.engine import Database
from publisher.store.office_tables import audit, webhooks
from publisher.webhooks import WebhookProblem
from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Fault
from tests.support.city import City
from tests.support.eventful import EventfulPostbox
from tests.support.told import publish, seen, tell, told_city

OTHER_KEY = base64.b64encode(b"x" * 32).decode()


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    found = told_city(tmp_path, box)
    yield found
    found.close()


@pytest.fixture
def receiver() -> Iterator[ReceiverSimulator]:
    with ReceiverSimulator() as simulator:
        yield simulator


def refused(city: City, name: str, url: str) -> tuple[str, str]:
    with pytest.raises(WebhookProblem) as caught:
        city.publisher.webhooks.add(name, url, by="赵管")
    assert city.publisher.webhooks.all() == []
    return caught.value.field, str(caught.value)


def test_what_is_typed_wrong_is_said_with_its_field(city: City) -> None:
    good = "http://127.0.0.1:8000/"
    assert refused(city, " ", good) == ("name", "名称：请填写 1 到 64 个字")
    assert refused(city, "长" * 65, good)[0] == "name"
    assert refused(city, "换\n行", good)[0] == "name"
    field, sentence = refused(city, "协同办公", "http://10.1.2.3/hook")
    assert field == "url"
    assert sentence.startswith("网址：主机 10.1.2.3 在内部网络")
    assert refused(city, "协同办公", "") == ("url", "网址：网址应以 https:// 或 http:// 开头")
    city.publisher.webhooks.add(" 协同办公 ", good, by="赵管")
    with pytest.raises(WebhookProblem, match="已有名为「协同办公」的推送"):
        city.publisher.webhooks.add("协同办公", good, by="赵管")


def test_the_secret_is_shown_once_and_sealed_at_rest(
    city: City, receiver: ReceiverSimulator, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        webhook, secret = city.publisher.webhooks.add("协同办公", receiver.address, by="赵管")
    assert secret.startswith("whsec_")
    with city.publisher.store.database.read() as connection:
        stored = repr(connection.execute(select(webhooks)).all())
    plain = secret.removeprefix("whsec_")
    for place in (stored, repr(logs), repr(webhook), repr(city.publisher.settings)):
        assert plain not in place
    assert city.publisher.settings.webhooks.key
    for file in (tmp_path / "data").rglob("*"):
        assert not file.is_file() or plain.encode() not in file.read_bytes()


def test_a_sealed_secret_moved_to_another_webhook_does_not_open(
    city: City, receiver: ReceiverSimulator
) -> None:
    first, second = tell(city, receiver, "甲"), tell(city, receiver, "乙")
    moved = select(webhooks.c.sealed).where(webhooks.c.id == first.id).scalar_subquery()
    with city.publisher.store.database.write() as connection:
        connection.execute(update(webhooks).where(webhooks.c.id == second.id).values(sealed=moved))
    assert "解不开" in city.publisher.webhooks.test(second.id, by="赵管").reason
    assert receiver.calls == []


def test_without_a_key_none_can_be_added(tmp_path: Path, box: EventfulPostbox) -> None:
    city = told_city(tmp_path, box, key="")
    field, sentence = refused(city, "协同办公", "http://127.0.0.1:8000/")
    assert field == ""
    assert "webhooks.key" in sentence
    city.close()


@pytest.mark.parametrize("key", ["short", "A" * 44, "钥匙"])
def test_a_key_that_is_none_stops_the_start(tmp_path: Path, box: EventfulPostbox, key: str) -> None:
    with pytest.raises(ConfigError, match=r"webhooks\.key：写法不对") as refused:
        told_city(tmp_path, box, key=key)
    assert key not in str(refused.value)


def test_a_key_that_was_lost_stops_nobody_else(
    tmp_path: Path, box: EventfulPostbox, receiver: ReceiverSimulator
) -> None:
    city = told_city(tmp_path, box)
    old = tell(city, receiver, "旧")
    publish(city, "A-0")
    city.close()
    city = told_city(tmp_path, box, city.clock, key=OTHER_KEY)
    tell(city, receiver, "新")
    publish(city, "A-1")
    assert city.publisher.webhooks.round()
    assert len(receiver.events) == 3
    (call,) = city.publisher.webhooks.recent(old.id)
    assert call.code is None
    assert "webhooks.key 与添加时的不同" in call.reason
    city.close()


def test_a_test_event_says_so_and_changes_nothing(city: City, receiver: ReceiverSimulator) -> None:
    webhook = tell(city, receiver)
    receiver.plan(Fault.ERROR)
    publish(city, "A-1")
    assert city.publisher.webhooks.round()
    before = seen(city, webhook)
    call = city.publisher.webhooks.test(webhook.id, by="赵管")
    assert (call.code, call.reason, call.many) == (204, "", 0)
    assert seen(city, webhook) == before
    ((key, body),) = receiver.bodies
    assert json.loads(body) | {"sent_at": ""} == {
        "id": key,
        "sent_at": "",
        "test": True,
        "events": [],
    }
    assert [one.many for one in city.publisher.webhooks.recent(webhook.id)] == [0, 3]


def test_again_does_not_wait(city: City, receiver: ReceiverSimulator) -> None:
    webhook = tell(city, receiver)
    receiver.plan(Fault.ERROR, times=4)
    publish(city, "A-1")
    for _ in range(4):
        assert city.publisher.webhooks.round()
        city.publisher.webhooks.again(webhook.id, by="赵管")
    assert seen(city, webhook).failures == 4
    assert city.publisher.webhooks.round()
    assert len(receiver.events) == 3


def test_another_address_takes_over_where_the_first_one_stopped(
    city: City, receiver: ReceiverSimulator
) -> None:
    webhook = tell(city, receiver)
    desk = city.publisher.webhooks
    desk.change(webhook.id, name="新系统", url="http://127.0.0.1:1024/", by="赵管")
    publish(city, "A-1")
    assert desk.round()
    assert "拒绝连接" in desk.recent(webhook.id)[0].reason
    desk.change(webhook.id, name="新系统", url=receiver.address, by="赵管")
    assert desk.round()
    assert len(receiver.events) == 3
    assert seen(city, webhook).name == "新系统"
    desk.add("另一个", receiver.address, by="赵管")
    with pytest.raises(WebhookProblem, match="另一个"):
        desk.change(webhook.id, name="另一个", url=receiver.address, by="赵管")
    with pytest.raises(WebhookProblem, match="网址：") as caught:
        desk.change(webhook.id, name="新系统", url="http://10.0.0.1/", by="赵管")
    assert caught.value.field == "url"


def test_who_is_stopped_is_not_called_and_gets_it_all_later(
    city: City, receiver: ReceiverSimulator
) -> None:
    webhook, desk = tell(city, receiver), city.publisher.webhooks
    desk.stop(webhook.id, by="赵管")
    publish(city, "A-1")
    assert desk.round()
    assert receiver.calls == []
    assert desk.troubles() == ["状态推送“协同办公”已停用：赵管 于 11-23 09:30 停用"]
    with pytest.raises(WebhookProblem, match="先恢复"):
        desk.again(webhook.id, by="赵管")
    desk.resume(webhook.id, by="赵管")
    assert desk.round()
    assert len(receiver.events) == 3


def test_who_is_deleted_in_mid_call_is_gone(city: City, receiver: ReceiverSimulator) -> None:
    webhook, desk = tell(city, receiver), city.publisher.webhooks
    publish(city, "A-1")
    receiver.meanwhile = lambda: desk.delete(webhook.id, by="赵管")
    assert desk.round()
    assert len(receiver.events) == 3
    assert desk.all() == []
    assert desk.recent(webhook.id) == []
    for act in (desk.stop, desk.resume, desk.delete, desk.again, desk.test):
        with pytest.raises(WebhookProblem, match="没有这个推送"):
            act(webhook.id, by="赵管")


def test_who_did_what_is_kept(city: City, receiver: ReceiverSimulator) -> None:
    webhook, desk = tell(city, receiver), city.publisher.webhooks
    desk.stop(webhook.id, by="李管")
    desk.resume(webhook.id, by="李管")
    desk.again(webhook.id, by="李管")
    desk.test(webhook.id, by="李管")
    desk.change(webhook.id, name="新系统", url=receiver.address, by="赵管")
    desk.delete(webhook.id, by="王管")
    with city.publisher.store.database.read() as connection:
        query = select(audit.c.act, audit.c.actor, audit.c.detail).order_by(audit.c.id)
        lines = [tuple(row) for row in connection.execute(query)]
    assert lines == [
        ("webhook_added", "赵管", "协同办公"),
        ("webhook_stopped", "李管", "协同办公"),
        ("webhook_resumed", "李管", "协同办公"),
        ("webhook_hurried", "李管", "协同办公"),
        ("webhook_tried", "李管", "协同办公：已收到"),
        ("webhook_changed", "赵管", f"协同办公 -> 新系统，{urlsplit(receiver.address).netloc}"),
        ("webhook_deleted", "王管", "新系统"),
    ]


def test_a_restored_backup_calls_nobody(
    city: City, receiver: ReceiverSimulator, tmp_path: Path
) -> None:
    webhook = tell(city, receiver)
    publish(city, "A-1")
    store, now = city.publisher.store, city.clock()
    back_up(store.database, tmp_path / "backup.db", ["post"], by="赵管", now=now)
    target = Database(tmp_path / "restored.db")
    restore(tmp_path / "backup.db", target, tmp_path / "data", ["post"], by="赵管", now=now)
    with target.read() as connection:
        row = connection.execute(select(webhooks)).one()
    assert (row.active, row.stopped) == (False, RESTORED)
    assert seen(city, webhook).active
    target.close()


def test_a_replay_is_refused_by_the_receivers_own_check(
    city: City, receiver: ReceiverSimulator
) -> None:
    tell(city, receiver)
    publish(city, "A-1")
    assert city.publisher.webhooks.round()
    (call,) = receiver.calls
    assert verify(receiver.secret, call.headers, call.body, city.clock())
    city.clock.advance(minutes=6)
    with pytest.raises(ValueError, match="replay"):
        verify(receiver.secret, call.headers, call.body, city.clock())
