"""Deliveries that went out in one call, or one delivery in several: what a person does to one."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from publisher.store.subscribing import Wish
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

PHONES = [f"1390001{number:04d}" for number in range(6)]
Make = Callable[..., City]


@pytest.fixture
def make(tmp_path: Path, box: PostboxSimulator) -> Iterator[Make]:
    made = []

    def a_city(**stanza: Any) -> City:
        adapter = stanza.pop("adapter", "tests.support.postbox")
        settings = {**postbox(box.url, checks=[10], **stanza), "adapter": adapter}
        city = City(settings_for(tmp_path, {"post": settings}))
        made.append(city)
        return city

    yield a_city
    for city in made:
        city.close()


def subscribe(city: City, phones: list[str], *topics: str) -> None:
    vault = city.publisher.vault
    assert vault
    wishes = [Wish(vault.index(phone), phone, frozenset(topics)) for phone in phones]
    city.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=city.clock())


def resend(city: City, item: str) -> None:
    city.publisher.staff.resend(
        item, "post", by="赵值", why="核实过", not_out=True, now=city.clock()
    )


def received(box: PostboxSimulator) -> Counter[str]:
    return Counter(line.split()[0] for one in box.letters for line in one["text"].split("\n"))


def test_a_resend_while_another_batch_ends_does_not_stop_the_channel(
    make: Make, box: PostboxSimulator
) -> None:
    city = make(
        options={"addressed": True, "asynchronous": True},
        grouping={"kind": "digest"},
        recipients_per_batch=3,
    )
    subscribe(city, PHONES, "财政预决算")
    box.plan(Fault.ERROR, skip=1)
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN
    resend(city, "A-1")
    for letter in box.letters:
        box.reports[letter["reference"]] = dict.fromkeys(letter["to"], "delivered")
    city.clock.advance(seconds=11)
    city.flush()
    assert Counter(phone for one in box.letters for phone in one["to"]) == Counter(PHONES)
    for letter in box.letters:
        box.reports[letter["reference"]] = dict.fromkeys(letter["to"], "delivered")
    city.clock.advance(seconds=11)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.DELIVERED
    assert found.reason == "送达 6 人"


@pytest.mark.parametrize("flush_between", [True, False])
def test_a_delivery_taken_out_of_a_batch_never_goes_out_with_it_again(
    make: Make, box: PostboxSimulator, flush_between: bool
) -> None:
    city = make(adapter="tests.support.lookup_postbox", grouping={"kind": "digest"})
    city.submit("A-1")
    city.submit("A-2")
    box.plan(Fault.ERROR, "/letters")
    city.flush()
    assert city.status("A-2", "post") is Status.UNKNOWN
    box.plan(Fault.REFUSE, "/lookup")
    resend(city, "A-1")
    if flush_between:
        city.flush()
    city.clock.advance(seconds=11)
    city.flush()
    city.flush()
    assert city.statuses("A-1") == city.statuses("A-2") == {"post": Status.DELIVERED}
    assert received(box) == Counter(["A-1", "A-2"])


def test_too_many_together_go_in_smaller_groups(make: Make, box: PostboxSimulator) -> None:
    city = make(grouping={"kind": "digest"}, options={"most_items": 2})
    for number in range(5):
        city.submit(f"A-{number}")
    city.flush()
    assert received(box) == Counter(f"A-{number}" for number in range(5))
    assert all(len(one["text"].split("\n")) <= 2 for one in box.letters)


def test_resending_one_leaves_the_recipients_of_the_other_alone(
    make: Make, box: PostboxSimulator
) -> None:
    city = make(options={"addressed": True}, grouping={"kind": "digest"})
    subscribe(city, PHONES, "财政预决算")
    city.submit("A-1")
    city.submit("A-2")
    box.plan(Fault.RESET)
    city.flush()
    resend(city, "A-1")
    city.publisher.staff.confirm(
        "A-2", "post", by="赵值", note="问过收到了", evidence=None, now=city.clock()
    )
    city.flush()
    assert city.statuses("A-1") == city.statuses("A-2") == {"post": Status.DELIVERED}
    assert [len(one["to"]) for one in box.letters] == [6, 6]
    assert "A-2" not in box.letters[1]["text"], "a resend touches only the chosen one"


def test_what_reached_some_is_not_called_cancelled(make: Make, box: PostboxSimulator) -> None:
    city = make(options={"addressed": True}, grouping={"kind": "digest"}, recipients_per_batch=3)
    subscribe(city, PHONES, "财政预决算")
    box.plan(Fault.CODE, code="422", skip=1)
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.FAILED
    subscribe(city, PHONES[3:], "安全生产")
    resend(city, "A-1")
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED


def test_an_answer_outside_the_arrows_is_a_bug_and_stops_nothing(
    make: Make, box: PostboxSimulator
) -> None:
    city = make(options={"asynchronous": True})
    city.submit("A-1")
    city.flush()
    box.states["L1"] = Status.AWAITING
    city.clock.advance(seconds=11)
    city.submit("A-2")
    city.flush()
    assert city.status("A-1", "post") is Status.ACCEPTED
    assert len(box.letters) == 2


def test_a_quota_that_never_opens_ends_at_the_deadline(make: Make, box: PostboxSimulator) -> None:
    city = make(deadlines={"queued": 86400})
    box.plan(Fault.CODE, code="429", times=-1)
    city.submit()
    for _ in range(30):
        city.flush()
        city.clock.advance(hours=1)
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.FAILED
    assert found.reason_class == "quota"
    assert "到期仍未发出" in found.reason


def test_the_first_published_time_is_set_once_and_is_what_the_bytes_say(
    make: Make, box: PostboxSimulator
) -> None:
    city = make()
    box.plan(Fault.REFUSE)
    city.submit()
    frozen_at = city.clock()
    city.flush()
    city.clock.advance(minutes=5)
    city.flush()
    (item,) = city.publisher.store.standing.items("A-1")
    assert item.first_published_at == frozen_at
