"""The answers: a file, whole or in part or unchanged, and an error as a page in plain Chinese."""

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from publisher.web.headers import media_type

_RANGE = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")
_SENTENCES = {
    400: ("请求不对", "浏览器发来的请求读不懂，请检查网址。"),
    404: ("没有这个网页", "网址可能写错了，或者这个网页从来没有过。"),
    405: ("不能这样访问", "这里的网页只供阅读和下载。"),
    410: ("信息已撤回", "这份材料所属的信息已经撤回，不再提供。"),
    500: ("网页暂时打不开", "程序出了错，请过几分钟再试。"),
    503: ("暂时用不了", "请过几分钟再试。"),
}
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
{style}</head>
<body class="lost">
<main id="main" class="frame">
<h1>{title}</h1>
<p>{sentence}</p>
<p><a href="/">回到首页</a></p>
</main>
</body>
</html>
"""


_STYLE = '<link rel="stylesheet" href="/style.css">\n'


def file_answer(path: Path, request: Request) -> Response:
    """The file; or that it is still what the browser has already."""
    try:
        answer = _Whole(path, media_type=media_type(path.name), stat_result=path.stat())
    except FileNotFoundError:  # gone since we looked
        return error_page(404)
    if StaticFiles().is_not_modified(answer.headers, request.headers):
        return NotModifiedResponse(answer.headers)
    return answer


def to_folder(request: Request) -> Response:
    """The same address with the slash of a folder, so that relative links are right.

    Without our own name in it: that would be whatever the browser says it is.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{quote(request.scope['path'])}/{query}", 301)


def error_page(status: int, sentence: str = "", site: Path | None = None) -> Response:
    """The site's own page for this error where it has one, else a plain one."""
    try:
        if site and not sentence:
            return HTMLResponse((site / f"{status}.html").read_bytes(), status)
    except FileNotFoundError:  # nothing was published yet
        pass
    return HTMLResponse(plain_page(status, sentence), status)


def plain_page(status: int, sentence: str = "", *, alone: bool = False) -> str:
    """`alone`: nobody knows whether a style sheet lies beside it."""
    title, usual = _SENTENCES.get(status, _SENTENCES[400])
    style = "" if alone else _STYLE
    return _PAGE.format(title=title, sentence=escape(sentence or usual), style=style)


class _Whole(FileResponse):
    """A file, or the one part of it that is asked for in a way that makes sense.

    What makes none is left unheard and the file comes whole, as the standard asks; nor is one cut
    into many pieces.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: list[Any] = scope["headers"]
        heard = [(name, value) for name, value in headers if name != b"range" or _is_part(value)]
        await super().__call__({**scope, "headers": heard}, receive, send)


def _is_part(value: bytes) -> bool:
    found = _RANGE.fullmatch(value)
    if not found or not any(found.groups()):
        return False
    first, last = found.groups()
    return not (first and last) or int(first) <= int(last)
