"""HEAD: what answers a GET answers it too, with the same headers and nothing below them."""

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ONLY = "publisher.only_head"


def only_head(request: Request) -> bool:
    """Whether nothing below the headers is wanted: for that nothing is made, asked for elsewhere
    or put down as taken.
    """
    return _ONLY in request.scope


class AnswersHead:
    """An application whose pages know GET and POST only (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET", _ONLY: True}
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                scope["route"] = asked.get("route")  # the log names it
                await send(message)
            elif not ended:
                ended = True  # a stream, too: it hears that the answer is over and stops
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(asked, receive, send_head)
