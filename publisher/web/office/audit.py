"""The audit: who did what, when, by which door; to be looked through, and taken along as CSV."""

from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from publisher.audit_file import audit_csv
from publisher.intake.problems import shown
from publisher.report import ACT_WORDS
from publisher.spreadsheet import MEDIA_TYPE
from publisher.store.audit import Filter
from publisher.store.paging import NoSuchPlace
from publisher.web.office import gate
from publisher.web.office.cells import title_of
from publisher.web.office.gate import City
from publisher.web.office.head import only_head
from publisher.web.office.matrix import BadFilter, asked_of, day_of, midnight
from publisher.web.office.pages import Pages

router = APIRouter()

_FIELDS = ("actor", "act", "item", "q", "from", "to")
_LONGEST_TEXT = 100
_PART = 64 * 1024


@router.get("/audit")
def audit(request: Request, person: gate.Audit, city: City) -> Response:
    pages: Pages = request.app.state.pages
    given = _given(request)
    wrong, turn = {}, None
    try:
        turn = city.store.audit.page(filter_of(given, city.house.timezone), asked_of(given))
    except BadFilter as error:
        wrong[error.field] = str(error)
    except NoSuchPlace as error:
        wrong["after"] = str(error)
    return pages.page(
        request,
        "audit",
        person,
        status=422 if wrong else 200,
        wrong=wrong,
        given=given,
        turn=turn,
        narrowed=any(given.get(name) for name in _FIELDS),
        acts=ACT_WORDS,
        title_of=lambda channel: title_of(city, channel),
    )


@router.get("/audit.csv")
def audit_file(request: Request, person: gate.Audit, city: City) -> Response:
    """All lines of the same filter; that they were taken along is one of them."""
    given, zone = _given(request), city.house.timezone
    try:
        wanted = filter_of(given, zone)
    except BadFilter:
        return audit(request, person, city)  # which says what is wrong
    now = city.clock()
    narrowed = "，".join(
        f"{_TITLES[name]}：{shown(given[name])}" for name in _FIELDS if given.get(name)
    )
    if not only_head(request):
        city.store.audit.add(at=now, actor=person.actor, act="audit_exported", detail=narrowed)
    name = quote(f"操作记录-{now.astimezone(zone):%Y%m%d-%H%M}.csv")
    return StreamingResponse(
        _in_parts(audit_csv(city.store.audit.every(wanted), zone)),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


_TITLES = {
    "actor": "经办人",
    "act": "操作",
    "item": "编号",
    "q": "文字",
    "from": "从",
    "to": "到",
}


def filter_of(given: dict[str, str], zone: tzinfo) -> Filter:
    """Which lines. Raises BadFilter."""
    for name in ("actor", "item", "q"):
        if len(given.get(name, "")) > _LONGEST_TEXT:
            raise BadFilter(name, f"{_TITLES[name]}太长，最多 {_LONGEST_TEXT} 个字")
    if given.get("act") and given["act"] not in ACT_WORDS:
        raise BadFilter("act", "没有这种操作，请从列表里选")
    first, last = day_of(given, "from"), day_of(given, "to")
    return Filter(
        actor=given.get("actor", ""),
        act=given.get("act", ""),
        item_id=given.get("item", ""),
        text=given.get("q", ""),
        called=ACT_WORDS,
        since=midnight(first, zone) if first else None,
        until=midnight(last + timedelta(days=1), zone) if last else None,
    )


def _given(request: Request) -> dict[str, str]:
    return {name: value.strip() for name, value in request.query_params.items()}


def _in_parts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same in larger parts: each costs a way through the server."""
    part = bytearray()
    for line in lines:
        part += line
        if len(part) >= _PART:
            yield bytes(part)
            part.clear()
    yield bytes(part)
