"""Deliveries to single subscribers: chunks, reports, resend of the rest, never twice."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.store.subscribing import Wish
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

PHONES = [f"1390001{number:04d}" for number in range(7)]


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    stanza = postbox(
        box.url,
        options={"addressed": True, "asynchronous": True},
        grouping={"kind": "digest"},
        recipients_per_batch=3,
        checks=[10],
        retry={"attempts": 3, "base": 10},
    )
    found = City(settings_for(tmp_path, {"post": stanza}))
    vault = found.publisher.vault
    assert vault
    wishes = [Wish(vault.index(phone), phone, frozenset({"财政预决算"})) for phone in PHONES]
    found.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=found.clock())
    yield found
    found.close()


def reached(box: PostboxSimulator) -> Counter[str]:
    return Counter(phone for letter in box.letters for phone in letter["to"])


def report(box: PostboxSimulator, status: str, *phones: str) -> None:
    for letter in box.letters:
        mine = {phone: status for phone in letter["to"] if phone in phones}
        box.reports.setdefault(letter["reference"], {}).update(mine)


def test_everybody_is_reached_once_in_chunks(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    assert [len(letter["to"]) for letter in box.letters] == [3, 3, 1]
    assert reached(box) == Counter(PHONES)
    assert city.status("A-1", "post") is Status.ACCEPTED


def test_reports_end_it_with_counts(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    report(box, "delivered", *PHONES[:6])
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.ACCEPTED, "one is still missing"
    report(box, "failed", PHONES[6])
    city.clock.advance(seconds=11)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.FAILED, "one batch reached nobody"
    assert "失败 1 人" in found.reason


def test_a_chunk_that_failed_is_sent_again_and_nobody_else(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.CODE, code="422", skip=1)
    city.submit()
    city.flush()
    assert reached(box) == Counter(PHONES[:3] + PHONES[6:])
    report(box, "delivered", *PHONES)
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.FAILED
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="对方已恢复", not_out=False, now=city.clock()
    )
    city.flush()
    assert reached(box) == Counter(PHONES)
    report(box, "delivered", *PHONES)
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED


def test_a_chunk_in_doubt_is_not_sent_again_until_a_person_says_it_is_not_out(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.RESET, skip=1)
    city.submit()
    city.flush()
    for _ in range(3):
        city.clock.advance(hours=1)
        city.flush()
    assert reached(box) == Counter(PHONES), "the chunk in doubt did arrive, once"
    assert city.status("A-1", "post") is Status.UNKNOWN


def test_a_chunk_that_may_pass_later_goes_later_and_alone(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.REFUSE)
    city.submit()
    city.flush()
    assert reached(box) == Counter(PHONES[3:])
    assert city.status("A-1", "post") is Status.QUEUED
    city.clock.advance(minutes=2)
    city.flush()
    assert reached(box) == Counter(PHONES)


def test_nobody_subscribed_is_cancelled_with_the_reason(city: City) -> None:
    city.submit(field="安全生产")
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.CANCELLED
    assert "没有订户" in found.reason


def test_a_late_delivered_overrules_a_failed(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    report(box, "failed", *PHONES[:1])
    city.clock.advance(seconds=11)
    city.flush()
    report(box, "delivered", *PHONES)
    city.clock.advance(seconds=11)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.DELIVERED
    assert "失败" not in found.reason


def test_without_reports_it_ends_unknown_at_the_deadline(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    assert box.letters
    city.clock.advance(days=2)
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN


def test_a_late_failed_changes_nothing(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    report(box, "delivered", *PHONES[:6])
    city.clock.advance(seconds=11)
    city.flush()
    report(box, "failed", *PHONES[:6])
    report(box, "delivered", PHONES[6])
    city.clock.advance(seconds=11)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.DELIVERED
    assert found.reason == "送达 7 人"


def test_at_the_deadline_those_without_a_report_are_told_apart(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    report(box, "delivered", PHONES[0], PHONES[3], PHONES[6])
    city.clock.advance(seconds=11)
    city.flush()
    city.clock.advance(days=2)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.DELIVERED
    assert found.reason == "送达 3 人，无回执 4 人"


def test_after_a_persons_word_only_those_in_doubt_get_it_again(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.ERROR, skip=1)
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="平台查无此批", not_out=True, now=city.clock()
    )
    city.flush()
    assert reached(box) == Counter(PHONES)
