"""Reports on single recipients that come late, twice, or after their opposite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.store.subscribing import Wish
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

ANN, BEA = "13900010001", "13900010002"


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    """Two subscribers have been sent one letter, which was accepted."""
    stanza = postbox(box.url, options={"addressed": True, "asynchronous": True}, checks=[10])
    found = City(settings_for(tmp_path, {"post": stanza}))
    vault = found.publisher.vault
    assert vault
    wishes = [Wish(vault.index(one), one, frozenset({"财政预决算"})) for one in (ANN, BEA)]
    found.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=found.clock())
    found.submit()
    found.flush()
    yield found
    found.close()


# What is reported of Ann, one report at a time, and what staff read once Bea's is there too.
REPORTS = [
    (["delivered", "delivered"], "送达 2 人"),
    (["failed", "failed"], "送达 1 人，失败 1 人"),
    (["failed", "delivered"], "送达 2 人"),
    (["delivered", "failed"], "送达 2 人"),
    (["accepted", "delivered"], "送达 2 人"),
    (["delivered", "accepted"], "送达 2 人"),
    (["failed", "delivered", "failed"], "送达 2 人"),
]


@pytest.mark.parametrize(("told", "read"), REPORTS)
def test_one_who_has_got_it_has_got_it(
    city: City, box: PostboxSimulator, told: list[str], read: str
) -> None:
    for status in told:
        report(city, box, ANN, status)
        assert city.status("A-1", "post") is Status.ACCEPTED, "Bea's is missing"
    report(city, box, BEA, "delivered")
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert (found.status, found.reason) == (Status.DELIVERED, read)
    assert len(box.letters) == 1


def test_a_report_after_the_end_changes_nothing_that_was_said(
    city: City, box: PostboxSimulator
) -> None:
    """It failed for everybody and a person sends it again; the network was only slow."""
    report(city, box, ANN, "failed")
    report(city, box, BEA, "failed")
    assert city.status("A-1", "post") is Status.FAILED
    index, now = city.publisher.courier().index, city.clock()
    late = [("L1", index(ANN), Status.DELIVERED, "DELIVRD")]
    assert city.publisher.store.recipients.report("post", late * 2, now) == 0
    city.publisher.staff.resend(
        "A-1", "post", by="赵值", why="号码已核对", not_out=False, now=city.clock()
    )
    city.flush()
    assert [letter["to"] for letter in box.letters] == [[ANN, BEA], [BEA]], "Ann has got it"


def report(city: City, box: PostboxSimulator, phone: str, status: str) -> None:
    box.reports["L1"] = {phone: status}
    city.clock.advance(seconds=11)
    city.flush()
    assert box.reports == {}, "it was asked for"
