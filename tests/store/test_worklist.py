"""The work list holds what needs a person now, what is due first at its head, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import advice
from publisher.model import Action, Status
from publisher.store.paging import Asked, NoSuchPlace, Place
from publisher.store.worklist import Entry
from tests.simulators.server import Fault
from tests.support.city import City
from tests.support.orders import correct, withdraw
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import FINANCE, SAFETY, townhall


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(database: str, tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    assert database
    with townhall(tmp_path, box.url) as found:
        yield found


def listed(city: City, department: str = "") -> list[tuple[str, str, Status]]:
    turn = city.publisher.store.worklist.page(city.clock(), Asked(), department)
    assert turn.next is None
    return [(one.item_id, one.channel, one.status) for one in turn.rows]


def only(city: City) -> Entry:
    (entry,) = city.publisher.store.worklist.page(city.clock(), Asked()).rows
    return entry


def test_all_that_needs_a_person_stands_there_the_most_pressing_first(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    city.submit("A-1", department=FINANCE)
    city.flush("post")  # failed: a day
    box.plan(Fault.RESET, "/letters")
    city.submit("A-2", department=SAFETY)
    city.flush("post")  # unknown: half an hour
    city.flush("board")  # both await a person: two days
    city.publisher.staff.pause("digest", by="李办", why="核对", now=city.clock())
    city.clock.advance(hours=9)
    city.flush("digest")  # both held: a day from now
    assert listed(city) == [
        ("A-2", "post", Status.UNKNOWN),
        ("A-1", "post", Status.FAILED),
        ("A-1", "digest", Status.HELD),
        ("A-2", "digest", Status.HELD),
        ("A-1", "board", Status.AWAITING),
        ("A-2", "board", Status.AWAITING),
    ]
    assert {item for item, _, _ in listed(city, FINANCE)} == {"A-1"}
    assert listed(city, "没有的单位") == []
    counts = city.publisher.store.worklist.counts(city.clock())
    assert counts.by_status == {
        Status.FAILED: 1,
        Status.LOST: 0,
        Status.UNKNOWN: 1,
        Status.AWAITING: 2,
        Status.HELD: 2,
    }
    assert (counts.overdue, counts.total) == (1, 6), "the unknown one is past its half hour"
    mine = city.publisher.store.worklist.counts(city.clock(), FINANCE)
    assert (mine.by_status[Status.UNKNOWN], mine.overdue, mine.total) == (0, 0, 3)


def test_what_should_have_gone_by_itself_comes_when_it_is_late(city: City) -> None:
    city.submit("A-1")
    assert listed(city) == []
    city.clock.advance(hours=25)
    assert listed(city) == [("A-1", "post", Status.QUEUED), ("A-1", "board", Status.QUEUED)]
    counts = city.publisher.store.worklist.counts(city.clock())
    assert (counts.overdue, counts.total) == (2, 2)
    assert not any(counts.by_status.values())


def test_what_a_newer_order_has_replaced_is_not_there(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    city.submit("A-1")
    city.flush("post")
    assert only(city).status is Status.FAILED
    correct(city)
    city.flush("post")
    assert listed(city) == []
    assert city.publisher.store.worklist.counts(city.clock()).total == 0


def test_an_entry_says_all_that_a_person_must_know(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    city.submit("A-1", department=FINANCE)
    city.flush("post")
    entry = only(city)
    assert (entry.department, entry.action) == (FINANCE, Action.PUBLISH)
    assert entry.title.startswith("关于印发")
    assert entry.reason
    assert (entry.attempts, entry.ambiguous) == (1, False)
    assert "publisher resend A-1 --channel post 重发" in advice.to_do(entry)
    said = advice.to_do(entry, advice.CONSOLE)
    assert "点「重发」" in said
    assert "publisher" not in said


def test_of_two_that_wait_in_one_channel_each_is_named(city: City) -> None:
    city.submit("A-1")
    city.flush("board")
    correct(city)
    city.flush("board")
    rows = city.publisher.store.worklist.page(city.clock(), Asked()).rows
    mine = [(one.action, one.ambiguous) for one in rows if one.channel == "board"]
    assert mine == [(Action.PUBLISH, True), (Action.CORRECT, True)]


def test_what_is_not_to_be_done_any_more_is_said_to_be_so(city: City) -> None:
    city.submit("A-1")
    city.flush("board")
    assert advice.to_do(only(city), advice.CONSOLE) == "办理后点「确认」"
    withdraw(city)
    city.flush("board")
    rows = city.publisher.store.worklist.page(city.clock(), Asked()).rows
    said = {one.action: advice.to_do(one, advice.CONSOLE) for one in rows}
    assert "没有办的不用再办，「撤回」那一件确认后，这一件自动了结" in said[Action.PUBLISH]
    assert "撤下或停播后点「确认」" in said[Action.WITHDRAW]
    city.publisher.staff.confirm(
        "A-1",
        "board",
        by="赵值",
        note="没有贴过",
        evidence=None,
        now=city.clock(),
        action=Action.WITHDRAW,
    )
    assert listed(city) == [], "as was said"


def test_what_is_in_doubt_and_taken_back_goes_out_no_more(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.RESET, "/letters")
    city.submit("A-1")
    city.flush("post")
    assert "未发，点「确未发出，重发」" in advice.to_do(only(city), advice.CONSOLE)
    withdraw(city)
    rows = city.publisher.store.worklist.page(city.clock(), Asked()).rows
    (said,) = [advice.to_do(one, advice.CONSOLE) for one in rows if one.status is Status.UNKNOWN]
    assert "未发，点「确未发出」；已有「撤回」，不会重发" in said


def test_pages_go_on_where_they_ended_though_things_are_done_meanwhile(city: City) -> None:
    for number in range(1, 6):
        city.submit(f"A-{number}")
    city.flush("board")  # all with the same deadline
    worklist = city.publisher.store.worklist
    first = worklist.page(city.clock(), Asked(most=2))
    assert [one.item_id for one in first.rows] == ["A-1", "A-2"]
    city.publisher.staff.confirm(
        "A-2", "board", by="赵值", note="已贴", evidence=None, now=city.clock()
    )
    assert first.next
    second = worklist.page(city.clock(), Asked(after=Place.parse(str(first.next)), most=2))
    assert [one.item_id for one in second.rows] == ["A-3", "A-4"]
    third = worklist.page(city.clock(), Asked(after=second.next, most=2))
    assert [one.item_id for one in third.rows] == ["A-5"]
    back = worklist.page(city.clock(), Asked(before=third.previous, most=2))
    assert back.rows == second.rows
    start = worklist.page(city.clock(), Asked(before=back.previous, most=2))
    assert [one.item_id for one in start.rows] == ["A-1"]


@pytest.mark.parametrize("key", ["", "x", "-1", "٣", "9" * 30])
def test_a_place_in_another_list_is_refused(city: City, key: str) -> None:
    with pytest.raises(NoSuchPlace, match="第一页"):
        city.publisher.store.worklist.page(city.clock(), Asked(after=Place(city.clock(), key)))
