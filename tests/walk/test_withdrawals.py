"""Withdrawals and expiry in channels of every kind, over real HTTP."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.orders import Seen
from publisher.store.tables import revisions
from publisher.submit import Outcome
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox
from tests.support.orders import (
    KINDS,
    SOON,
    city_of_every_kind,
    correct,
    deliveries,
    exposed,
    texts,
    withdraw,
)
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = city_of_every_kind(tmp_path, box)
    yield found
    found.close()


def test_a_withdrawal_goes_to_all_that_carried_it_and_empties_the_exposure(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    assert exposed(city) == dict.fromkeys(KINDS, Seen.SEEN)
    placed = withdraw(city)
    assert set(placed.ordered) == set(KINDS)
    assert exposed(city) == dict.fromkeys(KINDS, Seen.WITHDRAWING)
    city.flush()
    assert len(texts(box, " withdraw 内容不宜公开 ")) == 4
    assert exposed(city) == dict.fromkeys(KINDS, Seen.REMAINS), "letters stay with their readers"
    (item,) = city.publisher.store.standing.items("A-1")
    assert item.first_published_at == city.clock(), "first-published time stays for ever"


def test_withdrawing_what_has_not_gone_out_cancels_it(city: City, box: PostboxSimulator) -> None:
    city.submit()
    placed = withdraw(city)
    assert placed.ordered == ()
    assert set(placed.stopped) == set(KINDS)
    city.flush()
    assert box.letters == []
    assert set(city.statuses("A-1").values()) == {Status.CANCELLED}
    assert exposed(city) == {}


def test_a_withdrawn_item_takes_no_more_orders(city: City) -> None:
    city.submit()
    city.flush()
    withdraw(city)
    with pytest.raises(NotPossible, match="已经撤回"):
        withdraw(city)
    refused = correct(city).answer
    assert refused.outcome is Outcome.REFUSED
    assert "已经撤回" in refused.problems[0].sentence


def test_a_withdrawal_overtakes_what_is_queued(tmp_path: Path, box: PostboxSimulator) -> None:
    city = City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))
    city.submit("A-1")
    city.flush()
    for number in range(5):
        city.submit(f"B-{number}")
    withdraw(city)
    city.flush()
    assert [text.split()[0] for text in texts(box)][:2] == ["A-1", "A-1"]
    assert len(box.letters) == 7
    city.close()


def test_a_withdrawal_overtakes_what_is_frozen_already(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    """Five are frozen together; the order comes in the call of the first of them."""
    with closing(City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))) as city:
        city.submit("A-1")
        city.flush()
        for number in range(5):
            city.submit(f"B-{number}")
        box.meanwhile.append(lambda: withdraw(city))
        city.flush()
        names = [text.split()[0] for text in texts(box)]
        assert names == ["A-1", "B-0", "A-1", "B-1", "B-2", "B-3", "B-4"]


def test_a_withdrawal_during_a_call_waits_for_its_end(city: City, box: PostboxSimulator) -> None:
    """The call cannot be stopped; what it put out is taken back next."""
    box.plan(Fault.RESET, path="/letters", times=1)
    city.submit()
    city.flush("post")
    assert city.status("A-1", "post") is Status.UNKNOWN
    placed = withdraw(city)
    assert placed.ordered == ("post",), "it may be out"
    city.flush("post")
    (text,) = texts(box, " withdraw ")
    assert text.endswith("?"), "no reference was ever given"


def test_a_retry_that_was_withdrawn_meanwhile_goes_out_no_more(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.REFUSE, path="/letters", times=4)
    city.submit()
    city.flush()
    assert box.letters == []
    withdraw(city)
    city.clock.advance(minutes=10)
    city.flush()
    kinds = {name: deliveries(city, name)[0][1] for name in KINDS}
    assert kinds == dict.fromkeys(KINDS, Status.CANCELLED)
    assert all(" withdraw " in text for text in texts(box)), "only where it may have been written"
    assert len(box.letters) == 2, "the two channels that overwrite with themselves"


def test_a_failed_withdrawal_is_tried_again_with_what_is_out_by_then(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    withdraw(city)
    box.plan(Fault.REFUSE, path="/letters", times=4)
    city.flush()
    assert exposed(city) == dict.fromkeys(KINDS, Seen.WITHDRAWING)
    city.clock.advance(minutes=1)
    city.flush()
    assert len(texts(box, " withdraw ")) == 4
    assert exposed(city) == dict.fromkeys(KINDS, Seen.REMAINS)


def test_a_posting_period_ends_by_itself_where_that_means_something(
    city: City, box: PostboxSimulator
) -> None:
    city.submit(posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    city.clock.advance(days=4)
    assert city.publisher.amendments.expire_due(city.clock()) == []
    city.clock.advance(days=1)
    assert city.publisher.amendments.expire_due(city.clock()) == ["A-1"]
    assert city.publisher.amendments.expire_due(city.clock()) == [], "once"
    city.flush()
    marked = texts(box, " expire 公示期已于2026年11月27日结束")
    assert len(marked) == 2, "on the page and on the board"
    assert deliveries(city, "post") == [(Action.PUBLISH, Status.DELIVERED)]
    assert exposed(city)["web"] is Seen.SEEN
    assert exposed(city)["board"] is Seen.REMAINS


def test_an_item_that_cannot_be_read_keeps_no_other_from_expiring(city: City) -> None:
    for item in ("A-1", "A-2", "A-3"):
        city.submit(item, posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    with city.publisher.store.database.write() as connection:
        connection.execute(
            insert(revisions).values(
                item_id="A-2",
                number=2,
                content="{}",
                content_hash="",
                approval={},
                received_at=city.clock(),
                received_by="",
            )
        )
    city.clock.advance(days=5)
    with capture_logs() as logs:
        assert city.publisher.amendments.expire_due(city.clock()) == ["A-1", "A-3"]
        assert city.publisher.amendments.expire_due(city.clock()) == []
    broken = [one for one in logs if one["event"] == "expiry_failed"]
    assert [one["item"] for one in broken] == ["A-2", "A-2"], "once in each round"


def test_what_expired_before_it_came_in_does_not_expire_again(city: City) -> None:
    city.submit(posting={"from": "2026-11-02", "to": "2026-11-06"})
    assert city.publisher.amendments.expire_due(city.clock()) == []


def test_a_withdrawn_item_does_not_expire(city: City) -> None:
    city.submit(posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    withdraw(city)
    city.clock.advance(days=9)
    assert city.publisher.amendments.expire_due(city.clock()) == []


def test_a_withdrawal_that_has_become_moot_does_not_keep_others_waiting(
    tmp_path: Path, box: PostboxSimulator
) -> None:
    """What was frozen before it goes out in the same flush."""
    city = City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))
    box.plan(Fault.REFUSE, times=1)
    city.submit("B-1")
    city.flush()
    box.plan(Fault.ERROR, times=1)
    city.submit("A-1")
    city.flush()
    withdraw(city)
    goes_out = city.publisher.staff.resend(
        "A-1",
        "post",
        by="李办",
        why="已核实",
        not_out=True,
        now=city.clock(),
        action=Action.PUBLISH,
    )
    assert not goes_out
    city.clock.advance(minutes=1)
    city.flush()
    assert city.status("A-1", "post") is Status.CANCELLED, "it never got out"
    assert city.status("B-1", "post") is Status.DELIVERED
    city.close()
