"""A web server in a thread beside us: uvicorn, on a port that is ours before it starts."""

import socket
from threading import Thread
from typing import Self

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from publisher.web.answers import plain_page

_BACKLOG = 128
_OF_NO_REQUEST = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
]
"""What the answer carries to something that no application ever sees."""
_LONGEST_HEAD = 200_000
"""Bytes of an address with its headers: who asks for far too much is still told so in words."""
_PATIENCE = 1
"""Seconds that answers under way may still take when we end."""


class Server:
    """Start with `with Server(app) as server:`; `server.url` has no trailing slash."""

    def __init__(self, app: ASGIApp, port: int = 0, host: str = "127.0.0.1") -> None:
        """Take the port. Raises OSError."""
        self._socket = _listening(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level="critical",  # what fails we log ourselves; what visitors ask, nobody does
                access_log=False,
                proxy_headers=False,
                server_header=False,
                h11_max_incomplete_event_size=_LONGEST_HEAD,
                timeout_graceful_shutdown=_PATIENCE,
            )
        )
        sockets = {"sockets": [self._socket]}
        self._thread = Thread(target=self._server.run, kwargs=sockets, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()  # who asks before it is ready waits in the backlog
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its name, or asyncio lets short answers wait for the acknowledgement of their headers.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(_BACKLOG)
    except OSError:
        taken.close()
        raise
    return taken


class _Protocol(H11Protocol):
    def send_400_response(self, msg: str) -> None:
        """What is no HTTP at all is answered in Chinese too."""
        del msg
        answer = h11.Response(status_code=400, headers=_OF_NO_REQUEST, reason=b"Bad Request")
        body = h11.Data(data=plain_page(400, alone=True).encode())
        for event in (answer, body, h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
