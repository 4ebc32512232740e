"""What every request passes and every answer carries, whatever page it is about.

Guarded     security headers; one line in the log; how large a request may be
is_foreign  whether a form was sent by somebody else's page
"""

import secrets
import time
from collections.abc import Iterator, Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.store.audit import ORIGIN

log = structlog.get_logger()

API = "/api/"
"""Below it programs ask; all else is for people."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Of our own pages: nothing from elsewhere, nothing inline."""
SHOWN = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""Of what a channel made, shown in a frame of ours: nothing in it runs or leads on. Its own style
and pictures need our cookie, so it keeps our origin, which is worth nothing without a script.
"""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_MOST_AT_THE_DOOR: Mapping[str, int] = {"/login": 20_000}
"""Bytes that are taken of who has not come in yet: a name and a password."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})


class TooLarge(Exception):
    """The body of a request is larger than anything that we take."""


class Guarded:
    """An application whose every answer carries these headers, its errors too."""

    def __init__(self, app: ASGIApp, *, secure: bool, most_bytes: int) -> None:
        """`secure`: browsers come by https only. `most_bytes` a request may have."""
        self._app = app
        self._secure = secure
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.monotonic()
        door = "接口" if scope["path"].startswith(API) else "控制台"
        ORIGIN.set(f"{door} {(scope['client'] or ('',))[0]}")  # a request has a context of its own
        name = secrets.token_hex(8)
        scope.setdefault("state", {})["request"] = name

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for key, value in self._headers(name):
                    headers.setdefault(key, value)
                _write_down(scope, message["status"], name, begun)
            await send(message)

        await self._app(scope, self._limited(scope, receive), send_guarded)

    def _headers(self, name: str) -> Iterator[tuple[str, str]]:
        yield from _ALWAYS.items()
        yield "X-Request-Id", name
        yield "Content-Security-Policy", POLICY
        yield "Cache-Control", "no-store"
        if self._secure:
            yield "Strict-Transport-Security", "max-age=31536000"

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """The same request, until it turns out too large."""
        most = _MOST_AT_THE_DOOR.get(scope["path"], self._most)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > most:
            return _refusing
        taken = 0

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        return receive_limited


async def _refusing() -> Message:
    raise TooLarge


def is_foreign(method: str, headers: Mapping[str, str], *, has_cookie: bool) -> bool:
    """Whether a request that changes something comes from somebody else's page.

    Browsers say where a form stands (Sec-Fetch-Site, else Origin); one that says neither is taken
    at its word only while it brings no cookie that could be misused.
    """
    if method in _SAFE:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in _OWN
    if origin := headers.get("origin"):
        return origin.partition("://")[2] != headers.get("host")
    return has_cookie


def _write_down(scope: Scope, status: int, name: str, begun: float) -> None:
    """Which address of ours was asked for, without what was asked: no ids, no words, no numbers."""
    route = scope.get("route")
    log.info(
        "asked",
        request=name,
        method=scope["method"],
        path=getattr(route, "path", ""),
        status=status,
        who=scope.get("state", {}).get("who", ""),
        milliseconds=round((time.monotonic() - begun) * 1000),
    )
