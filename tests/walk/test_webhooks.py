"""Other systems are told of every change: at least once, in order, each by itself."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Fault, Response
from tests.support.city import City
from tests.support.eventful import EventfulPostbox
from tests.support.told import publish, seen, tell, told_city

WALK = [("A-1", "queued"), ("A-1", "sending"), ("A-1", "delivered")]


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    found = told_city(tmp_path, box)
    yield found
    found.close()


@pytest.fixture
def receiver() -> Iterator[ReceiverSimulator]:
    with ReceiverSimulator() as simulator:
        yield simulator


@pytest.fixture
def other() -> Iterator[ReceiverSimulator]:
    with ReceiverSimulator() as simulator:
        yield simulator


def rounds(city: City, many: int = 1, **later: float) -> None:
    for _ in range(many):
        city.clock.advance(**later)
        assert city.publisher.webhooks.round()


def keys(receiver: ReceiverSimulator) -> list[str]:
    """The keys under which it was called, whatever it answered."""
    return [call.headers["webhook-id"] for call in receiver.calls]


def test_every_change_is_told_once_and_in_order(
    city: City, box: EventfulPostbox, receiver: ReceiverSimulator
) -> None:
    publish(city, "A-0")
    webhook = tell(city, receiver)
    box.plan(Fault.CODE, "/letters", code="422")
    publish(city, "A-1")
    rounds(city, 2)
    assert receiver.steps == [*WALK[:2], ("A-1", "failed")], "and nothing of what was before"
    new, sending, failed = receiver.events
    assert (new["was"], sending["was"], failed["was"]) == (None, "queued", "sending")
    assert (new["reason"], sending["reason"]) == ("", "")
    assert failed["reason"] == "邮箱不收"
    assert failed["channel"] == "post"
    assert failed["action"] == "publish"
    assert failed["title"].startswith("关于印发辛集市")
    assert failed["at"] == "2026-11-23T01:30:00+00:00"
    ((key, body),) = receiver.bodies
    assert json.loads(body)["id"] == key
    found = seen(city, webhook)
    assert (found.behind, found.failures, found.active) == (0, 0, True)
    (call,) = city.publisher.webhooks.recent(webhook.id)
    assert (call.key, call.many, call.code, call.reason) == (key, 3, 204, "")


def test_a_change_tells_what_was_then_not_what_is_now(
    city: City, box: EventfulPostbox, receiver: ReceiverSimulator
) -> None:
    tell(city, receiver)
    box.plan(Fault.REFUSE, "/letters")
    publish(city, "A-1")
    city.clock.advance(minutes=1)
    city.flush()
    rounds(city)
    told = {(one["was"], one["status"]): one for one in receiver.events}
    assert told["sending", "queued"]["reason"], "why it is tried again"
    assert told["queued", "sending"]["reason"] == ""
    assert told[None, "queued"]["reason"] == ""


def test_the_same_body_goes_under_the_same_key_until_it_is_taken(
    city: City, receiver: ReceiverSimulator
) -> None:
    webhook = tell(city, receiver)
    receiver.plan(Fault.ERROR, times=3)
    publish(city, "A-1")
    waits = []
    for _ in range(3):
        rounds(city)
        waits.append((seen(city, webhook).due_at - city.clock()).total_seconds())
        rounds(city)  # too early
        publish(city, f"B-{len(waits)}")
        city.clock.now = seen(city, webhook).due_at
    assert 2.5 <= waits[0] <= 5 <= waits[1] <= 10 <= waits[2] <= 20
    assert seen(city, webhook).failing_since is not None
    rounds(city)
    first, *again, newer = keys(receiver)
    assert again == [first] * 3
    assert newer != first
    assert len({call.body for call in receiver.calls[:-1]}) == 1
    assert receiver.steps[:3] == WALK
    assert len(receiver.steps) == 12
    found = seen(city, webhook)
    assert (found.failures, found.failing_since, found.behind) == (0, None, 0)


def test_the_wait_has_a_ceiling_and_trying_has_no_end(
    city: City, receiver: ReceiverSimulator
) -> None:
    webhook = tell(city, receiver)
    receiver.plan(Fault.ERROR, times=30)
    publish(city, "A-1")
    rounds(city, 30, minutes=15)
    found = seen(city, webhook)
    assert found.failures == 30
    assert timedelta(minutes=7) <= found.due_at - city.clock() <= timedelta(minutes=15)
    rounds(city, minutes=15)
    assert receiver.steps == WALK


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("120", 120, 120),
        ("999999", 3600, 3600),
        ("Mon, 23 Nov 2026 01:40:00 GMT", 600, 600),
        ("Sun, 01 Nov 2026 01:00:00 GMT", 2, 5),
        ("soon", 2, 5),
    ],
)
def test_who_asks_us_to_wait_is_left_alone_for_so_long(
    city: City, receiver: ReceiverSimulator, asked: str, least: float, most: float
) -> None:
    webhook = tell(city, receiver)
    receiver.answers = [Response(b"", 429, headers={"Retry-After": asked})]
    publish(city, "A-1")
    rounds(city)
    wait = (seen(city, webhook).due_at - city.clock()).total_seconds()
    assert least <= wait <= most
    assert "429" in city.publisher.webhooks.recent(webhook.id)[0].reason


def test_who_is_gone_is_called_no_more_until_a_person_says_so(
    city: City, receiver: ReceiverSimulator
) -> None:
    webhook = tell(city, receiver)
    receiver.answers = [Response(b"", 410)]
    publish(city, "A-1")
    rounds(city, 3, hours=1)
    assert len(receiver.calls) == 1
    assert "410" in seen(city, webhook).stopped
    (trouble,) = city.publisher.webhooks.troubles()
    assert trouble == "状态推送“协同办公”已停用：对方回答不再接收（HTTP 410）"
    city.publisher.webhooks.resume(webhook.id, by="赵管")
    rounds(city)
    assert receiver.steps == WALK
    assert len(set(keys(receiver))) == 1, "the very call that was refused"
    assert city.publisher.webhooks.troubles() == []


def test_no_redirect_is_followed_and_nothing_of_an_answer_is_kept(
    city: City, receiver: ReceiverSimulator, other: ReceiverSimulator
) -> None:
    webhook = tell(city, receiver)
    to = {"Location": other.address}
    receiver.answers = [Response(b"their words" * 100_000, 307, headers=to)]
    publish(city, "A-1")
    with capture_logs() as logs:
        rounds(city)
    assert other.calls == []
    (call,) = city.publisher.webhooks.recent(webhook.id)
    assert call.code == 307
    assert "不跟随跳转" in call.reason
    assert "their words" not in repr([call, logs])


def test_many_changes_go_in_several_calls_one_after_the_other(
    city: City, receiver: ReceiverSimulator
) -> None:
    tell(city, receiver)
    items = [f"A-{number:02d}" for number in range(35)]
    publish(city, *items)
    receiver.plan(Fault.RESET, skip=1)
    rounds(city, 2, minutes=1)
    sizes = [len(json.loads(body)["events"]) for _, body in receiver.bodies]
    assert sizes == [100, 5, 5], "it had taken the second and could not say so"
    assert [one["id"] for one in receiver.events] == sorted(one["id"] for one in receiver.events)
    assert len(receiver.events) == 105


def test_a_slow_receiver_holds_up_neither_another_nor_deliveries(
    city: City, receiver: ReceiverSimulator, other: ReceiverSimulator
) -> None:
    """While the slow one is still thinking, something new happens, and the fast one is told."""
    tell(city, receiver, "慢")
    tell(city, other, "快")
    receiver.plan(Fault.DELAY, seconds=1.5)
    publish(city, "A-1")
    with ThreadPoolExecutor(1) as pool:
        begun = time.monotonic()
        running = pool.submit(city.publisher.webhooks.round)
        wait_for(lambda: len(other.events) == 3)
        publish(city, "A-2")
        wait_for(lambda: len(other.events) == 6)
        took = time.monotonic() - begun
        assert not running.done()
        assert took < 1.4
        assert running.result(10)
    assert len(receiver.events) == 6
    assert len(receiver.calls) == 2, "never called while it is being called"


def wait_for(what: object) -> None:
    until = time.monotonic() + 5
    assert callable(what)
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.DROP, Fault.LATE_ERROR])
def test_who_breaks_down_gets_the_same_again(
    tmp_path: Path, box: EventfulPostbox, receiver: ReceiverSimulator, fault: Fault
) -> None:
    city = told_city(tmp_path, box, read_timeout=0.3)
    webhook = tell(city, receiver)
    receiver.plan(fault)
    publish(city, "A-1")
    rounds(city, 2, seconds=6)
    assert receiver.steps == WALK
    assert len(set(keys(receiver))) == 1
    newest, failed = city.publisher.webhooks.recent(webhook.id)
    assert newest.reason == ""
    assert failed.reason
    assert receiver.url not in failed.reason
    city.close()


def test_only_one_process_is_at_it(city: City, receiver: ReceiverSimulator) -> None:
    tell(city, receiver)
    publish(city, "A-1")
    elsewhere: list[bool] = []
    second = City(city.publisher.settings, city.clock)
    receiver.meanwhile = lambda: elsewhere.append(second.publisher.webhooks.round())
    rounds(city)
    assert elsewhere == [False]
    assert receiver.steps == WALK
    second.close()


def test_told_to_stop_it_begins_nothing_more(city: City, receiver: ReceiverSimulator) -> None:
    tell(city, receiver)
    publish(city, "A-1")

    def end() -> None:
        city.publisher.webhooks.begin_no_more()
        city.submit("A-2")

    receiver.meanwhile = end
    rounds(city, 3)
    assert receiver.steps == WALK


def test_a_receiver_down_for_long_is_told_to_staff(city: City, receiver: ReceiverSimulator) -> None:
    tell(city, receiver)
    receiver.plan(Fault.ERROR, times=3)
    publish(city, "A-1")
    rounds(city, 2, minutes=1)
    assert city.publisher.webhooks.troubles() == []
    rounds(city, minutes=1)
    (trouble,) = city.publisher.webhooks.troubles()
    assert trouble.startswith("状态推送“协同办公”自 11-23 09:31 起连续 3 次没有送到，积压 3 条，")
    assert trouble.endswith("再试：对方回答 HTTP 500")
    rounds(city, minutes=1)
    assert city.publisher.webhooks.troubles() == []
    publish(city, "A-2")
    city.clock.advance(minutes=5)
    (trouble,) = city.publisher.webhooks.troubles()
    assert "好像没有在运行" in trouble
