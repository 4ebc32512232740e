"""What an answer says beside its body, by its address: the same as deploy/nginx says of it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OF_OTHERS = re.compile(r"/[0-9]{4}/[^/]+/.*")
"""Below /2026/00001/ lies what others made: attachments and pictures of an item."""
_SHOWN = frozenset({".pdf", ".txt", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
_STAMPED = re.compile(r"/(style\.css|feed\.css|site\.js)")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OURS = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_THEIRS = "default-src 'none'; frame-ancestors 'none'; sandbox"
_PDF = "base-uri 'none'; frame-ancestors 'none'"
"""The browser's own viewer shows it, which the other rules would break."""

# As deploy/nginx has them. What is not known is saved to disk unopened.
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".txt": "text/plain",
    ".srt": "text/plain",
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_JSON_FEED = "feed.json"
_TEXTUAL = re.compile(r"text/.*|application/(.*[+])?(xml|json)")


def media_type(name: str) -> str:
    """The type of a file by its name, with its characters where it is text.

    Atom and RSS are XML like any other: by their own types a browser shows them as bare text.
    """
    found = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    if name == _JSON_FEED:
        found = "application/feed+json"
    return f"{found}; charset=utf-8" if _TEXTUAL.fullmatch(found) else found


class Guarded:
    """An application whose every answer carries these headers, its errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _headers(scope, message["status"]):
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)


def _headers(scope: Scope, status: int) -> Iterator[tuple[str, str]]:
    path: str = scope["path"]
    ending = PurePosixPath(path).suffix.lower()
    failed = status >= 400  # the page that says so is ours, whatever it stands for
    of_others = bool(_OF_OTHERS.fullmatch(path)) and not failed
    yield from _ALWAYS.items()
    yield "Cache-Control", _cache(path, scope["query_string"], of_others=of_others, failed=failed)
    if ending == ".pdf" and not failed:
        yield "Content-Security-Policy", _PDF
    else:
        yield "Content-Security-Policy", _THEIRS if of_others else _OURS
    if of_others and ending not in _SHOWN:
        yield "Content-Disposition", "attachment"


def _cache(path: str, query: bytes, *, of_others: bool, failed: bool) -> str:
    """Always ask again: a correction or a withdrawal is to be seen at once.

    Attachments rest some minutes; what bears the stamp of its own bytes never changes.
    """
    if of_others:
        return "public, max-age=600, must-revalidate"
    if _STAMPED.fullmatch(path) and query.startswith(b"v=") and not failed:
        return "public, max-age=31536000, immutable"
    return "no-cache"
