"""The website as a program shows it: its files, its search, and where asked all that was made.

In production nginx shows the files (deploy/nginx) and asks here for searches only; both say the
same of every address.
"""

import re
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from publisher.channel import HasSearch, PermanentError, TemporaryError
from publisher.web.answers import error_page, file_answer, to_folder
from publisher.web.headers import Guarded
from publisher.web.listing import listing
from publisher.web.places import find, is_plain, page_of

SITE = "site"
"""The folder of the website, among those of the channels."""
_ITEM = re.compile(r"(?P<item>[0-9]{4}/[^/]+?)(?:(?P<page>\.html)|/.*)")
_GONE = ".gone"
_ERROR_PAGES = frozenset({"404.html", "410.html"})

log = structlog.get_logger()


def site_app(output: Path, searcher: HasSearch | None, *, show_output: bool = False) -> ASGIApp:
    """`/` is the website, `/search` its search, `/output/` all the channels wrote."""
    web = _Web(output, searcher)
    routes = [Route("/search", web.search)]
    if show_output:
        routes.append(Route("/output/{address:path}", web.output))
    routes.append(Route("/{address:path}", web.site))
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: web.refused, Exception: web.failed},
    )
    return Guarded(app)


class _Web:
    """The answers by address. They are plain functions, so each runs in a thread of the pool."""

    def __init__(self, output: Path, searcher: HasSearch | None) -> None:
        self._output = output
        self._site = output / SITE
        self._searcher = searcher

    def site(self, request: Request) -> Response:
        address = request.path_params["address"]
        if not is_plain(address) or address in _ERROR_PAGES:
            return error_page(404, site=self._site)
        found = find(self._site, address)
        if item := _ITEM.fullmatch(address):
            folder = find(self._site, item["item"])
            if folder and (folder / _GONE).is_file():
                return self._withdrawn(found if item["page"] else None)
        if found is None:
            return error_page(404, site=self._site)
        if found.is_file():
            return file_answer(found, request)
        if address and not address.endswith("/"):
            return to_folder(request)
        page = page_of(found)
        return file_answer(page, request) if page else error_page(404, site=self._site)

    def search(self, request: Request) -> Response:
        if self._searcher is None:
            return error_page(404, "本站没有开通搜索。")
        words = request.query_params.get("q", "")
        try:
            page = self._searcher.search(words, _number(request.query_params.get("page", "")))
        except TemporaryError as error:
            return error_page(503, f"{error.reason}。")
        except PermanentError as error:
            return error_page(404, f"{error.reason}。")
        return Response(page.data, media_type=page.media_type)

    def output(self, request: Request) -> Response:
        address = request.path_params["address"]
        found = find(self._output, address)
        if found is None or (found.is_file() and "/" not in address):
            return error_page(404)
        if found.is_file():
            return file_answer(found, request)
        if address and not address.endswith("/"):
            return to_folder(request)
        return HTMLResponse(listing(found, address))

    def _withdrawn(self, page: Path | None) -> Response:
        """The item's page says when and why; for what belonged to it there is the general one."""
        if page is None or not page.is_file():
            return error_page(410, site=self._site)
        return HTMLResponse(page.read_bytes(), 410)

    def refused(self, _request: Request, error: Exception) -> Response:
        """What no address answers, and methods that only read nothing."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        site = self._site if error.status_code == 404 else None
        answer = error_page(error.status_code, site=site)
        if error.status_code == 405:
            answer.headers["Allow"] = "GET, HEAD"
        return answer

    def failed(self, request: Request, error: Exception) -> Response:
        """A visitor is told that it failed; why is for the log, without what was searched for."""
        log.error("page_failed", path=request.url.path, exc_info=error)
        return error_page(500)


def _number(given: str) -> int:
    return int(given) if re.fullmatch(r"[0-9]{1,6}", given) else 1
