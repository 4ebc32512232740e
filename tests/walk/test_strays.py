"""Receipts that come for a batch whose name we never got: kept, and matched to it when certain."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from publisher.channel import Receipt, Recipient
from publisher.model import Status
from publisher.planning import address
from publisher.store.subscribing import Wish
from publisher.store.tables import strays
from tests.contract.rig_sms import SUBMIT, options_for
from tests.factories import an_item
from tests.simulators.server import Fault
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City, settings_for

PHONES = [f"1390001{number:04d}" for number in range(1001, 1005)]


@pytest.fixture
def platform() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, platform: YunMasSimulator) -> Iterator[City]:
    facts = options_for(platform).model_dump(exclude={"secret_key"})
    stanza: dict[str, Any] = {
        "adapter": "channels.sms",
        "title": "短信",
        "options": {**facts, "secret_key": platform.account.secret_key},
        "grouping": {"kind": "each"},
        "recipients_per_batch": 2,
        "checks": [10],
        "deadlines": {"accepted": 72 * 3600},
        "longest_call": 120,
    }
    found = City(settings_for(tmp_path, {"sms": stanza}))
    subscribe(found, *PHONES[:2])
    yield found
    found.close()


def subscribe(city: City, *phones: str) -> None:
    vault = city.publisher.vault
    assert vault
    wishes = [Wish(vault.index(phone), phone, frozenset({"财政预决算"})) for phone in phones]
    city.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=city.clock())


def later(city: City, **how: float) -> None:
    city.clock.advance(**(how or {"seconds": 11}))
    city.flush()


def kept(city: City) -> int:
    with city.publisher.store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(strays)).scalar_one())


def in_doubt(city: City, platform: YunMasSimulator, item: str = "A-1") -> None:
    platform.plan(Fault.HANG, SUBMIT)
    city.submit(item)
    city.flush()
    assert city.status(item, "sms") is Status.UNKNOWN


def test_receipts_settle_what_nobody_answered(city: City, platform: YunMasSimulator) -> None:
    in_doubt(city, platform)
    later(city)
    assert city.status("A-1", "sms") is Status.UNKNOWN, "no receipt has come yet"
    platform.finish()
    later(city)
    assert city.status("A-1", "sms") is Status.ACCEPTED
    later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    assert (found.status, found.reason) == (Status.DELIVERED, "送达 2 人")
    assert len(platform.ledger()) == 2, "and nobody got it twice"
    assert kept(city) == 0


def test_how_it_was_settled_stands_in_its_history(city: City, platform: YunMasSimulator) -> None:
    in_doubt(city, platform)
    platform.finish()
    later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    lines = city.publisher.store.standing.history(found.id)
    assert [one.outcome for one in lines] == ["unknown", "accepted", "accepted"]
    assert "据此确认对方已受理" in lines[1].reason
    assert lines[-1].reference == found.reference
    assert found.reference.endswith("001000000001"), "the platform's own name for the batch"


def test_two_chunks_in_doubt_are_told_apart_by_their_phones(
    city: City, platform: YunMasSimulator
) -> None:
    subscribe(city, *PHONES[2:])
    platform.plan(Fault.HANG, SUBMIT, times=2)
    city.submit()
    city.flush()
    platform.finish()
    later(city)
    later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    assert (found.status, found.reason) == (Status.DELIVERED, "送达 4 人")


def test_what_fits_two_batches_in_doubt_is_left_to_a_person(
    city: City, platform: YunMasSimulator
) -> None:
    in_doubt(city, platform)
    in_doubt(city, platform, "A-2")
    platform.finish()
    for _ in range(3):
        later(city)
        assert city.statuses("A-1") == city.statuses("A-2") == {"sms": Status.UNKNOWN}
    assert kept(city) == 4


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_reports_may_be_those_of_a_batch_still_in_somebodys_hands(
    city: City, platform: YunMasSimulator
) -> None:
    """The first never reached the platform; the second did, by a holder who may only be cut off."""
    platform.plan(Fault.DROP, SUBMIT)
    city.submit("A-1")
    city.flush()
    assert city.status("A-1", "sms") is Status.UNKNOWN
    sent_by_who_is_cut_off(city, "A-2")
    platform.finish()
    later(city)
    assert city.status("A-2", "sms") is Status.SENDING, "its call may still be under way"
    assert city.status("A-1", "sms") is Status.UNKNOWN, "what was reported is the other one"
    for _ in range(3):
        later(city, minutes=3)
    assert city.status("A-1", "sms") is city.status("A-2", "sms") is Status.UNKNOWN


def sent_by_who_is_cut_off(city: City, item: str) -> None:
    city.submit(item)
    queue, now = city.publisher.store.queue, city.clock()
    channel, vault = city.publisher.routes["sms"].channel, city.publisher.vault
    assert vault
    (due,) = queue.due("sms", now, 1, repeatable=False)
    rendition = channel.render(queue.load([due], now))
    people = city.publisher.store.subscribers.wanting([due])
    (parcel,) = address([due], people, 2)
    (batch,) = queue.freeze("sms", {parcel: rendition}, now, now)
    to = city.publisher.store.subscribers.addresses(batch.id, vault.open)
    channel.send(rendition, batch.key, to)


def test_reports_from_before_a_batch_was_sent_are_not_its_own(
    city: City, platform: YunMasSimulator
) -> None:
    in_doubt(city, platform)
    platform.finish()
    answer = city.publisher.routes["sms"].channel.check(Receipt(Status.UNKNOWN))
    reports = [
        (one.reference, city.publisher.courier().index(one.address), one.status, one.code)
        for one in answer.reports
    ]
    city.publisher.store.recipients.report("sms", reports, city.clock())
    city.clock.advance(seconds=1)
    in_doubt(city, platform, "A-2")
    later(city)
    assert city.status("A-1", "sms") is Status.ACCEPTED
    assert city.status("A-2", "sms") is Status.UNKNOWN


def test_a_batch_that_a_person_settled_may_be_the_one_reported_on(
    city: City, platform: YunMasSimulator
) -> None:
    in_doubt(city, platform)
    city.publisher.staff.confirm(
        "A-1", "sms", by="赵值", note="问过订户", evidence=None, now=city.clock()
    )
    platform.plan(Fault.DROP, SUBMIT)
    city.submit("A-2")
    city.flush()
    platform.finish()
    later(city)
    assert kept(city) == 2
    assert city.status("A-2", "sms") is Status.UNKNOWN, "it never went out"


def test_reports_on_a_phone_of_nobody_do_not_fit(city: City, platform: YunMasSimulator) -> None:
    platform.plan(Fault.DROP, SUBMIT)
    city.submit()
    city.flush()
    channel = city.publisher.routes["sms"].channel
    foreign = [Recipient(1, PHONES[0]), Recipient(2, PHONES[1]), Recipient(3, "13912345678")]
    channel.send(channel.render([an_item()]), "k", foreign)
    platform.finish()
    later(city)
    assert city.status("A-1", "sms") is Status.UNKNOWN
    assert kept(city) == 3


def test_one_phone_of_two_is_not_enough_but_the_only_one_is(
    city: City, platform: YunMasSimulator
) -> None:
    silent = "13900010006"  # its network never reports
    subscribe(city, PHONES[2], silent, PHONES[3])
    platform.plan(Fault.HANG, SUBMIT, times=3)
    city.submit()
    city.flush()
    platform.finish()
    later(city)
    later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    assert found.status is Status.UNKNOWN
    assert kept(city) == 1, "the other two chunks were recognised"


def test_doubled_and_contradicting_reports(city: City, platform: YunMasSimulator) -> None:
    doubled, late = "13900010007", "13900010008"  # DELIVRD twice; failed first, then DELIVRD
    for phone in PHONES[:2]:
        city.publisher.store.subscribers.stop(
            city.publisher.courier().index(phone), shown="", by="李办", now=city.clock()
        )
    subscribe(city, doubled, late)
    in_doubt(city, platform)
    platform.finish()
    for _ in range(4):
        later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    assert (found.status, found.reason) == (Status.DELIVERED, "送达 2 人")
    assert kept(city) == 0


def test_a_stray_told_twice_is_kept_once_and_not_for_ever(city: City) -> None:
    report = city.publisher.store.recipients.report
    stray = ("G1", b"i" * 32, Status.DELIVERED, "DELIVRD")
    for _ in range(2):
        assert report("sms", [stray, stray], city.clock()) == 0
    assert kept(city) == 1
    report("sms", [], city.clock() + timedelta(days=3))
    assert kept(city) == 1
    report("sms", [], city.clock() + timedelta(days=3, seconds=1))
    assert kept(city) == 0


def test_reports_that_come_after_the_deadline_still_settle_it(
    city: City, platform: YunMasSimulator
) -> None:
    city.submit()
    city.flush()
    later(city, days=4)
    assert city.status("A-1", "sms") is Status.UNKNOWN
    platform.finish()
    later(city)
    found = city.publisher.store.standing.delivery("A-1", "sms")
    assert found
    assert (found.status, found.reason) == (Status.DELIVERED, "送达 2 人")
