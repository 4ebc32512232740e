"""The agenda says what goes out when, what people must do by when, and what ends; by local days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from publisher.store.agenda import Day, Slot
from publisher.store.tables import deliveries, orders
from tests.factories import BEIJING
from tests.support.city import City
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


def days(city: City, many: int = 7, department: str = "") -> dict[date, Day]:
    now = city.clock()
    first = now.astimezone(BEIJING).date()
    found = city.publisher.store.agenda.days(now, first, many, BEIJING, department)
    assert len(found) == many
    return {one.date: one for one in found}


def shown(slots: list[Slot]) -> list[tuple[str, int, list[str]]]:
    return [(one.channel, one.many, [item.item_id for item in one.first]) for one in slots]


def test_a_digest_stands_at_its_hour_with_the_first_titles(city: City) -> None:
    for number in range(1, 6):
        city.submit(f"A-{number}", title=f"第{number}条", department=(FINANCE, SAFETY)[number % 2])
    city.flush()
    (slot,) = days(city)[date(2026, 11, 23)].going
    assert shown([slot]) == [("digest", 5, ["A-1", "A-2", "A-3"])]
    assert slot.at == datetime(2026, 11, 23, 18, tzinfo=BEIJING)
    assert slot.first[0].title == "第1条"
    (mine,) = days(city, department=FINANCE)[date(2026, 11, 23)].going
    assert shown([mine]) == [("digest", 2, ["A-2", "A-4"])]
    city.clock.advance(hours=9)  # half past six: it is not ahead any more
    assert not any(day.going for day in days(city).values())


def test_a_day_has_one_line_for_a_channel_and_says_from_when_to_when(city: City) -> None:
    for number, hour in enumerate((3, 1, 2, 40)):
        city.submit(f"A-{number}")
        due = city.clock() + timedelta(hours=hour)
        with city.publisher.store.database.write() as connection:
            mine = select(orders.c.id).where(orders.c.item_id == f"A-{number}")
            late = update(deliveries).where(deliveries.c.order_id.in_(mine))
            connection.execute(late.where(deliveries.c.channel == "post").values(due_at=due))
    found = [one for day in days(city).values() for one in day.going if one.channel == "post"]
    assert shown(found) == [("post", 3, ["A-1", "A-2", "A-0"]), ("post", 1, ["A-3"])]
    assert found[0].last - found[0].at == timedelta(hours=2)
    assert found[1].last == found[1].at == due


def test_a_day_is_a_local_one(city: City) -> None:
    city.clock.advance(hours=9)
    city.submit("A-1")  # after today's digest, whose evening is still the same day in UTC
    (slot,) = days(city)[date(2026, 11, 24)].going
    assert slot.at == datetime(2026, 11, 24, 18, tzinfo=BEIJING)
    city.clock.advance(hours=6)  # half past midnight here, the day before in UTC
    city.flush("board")
    assert [day.date for day in days(city).values() if day.by_hand] == [date(2026, 11, 26)]


def test_what_people_must_confirm_stands_on_its_last_day(city: City) -> None:
    city.submit("A-1", department=FINANCE)
    city.submit("A-2", department=SAFETY)
    city.flush("board")
    found = days(city)
    assert shown(found[date(2026, 11, 25)].by_hand) == [("board", 2, ["A-1", "A-2"])]
    assert shown(days(city, 7, SAFETY)[date(2026, 11, 25)].by_hand) == [("board", 1, ["A-2"])]
    assert date(2026, 11, 25) not in days(city, 2)
    city.publisher.staff.confirm(
        "A-1", "board", by="赵值", note="已贴", evidence=None, now=city.clock()
    )
    assert shown(days(city)[date(2026, 11, 25)].by_hand) == [("board", 1, ["A-2"])]


def test_a_posting_period_ends_on_its_last_day(city: City) -> None:
    period = {"from": "2026-11-23", "to": "2026-11-27"}
    city.submit("A-1", posting=period, title="公示", department=FINANCE)
    city.submit("A-2", valid_until="2026-11-29", department=SAFETY)
    city.submit("A-3", valid_until="2026-11-30")
    found = {day: [one.item_id for one in on.ending] for day, on in days(city).items()}
    assert found[date(2026, 11, 27)] == ["A-1"]
    assert found[date(2026, 11, 29)] == ["A-2"], "the last of these days"
    assert sum(map(len, found.values())) == 2
    mine = days(city, 7, FINANCE)
    assert [one.title for day in mine.values() for one in day.ending] == ["公示"]


def test_when_many_end_on_a_day_the_first_are_named_and_all_are_counted(city: City) -> None:
    for number in range(22):
        day, whose = 25 + number // 21, (FINANCE, SAFETY)[number % 2]
        city.submit(f"A-{number}", valid_until=f"2026-11-{day}", department=whose)
    found = days(city)
    assert found[date(2026, 11, 25)].ending_many == 21
    assert len(found[date(2026, 11, 25)].ending) == 20
    assert [one.item_id for one in found[date(2026, 11, 26)].ending] == ["A-21"]
    assert days(city, department=SAFETY)[date(2026, 11, 25)].ending_many == 10


def test_what_is_held_is_counted_by_channel(city: City) -> None:
    city.publisher.staff.pause("post", by="李办", why="核对", now=city.clock())
    began = city.clock()
    city.submit("A-1", department=FINANCE)
    city.clock.advance(minutes=5)
    city.submit("A-2", department=SAFETY)
    city.flush("post")
    (held,) = city.publisher.store.agenda.held()
    assert (held.channel, held.many, held.oldest) == ("post", 2, began)
    (mine,) = city.publisher.store.agenda.held(SAFETY)
    assert (mine.many, mine.oldest) == (1, city.clock())
    assert city.publisher.store.agenda.held("没有的单位") == []
