"""The calendar: what goes out when, what people must have done by when, what comes to its end."""

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.bootstrap import Publisher
from publisher.store.agenda import Day, Slot
from publisher.web.office.cells import title_of
from publisher.web.office.gate import City, See
from publisher.web.office.matrix import BadFilter, day_of
from publisher.web.office.pages import Pages

router = APIRouter()

DAYS = 14
_WEEKDAYS = "一二三四五六日"
_GROUPED = {"digest": "汇总", "bundle": "合集", "window": "成批"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A day as the page shows it."""

    day: Day
    title: str

    @property
    def is_empty(self) -> bool:
        return not (self.day.going or self.day.by_hand or self.day.ending)


@router.get("/calendar")
def calendar(request: Request, person: See, city: City) -> Response:
    pages: Pages = request.app.state.pages
    given = dict(request.query_params)
    now = city.clock()
    today = now.astimezone(city.house.timezone).date()
    first, wrong = today, {}
    try:
        first = _first(given, today)
    except BadFilter as error:
        wrong[error.field] = str(error)
    zone, department = city.house.timezone, person.department
    days = city.store.agenda.days(now, first, DAYS, zone, department)
    return pages.page(
        request,
        "calendar",
        person,
        status=422 if wrong else 200,
        wrong=wrong,
        given=given,
        first=first,
        leaves=[Leaf(day=one, title=_title(one.date, today)) for one in days],
        held=city.store.agenda.held(department),
        earlier=max(today, first - timedelta(days=DAYS)) if first > today else None,
        later=first + timedelta(days=DAYS),
        title_of=lambda channel: title_of(city, channel),
        kind_of=lambda slot: _kind(city, slot),
    )


def _first(given: dict[str, str], today: date) -> date:
    """The first day to be shown. Raises BadFilter."""
    wanted = day_of(given, "from") or today
    if wanted < today:
        raise BadFilter("from", "日程只有今天和以后的；以前发了什么，请在总览里按日期筛选")
    return wanted


def _title(day: date, today: date) -> str:
    near = {today: "今天　", today + timedelta(days=1): "明天　"}.get(day, "")
    return f"{near}{day.month}月{day.day}日　星期{_WEEKDAYS[day.weekday()]}"


def _kind(city: Publisher, slot: Slot) -> str:
    """What goes out then: a digest, a bundle, or just what was due."""
    route = city.routes.get(slot.channel)
    return _GROUPED.get(route.grouping.kind, "") if route else ""
