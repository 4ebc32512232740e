"""For who runs it: is it alive, is it ready, and in figures how it goes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from publisher.access import Right, System
from publisher.store import StoreError
from publisher.web.metrics import Metrics
from publisher.web.office.gate import City, system

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> Response:
    """The process answers; whether it can do anything is for /readyz."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(city: City) -> Response:
    """It can serve: the database answers and has the tables of this version."""
    try:
        city.store.database.require_current()
    except StoreError:
        return JSONResponse({"database": "away"}, 503)
    return JSONResponse({"database": "ok"})


@router.get("/metrics")
def metrics(
    request: Request, _system: Annotated[System, Depends(system(Right.METRICS))]
) -> Response:
    """Prometheus text; scraped with a token that has the scope for it."""
    found: Metrics = request.app.state.metrics
    text, media_type = found.page(request.headers.get("accept", ""))
    return Response(text, headers={"Content-Type": media_type})
