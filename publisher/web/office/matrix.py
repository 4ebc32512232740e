"""The matrix: items by channels; what can be looked for in it; what changes in it, live."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from publisher.access import Person
from publisher.model import Status
from publisher.report import STATUS_WORDS
from publisher.store.filters import Filter, Need
from publisher.store.paging import Asked, NoSuchPlace, Place
from publisher.web.office.cells import rows_of
from publisher.web.office.gate import City, See, cookie_name
from publisher.web.office.live import Live
from publisher.web.office.pages import Pages

router = APIRouter()

MOST = 50
NEEDS = {Need.PERSON: "要人处理的", Need.OVERDUE: "超时限的"}
_STATUSES = [(str(one), word) for words in (NEEDS, STATUS_WORDS) for one, word in words.items()]
_LONGEST_TEXT = 100
_LONGEST_ID = 18  # digits that a database has room for


class BadFilter(Exception):
    """What is looked for makes no sense: a sentence by field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@router.get("/")
def matrix(request: Request, person: See, city: City) -> Response:
    pages: Pages = request.app.state.pages
    given = {name: value.strip() for name, value in request.query_params.items()}
    since = city.store.changes.newest()
    wrong: dict[str, str] = {}
    try:
        wanted = filter_of(given, city.house.timezone, person)
        turn = city.store.matrix.page(wanted, city.clock(), asked_of(given))
    except BadFilter as error:
        wrong[error.field] = str(error)
        wanted, turn = _only_own(person), None
    return pages.page(
        request,
        "matrix",
        person,
        status=422 if wrong else 200,
        wrong=wrong,
        given=given,
        since=since,
        rows=rows_of(city, turn.rows, wanted.channel) if turn else [],
        turn=turn,
        columns=[route for name, route in city.routes.items() if wanted.channel in {"", name}],
        narrowed=any(given.get(name) for name in _FIELDS),
        choices=city.store.matrix.choices(person.department),
        statuses=_STATUSES,
        counts=city.store.worklist.counts(city.clock(), person.department),
    )


@router.get("/rows")
def rows(
    request: Request, person: See, city: City, item: Annotated[list[str] | None, Query()] = None
) -> Response:
    """The rows of these items as they stand now, for a page that is open."""
    pages: Pages = request.app.state.pages
    found = city.store.matrix.rows((item or [])[:MOST], person.department)
    channel = request.query_params.get("channel", "")
    return pages.part("rows", rows=rows_of(city, found, channel))


@router.get("/live")
def live(request: Request, person: See, city: City) -> Response:
    """Every change of status, as it happens; only of the person's department, if that is all."""
    hub: Live = request.app.state.live
    cookie = request.cookies.get(cookie_name(city), "")
    since = request.headers.get("last-event-id") or request.query_params.get("since", "")
    known = since.isdecimal() and len(since) < _LONGEST_ID
    return StreamingResponse(
        hub.stream(
            person.department,
            int(since) if known else None,
            lambda: city.accounts.sessions.open(cookie, city.clock(), seen=False) == person,
        ),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


_FIELDS = ("q", "field", "stage", "department", "channel", "status", "from", "to")


def filter_of(given: dict[str, str], zone: tzinfo, person: Person | None = None) -> Filter:
    """What is looked for. Raises BadFilter."""
    if len(given.get("q", "")) > _LONGEST_TEXT:
        raise BadFilter("q", f"要找的字太多，最多 {_LONGEST_TEXT} 个字；写几个关键的词就行")
    own = person.department if person else ""
    first, last = day_of(given, "from"), day_of(given, "to")
    return Filter(
        text=given.get("q", ""),
        field=given.get("field", ""),
        stage=given.get("stage", ""),
        department=own or given.get("department", ""),
        channel=given.get("channel", ""),
        status=_status(given.get("status", "")),
        since=midnight(first, zone) if first else None,
        until=midnight(last + timedelta(days=1), zone) if last else None,
    )


def asked_of(given: dict[str, str], most: int = MOST) -> Asked:
    """Which page. Raises BadFilter."""
    try:
        return Asked(
            after=Place.parse(given["after"]) if given.get("after") else None,
            before=Place.parse(given["before"]) if given.get("before") else None,
            most=most,
        )
    except NoSuchPlace as error:
        raise BadFilter("after", str(error)) from None


def _only_own(person: Person) -> Filter:
    return Filter(department=person.department)


def _status(word: str) -> Status | Need | None:
    if not word:
        return None
    for kind in (Status, Need):
        if word in set(kind):
            return kind(word)
    known = "、".join([*Status, *Need])
    raise BadFilter("status", f"没有这种状态，应为其中一个：{known}")


def day_of(given: dict[str, str], field: str) -> date | None:
    """A day that was asked for. Raises BadFilter."""
    if not given.get(field):
        return None
    try:
        found = date.fromisoformat(given[field])
    except ValueError:
        raise BadFilter(field, "日期应写成 2026-03-01 的样子") from None
    if not date(1990, 1, 1) <= found <= date(2199, 12, 31):
        raise BadFilter(field, "日期应在 1990 年到 2199 年之间")
    return found


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)
