"""Refusals: what was not taken, from whom, and field by field why not."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.store.paging import NoSuchPlace
from publisher.web.office.gate import City, See
from publisher.web.office.matrix import BadFilter, asked_of
from publisher.web.office.pages import Pages

router = APIRouter()

_MOST = 20


@router.get("/refusals")
def refusals(request: Request, person: See, city: City) -> Response:
    pages: Pages = request.app.state.pages
    given = dict(request.query_params)
    wrong, turn = {}, None
    try:
        turn = city.store.refusals.page(asked_of(given, _MOST), person.department)
    except (BadFilter, NoSuchPlace) as error:
        wrong = {"": str(error)}
    return pages.page(
        request,
        "refusals",
        person,
        status=422 if wrong else 200,
        wrong=wrong,
        given=given,
        turn=turn,
    )
