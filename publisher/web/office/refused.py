"""What is answered when something cannot be done: a page to people, JSON to programs.

Nobody is ever shown what went wrong inside; that is for the log.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match

from publisher.figures import size_of
from publisher.store import StoreError
from publisher.web.office.forms import Unreadable, read_form
from publisher.web.office.gate import (
    BadToken,
    Foreign,
    MustChange,
    NotAllowed,
    NotIn,
    city_of,
    cookie_name,
)
from publisher.web.office.guard import API, TooLarge
from publisher.web.office.held import can_be_held, hold, told_over
from publisher.web.office.pages import Pages, here, to

log = structlog.get_logger()

_SENTENCES = {
    400: "请求读不懂，请检查后再试",
    404: "没有这个网页，网址可能写错了",
    405: "这个网址不能这样用",
    500: "程序出了错，已经记下；请稍后再试，还不行就请技术人员看日志",
}
_TITLES = {401: "请先登录", 403: "不能这样做", 404: "没有找到", 413: "太大了", 503: "暂时用不了"}


def refuse(request: Request, status: int, sentence: str, *problems: Mapping[str, str]) -> Response:
    """An answer with one Chinese sentence that says why not, and what can be done."""
    if request.url.path.startswith(API):
        return JSONResponse({"sentence": sentence, "problems": list(problems)}, status)
    pages: Pages = request.app.state.pages
    title = _TITLES.get(status, "没有办成")
    return pages.page(request, "lost", None, status=status, title=title, sentence=sentence)


async def _not_in(request: Request, _error: Exception) -> Response:
    """Who reads comes back to the page after logging in; what was typed is kept meanwhile.

    Of somebody who had never come in nothing is read.
    """
    if request.headers.get("x-live") or request.url.path == "/live":
        return PlainTextResponse("登录已过期", 401)
    if request.method in {"GET", "HEAD"}:
        return to("/login", next=here(request))
    city = city_of(request)
    cookie = request.cookies.get(cookie_name(city), "")
    owner = await run_in_threadpool(city.accounts.sessions.former, cookie, city.clock())
    if owner is None or not can_be_held(request.scope["path"]):
        return await run_in_threadpool(told_over, request)
    try:
        typed = await read_form(request)
    except (Unreadable, TooLarge, ClientDisconnect) as error:
        answer = HANDLERS[type(error)](request, error)
        assert isinstance(answer, Response)  # noqa: S101 - none of these three waits
        return answer
    return await run_in_threadpool(hold, request, owner, typed)


def _foreign(request: Request, _error: Exception) -> Response:
    sentence = "这个请求不是从本系统的网页发出的，没有办；请从本系统的网页上重新操作"
    return refuse(request, 403, sentence)


def _must_change(_request: Request, _error: Exception) -> Response:
    return to("/password")


def _not_allowed(request: Request, error: Exception) -> Response:
    return refuse(request, 403, str(error))


def _bad_token(request: Request, error: Exception) -> Response:
    answer = refuse(request, 401, str(error))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _too_large(request: Request, _error: Exception) -> Response:
    most = city_of(request).settings.intake.max_file_bytes
    return refuse(request, 413, f"上传的内容太大，文件最大 {size_of(most)}；请换小一些的文件")


def _gone(_request: Request, _error: Exception) -> Response:
    """Who broke off in the midst hears nothing any more, and nothing of ours has failed."""
    return Response(status_code=400)


def _unreadable(request: Request, _error: Exception) -> Response:
    return refuse(request, 400, _SENTENCES[400])


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    sentence = _SENTENCES.get(error.status_code, _SENTENCES[400])
    if error.status_code == 404 and error.detail != "Not Found":
        sentence = error.detail  # our own, which knows what was looked for
    answer = refuse(request, error.status_code, sentence)
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(_allowed(request))
    return answer


def _allowed(request: Request) -> Iterator[str]:
    """The methods that an address has; the router knows those of its first route only."""
    for method, names in (("GET", ("GET", "HEAD")), ("POST", ("POST",))):
        asked = {**request.scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            yield from names


def _wrong_fields(request: Request, error: Exception) -> Response:
    """What does not fit the contract of the API, in the words of the item's own refusals."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    problems = [_problem(one) for one in error.errors()]
    return refuse(request, 422, "请求的内容不合要求", *problems)


def _problem(error: Mapping[str, Any]) -> dict[str, str]:
    field = ".".join(str(one) for one in error["loc"][1:])
    limits = error.get("ctx", {})
    sentence = {
        "missing": "缺少此项，请补上",
        "int_parsing": "应当是整数",
        "greater_than_equal": f"不能小于 {limits.get('ge')}",
        "less_than_equal": f"不能大于 {limits.get('le')}",
        "extra_forbidden": "不认识的项，请检查拼写或删去",
        "string_too_long": f"太长，最多 {limits.get('max_length')} 个字符",
        "json_invalid": "不是正确的 JSON",
    }.get(error["type"], "值不合要求，请对照接口说明")
    return {"field": field, "sentence": sentence}


def _store(request: Request, error: Exception) -> Response:
    log.error("database_away", path=getattr(request.scope.get("route"), "path", ""), exc_info=error)
    return refuse(request, 503, "数据库暂时用不了，请过几分钟再试")


def _failed(request: Request, error: Exception) -> Response:
    log.error("page_failed", path=getattr(request.scope.get("route"), "path", ""), exc_info=error)
    return refuse(request, 500, _SENTENCES[500])


_Answer = Callable[[Request, Exception], Response | Awaitable[Response]]
HANDLERS: Mapping[type[Exception], _Answer] = {
    NotIn: _not_in,
    Foreign: _foreign,
    MustChange: _must_change,
    NotAllowed: _not_allowed,
    BadToken: _bad_token,
    TooLarge: _too_large,
    Unreadable: _unreadable,
    ClientDisconnect: _gone,
    HTTPException: _http,
    RequestValidationError: _wrong_fields,
    StoreError: _store,
    Exception: _failed,
}
