"""The matrix shows what was asked for, page by page, whatever comes in meanwhile."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action, Status
from publisher.store.filters import Filter, Need
from publisher.store.matrix import Matrix
from publisher.store.paging import Asked, NoSuchPlace, Place
from publisher.submit import Outcome
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


def submit(city: City, item_id: str, **changes: Any) -> None:
    assert city.submit(item_id, **changes).outcome is Outcome.ACCEPTED


def found(city: City, **wanted: Any) -> list[str]:
    """The ids of all items that such a filter shows."""
    turn = city.publisher.store.matrix.page(Filter(**wanted), city.clock(), Asked())
    assert turn.previous is turn.next is None
    return [one.id for one in turn.rows]


def forwards(city: City, most: int) -> list[list[str]]:
    """The ids on all pages, one after the other."""
    asked, pages = Asked(most=most), []
    while True:
        turn = city.publisher.store.matrix.page(Filter(), city.clock(), asked)
        pages.append([one.id for one in turn.rows])
        if turn.next is None:
            return pages
        asked = Asked(after=Place.parse(str(turn.next)), most=most)


def test_a_row_has_its_orders_and_deliveries(city: City) -> None:
    submit(city, "A-1", department=FINANCE)
    city.flush()
    correct(city, department=SAFETY, title="改正后的标题")
    (row,) = city.publisher.store.matrix.page(Filter(), city.clock(), Asked()).rows
    assert [one.action for one in row.orders] == [Action.PUBLISH, Action.CORRECT]
    assert (row.title, row.department) == ("改正后的标题", SAFETY), "as the newest revision says"
    assert row == city.publisher.store.standing.items("A-1")[0]
    assert [row] == city.publisher.store.matrix.rows(["A-1", "A-2"])
    assert city.publisher.store.matrix.rows(["A-1"], department=FINANCE) == []


def test_pages_neither_skip_nor_repeat_while_items_come_in(city: City) -> None:
    for number in range(1, 8):
        submit(city, f"A-{number}")
        city.clock.advance(minutes=number % 2)  # pairs come in at the same moment
    matrix, now = city.publisher.store.matrix, city.clock()
    first = matrix.page(Filter(), now, Asked(most=3))
    assert [one.id for one in first.rows] == ["A-7", "A-6", "A-5"]
    assert first.previous is None
    submit(city, "A-8")
    second = matrix.page(Filter(), now, Asked(after=first.next, most=3))
    assert [one.id for one in second.rows] == ["A-4", "A-3", "A-2"]
    third = matrix.page(Filter(), now, Asked(after=second.next, most=3))
    assert [one.id for one in third.rows] == ["A-1"]
    assert third.next is None
    back = matrix.page(Filter(), now, Asked(before=third.previous, most=3))
    assert back.rows == second.rows
    start = matrix.page(Filter(), now, Asked(before=back.previous, most=3))
    assert start.rows == first.rows
    newest = matrix.page(Filter(), now, Asked(before=start.previous, most=3))
    assert [one.id for one in newest.rows] == ["A-8"]
    assert newest.previous is None


def test_a_full_last_page_has_no_next(city: City) -> None:
    for number in range(1, 5):
        submit(city, f"A-{number}")
    assert forwards(city, 2) == [["A-4", "A-3"], ["A-2", "A-1"]]


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.", ".", "x.1", "1e5.A", "9" * 40 + ".A", "1.a\0b", "1." + "9" * 200]
)
def test_a_place_that_is_none_is_refused(text: str) -> None:
    if text == "1.":
        assert Place.parse(text).key == ""
        return
    with pytest.raises(NoSuchPlace, match="第一页"):
        Place.parse(text)


def test_words_are_found_as_they_stand(city: City) -> None:
    submit(city, "A-1", title="关于100%公开的通知", doc_number="辛财〔2026〕1号")
    submit(city, "A_2", title="关于公开的通知", doc_number="辛财〔2026〕21号")
    submit(city, "b-3", title="关于\\路径的公告", doc_number="")
    assert found(city, text="100%") == ["A-1"]
    assert found(city, text="%") == ["A-1"]
    assert found(city, text="_") == ["A_2"]
    assert found(city, text="\\") == ["b-3"]
    assert found(city, text="'") == []
    assert found(city, text="a_2") == ["A_2"], "capital or not"
    assert found(city, text="B-3") == ["b-3"]
    assert found(city, text="〕1号") == ["A-1"]
    assert found(city, text="/2026-00002") == ["A_2"], "the index number"
    assert found(city, text="公开 通知") == ["A_2", "A-1"]
    assert found(city, text="  公开　辛财〔2026〕21 ") == ["A_2"], "each word, wherever it stands"
    assert found(city, text="公开 公告") == []
    assert found(city, text="通知A-1") == [], "not across the bounds of two columns"
    assert found(city, text="\0") == ["b-3", "A_2", "A-1"], "nothing that could be looked for"
    assert found(city, text="公开" * 5000) == []
    assert found(city, text=("公开 " * 50)[:100] + "不存在") == ["A_2", "A-1"], "100 characters"


def test_what_items_are_can_be_asked_for(city: City) -> None:
    day = timedelta(days=1)
    began = city.clock()
    submit(city, "A-1", department=FINANCE, field="财政预决算", five_open_stage="结果")
    city.clock.advance(days=1)
    submit(city, "A-2", department=SAFETY, field="安全生产", five_open_stage="执行")
    submit(city, "A-3", department=FINANCE, field="安全生产", five_open_stage="结果")
    assert found(city, department=FINANCE) == ["A-3", "A-1"]
    assert found(city, field="安全生产", stage="结果") == ["A-3"]
    assert found(city, department="财政") == [], "a whole name, no part of one"
    assert found(city, department="\0") == []
    assert found(city, until=began + day) == ["A-1"]
    assert found(city, since=began + day) == ["A-3", "A-2"]
    assert found(city, since=began, until=began) == []
    choices = city.publisher.store.matrix.choices()
    assert choices.departments == tuple(sorted((FINANCE, SAFETY)))
    assert set(choices.fields) == {"财政预决算", "安全生产"}
    assert set(choices.stages) == {"结果", "执行"}
    assert city.publisher.store.matrix.choices(FINANCE).departments == (FINANCE,)


def test_an_empty_city_has_nothing_to_choose(city: City) -> None:
    choices = city.publisher.store.matrix.choices()
    assert (choices.departments, choices.fields, choices.stages) == ((), (), ())
    assert found(city) == found(city, status=Status.CANCELLED) == []


def test_a_status_is_that_of_the_newest_delivery(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, "/letters", code="422")
    submit(city, "A-1")
    submit(city, "A-2")
    city.flush("post")
    assert found(city, status=Status.FAILED) == ["A-1"]
    assert found(city, status=Status.FAILED, channel="board") == []
    assert found(city, status=Status.DELIVERED, channel="post") == ["A-2"]
    assert found(city, status=Status.QUEUED, channel="board") == ["A-2", "A-1"]
    correct(city)
    city.flush("post")
    assert city.status("A-1", "post") is Status.DELIVERED
    assert found(city, status=Status.FAILED) == [], "an older order's failure is history"
    assert found(city, status=Status.DELIVERED, channel="post") == ["A-2", "A-1"]
    assert found(city, status=Status.DELIVERED, channel="other") == []


def test_what_was_cancelled_is_so_where_there_is_no_other(city: City) -> None:
    submit(city, "A-1")
    submit(city, "A-2")
    correct(city)  # what waited of the first order is stopped
    assert (Action.PUBLISH, Status.CANCELLED) in {
        (one.action, one.status) for one in city.publisher.store.matrix.rows(["A-1"])[0].deliveries
    }
    assert found(city, status=Status.CANCELLED) == []
    withdraw(city)  # nothing was out: so nothing has to be taken back, and nothing is left
    assert found(city, status=Status.CANCELLED) == ["A-1"]
    assert found(city, status=Status.CANCELLED, channel="post") == ["A-1"]
    assert found(city, status=Status.QUEUED) == ["A-2"]


def test_needs_are_those_of_any_delivery(city: City) -> None:
    submit(city, "A-1", department=FINANCE)
    submit(city, "A-2", department=SAFETY)
    city.flush("post", "board")
    assert found(city, status=Need.PERSON) == ["A-2", "A-1"]
    assert found(city, status=Need.PERSON, channel="post") == []
    assert found(city, status=Need.PERSON, department=FINANCE) == ["A-1"]
    assert found(city, status=Need.OVERDUE) == []
    city.clock.advance(days=3)
    assert found(city, status=Need.OVERDUE, channel="board") == ["A-2", "A-1"]
    assert found(city, status=Need.OVERDUE, channel="digest") == ["A-2", "A-1"]
    assert found(city, status=Need.OVERDUE, channel="post") == []


def test_many_and_few_are_found_alike(city: City) -> None:
    for number in range(1, 6):
        submit(city, f"A-{number}", department=(FINANCE, SAFETY)[number % 2])
    city.flush("post", "board")
    correct(city, department=SAFETY)
    city.flush("post")
    city.clock.advance(days=3)
    filters = [
        Filter(status=status, channel=channel, department=department)
        for status in (None, Need.PERSON, Need.OVERDUE, *Status)
        for channel in ("", "post", "board", "digest")
        for department in ("", FINANCE)
    ]

    def answers(few: int) -> list[list[str]]:
        matrix = Matrix(city.publisher.store.database, few)
        return [[one.id for one in matrix.page(f, city.clock(), Asked()).rows] for f in filters]

    as_few = answers(1000)
    assert sum(map(bool, as_few)) > 20
    assert answers(0) == as_few
