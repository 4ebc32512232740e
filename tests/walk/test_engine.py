"""The engine with real HTTP, a real database and a world that misbehaves."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.submit import Outcome
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))
    yield found
    found.close()


def test_one_item_goes_out_once(city: City, box: PostboxSimulator) -> None:
    assert city.submit().outcome is Outcome.ACCEPTED
    assert city.status("A-1", "post") is Status.QUEUED
    city.flush()
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1
    (item,) = city.publisher.store.standing.items("A-1")
    assert item.url == "https://www.xinji.example/2026/00001.html"
    assert item.number == "130181/2026-00001"
    assert item.first_published_at == city.clock()


def test_the_same_item_again_changes_nothing(city: City, box: PostboxSimulator) -> None:
    city.submit()
    city.flush()
    assert city.submit().outcome is Outcome.KNOWN
    city.flush()
    assert len(box.letters) == 1


def test_other_content_under_a_known_id_points_to_correct(city: City) -> None:
    city.submit()
    answer = city.submit(title="另一个标题")
    assert answer.outcome is Outcome.REFUSED
    assert answer.problems[0].field == "id"
    assert "请走更正" in answer.problems[0].sentence


def test_a_certain_passing_failure_is_tried_again_with_back_off(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.REFUSE)
    city.submit()
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.QUEUED
    assert found.reason == "邮箱忙"
    assert found.due_at >= city.clock() + timedelta(seconds=30), "it asked for thirty seconds"
    city.flush()
    assert box.letters == []
    city.clock.advance(seconds=31)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


def test_tries_are_used_up_and_then_it_has_failed(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.REFUSE, times=-1)
    city.submit()
    for _ in range(5):
        city.flush()
        city.clock.advance(hours=1)
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.status is Status.FAILED
    assert found.attempts == 3
    assert found.reason_class == "provider"


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.LATE_ERROR, Fault.NONSENSE])
def test_what_may_be_out_is_never_sent_again_by_machine(
    city: City, box: PostboxSimulator, fault: Fault
) -> None:
    box.plan(fault)
    city.submit()
    for _ in range(3):
        city.flush()
        city.clock.advance(hours=1)
    assert city.status("A-1", "post") is Status.UNKNOWN
    assert len(box.letters) == 1


def test_an_unknown_outcome_on_an_idempotent_channel_goes_again_under_the_same_key(
    tmp_path: Path,
) -> None:
    with PostboxSimulator(knows_keys=True) as box:
        stanza = postbox(box.url, retry=SOON, options={"idempotent": True})
        city = City(settings_for(tmp_path, {"post": stanza}))
        box.plan(Fault.RESET)
        city.submit()
        city.flush()
        assert city.status("A-1", "post") is Status.QUEUED
        city.clock.advance(minutes=1)
        city.flush()
        assert city.status("A-1", "post") is Status.DELIVERED
        assert len(box.letters) == 1
        assert len({json.loads(call.body)["key"] for call in box.calls}) == 1
        city.close()


def test_a_quota_that_is_used_up_costs_no_try(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, code="429", times=5)
    city.submit()
    for _ in range(5):
        city.flush()
        assert city.status("A-1", "post") is Status.QUEUED
        city.clock.advance(hours=1)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED


def test_what_was_accepted_is_asked_about_until_it_ends(tmp_path: Path) -> None:
    with PostboxSimulator() as box:
        stanza = postbox(box.url, options={"asynchronous": True}, checks=[10, 60])
        city = City(settings_for(tmp_path, {"post": stanza}))
        city.submit()
        city.flush()
        assert city.status("A-1", "post") is Status.ACCEPTED
        city.clock.advance(seconds=11)
        city.flush()
        assert city.status("A-1", "post") is Status.ACCEPTED
        box.states["L1"] = Status.DELIVERED
        city.clock.advance(seconds=30)
        city.flush()
        assert city.status("A-1", "post") is Status.ACCEPTED, "not asked before its time"
        city.clock.advance(seconds=31)
        city.flush()
        assert city.status("A-1", "post") is Status.DELIVERED
        city.close()


def test_what_was_accepted_and_never_ends_becomes_unknown(tmp_path: Path) -> None:
    with PostboxSimulator() as box:
        stanza = postbox(
            box.url, options={"asynchronous": True}, checks=[10], deadlines={"accepted": 3600}
        )
        city = City(settings_for(tmp_path, {"post": stanza}))
        city.submit()
        city.flush()
        city.clock.advance(hours=2)
        city.flush()
        assert city.status("A-1", "post") is Status.UNKNOWN
        city.close()


def test_one_hopeless_item_does_not_stop_the_others_of_its_digest(tmp_path: Path) -> None:
    """Submitted under a looser limit, then the limit was tightened: the rest still goes."""
    with PostboxSimulator() as box:
        stanza = postbox(box.url, grouping={"kind": "digest"})
        city = City(settings_for(tmp_path, {"post": stanza}))
        city.submit("A-1", title="短标题")
        city.submit("A-2", title="一个长得多的标题" * 5)
        city.close()
        stanza["options"]["longest_title"] = 10
        city = City(settings_for(tmp_path, {"post": stanza}), city.clock)
        city.flush()
        assert city.status("A-1", "post") is Status.DELIVERED
        assert city.status("A-2", "post") is Status.FAILED
        assert len(box.letters) == 1
        assert "A-2" not in box.letters[0]["text"]
        city.close()


def test_a_window_is_planned_anew_after_a_failure(tmp_path: Path) -> None:
    """What stands in it by then is shown in tests/store/test_shelves.py: a letter has no lists."""
    with PostboxSimulator() as box:
        stanza = postbox(
            box.url, grouping={"kind": "window", "most": 2}, options={"repeatable": True}
        )
        city = City(settings_for(tmp_path, {"post": stanza}))
        for number in range(1, 6):
            city.submit(f"A-{number}")
        box.plan(Fault.REFUSE)
        city.flush()
        city.clock.advance(minutes=5)
        city.flush()
        shown = [[line.split()[0] for line in one["text"].split("\n")] for one in box.letters]
        assert shown == [["A-3", "A-4"], ["A-5"], ["A-1", "A-2"]], (
            "what failed waits, the rest goes on"
        )
        assert len({one["key"] for one in box.letters}) == 3
        city.close()


def test_the_first_channel_goes_first_and_the_others_wait_for_it_but_not_for_ever(
    tmp_path: Path,
) -> None:
    with PostboxSimulator() as site, PostboxSimulator() as other:
        channels = {"site": postbox(site.url, retry=SOON), "other": postbox(other.url)}
        city = City(settings_for(tmp_path, channels, engine={"first": "site", "patience": 60}))
        site.plan(Fault.REFUSE, times=-1)
        city.submit()
        city.flush("other")
        assert other.letters == [], "the page is not there yet"
        city.flush("site")
        city.flush("other")
        assert other.letters == []
        city.clock.advance(seconds=61)
        city.flush("other")
        assert len(other.letters) == 1, "one channel's failure never stops another"
        assert city.statuses("A-1") == {"site": Status.QUEUED, "other": Status.DELIVERED}
        city.close()


def test_two_holders_one_channel(city: City, box: PostboxSimulator) -> None:
    for number in range(10):
        city.submit(f"A-{number}")
    threads = [threading.Thread(target=city.flush) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    city.flush()
    assert len(box.letters) == 10
    assert len({letter["key"] for letter in box.letters}) == 10


def test_the_others_wait_for_a_page_that_failed_too(tmp_path: Path) -> None:
    with PostboxSimulator() as site, PostboxSimulator() as other:
        channels = {"site": postbox(site.url), "other": postbox(other.url)}
        city = City(settings_for(tmp_path, channels, engine={"first": "site", "patience": 60}))
        site.plan(Fault.CODE, code="422")
        city.submit()
        city.flush()
        assert city.statuses("A-1") == {"site": Status.FAILED, "other": Status.QUEUED}
        assert other.letters == [], "it would point to a page that is not there"
        city.clock.advance(seconds=61)
        city.flush()
        assert len(other.letters) == 1
        city.close()


def test_resend_touches_only_the_chosen_delivery(tmp_path: Path, box: PostboxSimulator) -> None:
    channels = {"post": postbox(box.url), "other": postbox(box.url)}
    city = City(settings_for(tmp_path, channels))
    box.plan(Fault.CODE, code="422")
    city.submit()
    city.flush("post", "other")
    assert city.statuses("A-1") == {"post": Status.FAILED, "other": Status.DELIVERED}
    staff = city.publisher.staff
    staff.resend("A-1", "post", by="赵值", why="已与对方核对", not_out=False, now=city.clock())
    city.flush()
    assert city.statuses("A-1") == {"post": Status.DELIVERED, "other": Status.DELIVERED}
    assert len(box.letters) == 2
    city.close()
