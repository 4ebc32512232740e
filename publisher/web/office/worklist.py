"""The work list: what needs a person now, what is due first at its head, mended where it stands."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.advice import CONSOLE, to_do
from publisher.model import Status
from publisher.report import SIGNS, STATUS_WORDS
from publisher.store.paging import NoSuchPlace
from publisher.store.worklist import Entry
from publisher.web.office.cells import title_of
from publisher.web.office.gate import City, See
from publisher.web.office.matrix import BadFilter, asked_of
from publisher.web.office.pages import Pages

router = APIRouter()

_NEEDS_NOTHING_MORE = frozenset({Status.FAILED, Status.LOST})
"""Here a click is enough: it is surely not out, and the reason stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """An entry as staff read it."""

    entry: Entry
    channel: str
    sign: str
    word: str
    next_step: str
    late: bool
    at_once: bool


@router.get("/worklist")
def worklist(request: Request, person: See, city: City) -> Response:
    pages: Pages = request.app.state.pages
    given = dict(request.query_params)
    now, wrong = city.clock(), {}
    try:
        turn = city.store.worklist.page(now, asked_of(given), person.department)
    except (BadFilter, NoSuchPlace) as error:
        wrong, turn = {"": str(error)}, None
    matters = [
        Matter(
            entry=one,
            channel=title_of(city, one.channel),
            sign=SIGNS[one.status],
            word=STATUS_WORDS[one.status],
            next_step=to_do(one, CONSOLE),
            late=one.deadline_at is not None and one.deadline_at < now,
            at_once=one.status in _NEEDS_NOTHING_MORE,
        )
        for one in (turn.rows if turn else [])
    ]
    return pages.page(
        request,
        "worklist",
        person,
        status=422 if wrong else 200,
        wrong=wrong,
        given=given,
        matters=matters,
        turn=turn,
        counts=city.store.worklist.counts(now, person.department),
        troubles=city.watch.troubles() if not person.department else [],
    )
