"""The application of the office: pages for staff, the API for systems, figures for operators."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from publisher.bootstrap import Publisher
from publisher.web import api
from publisher.web.metrics import Metrics
from publisher.web.office import (
    assets,
    audit,
    calendar,
    channels,
    entrance,
    evidence,
    item,
    item_actions,
    matrix,
    preview,
    refusals,
    secret,
    sign_on,
    subscribers,
    tokens,
    users,
    webhooks,
    worklist,
)
from publisher.web.office.guard import Guarded
from publisher.web.office.head import AnswersHead
from publisher.web.office.held import Held
from publisher.web.office.live import Live
from publisher.web.office.pages import Pages
from publisher.web.office.pocket import Pocket
from publisher.web.office.refused import HANDLERS
from publisher.web.office.secret import Waiting
from publisher.web.office.told import Told
from publisher.web.operating import router as operating

_ROOMS = (
    entrance,
    sign_on,
    matrix,
    item,
    item_actions,
    preview,
    evidence,
    worklist,
    calendar,
    channels,
    refusals,
    subscribers,
    audit,
    users,
    tokens,
    webhooks,
    secret,
    assets,
)
_HANDLERS: dict[Any, Any] = {**HANDLERS, **api.HANDLERS}
"""Those that are not async run in a thread, which the types of FastAPI do not know."""
_ROOM_FOR_FORMS = 1_000_000
"""Bytes that a form has beside its file."""


def office_app(city: Publisher) -> tuple[ASGIApp, Callable[[], None]]:
    """The application, and what ends the threads it has begun."""
    app = FastAPI(
        title=f"{city.house.city}信息发布接口",
        version="1",
        description=api.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # it is given out to those who have come in: api/contract.py
        exception_handlers=_HANDLERS,
    )
    app.state.city = city
    app.state.pages = Pages(city)
    app.state.pocket = Pocket[Held]()
    app.state.secrets = Pocket[Waiting]()
    app.state.told = Pocket[Told]()
    app.state.live = live = Live(city.store)
    app.state.metrics = Metrics(city.store.measures, city.routes, city.clock)
    for room in _ROOMS:
        app.include_router(room.router, include_in_schema=False)
    app.include_router(operating)
    app.include_router(api.router)
    rules = city.settings.console
    guarded: Any = Guarded(
        AnswersHead(app),
        secure=rules.base_url.startswith("https:"),
        most_bytes=city.settings.intake.max_file_bytes + _ROOM_FOR_FORMS,
    )
    if rules.proxies:
        guarded = ProxyHeadersMiddleware(guarded, [str(one) for one in rules.proxies])
    return guarded, live.close
