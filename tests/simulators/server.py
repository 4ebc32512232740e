"""What every simulator shares: a real HTTP server on loopback with scripted faults and a ledger.

A simulator subclasses Simulator and answers `handle`. Faults are taken from a script, one per
matching call, and play on the wire: what the client sees is what a broken service would do.
Over HTTP, for a demo or a person, the same is under /_sim/ (see `_control`).
"""

import json
import pickle
import socket
import struct
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    """What goes wrong with one call."""

    REFUSE = "refuse"  # HTTP 503 at once, nothing taken
    DELAY = "delay"  # takes it, answers after `seconds`
    HANG = "hang"  # takes it, never answers
    RESET = "reset"  # takes it, then resets the connection
    DROP = "drop"  # takes nothing, resets the connection after reading the request
    ERROR = "error"  # takes nothing, HTTP 500
    LATE_ERROR = "late_error"  # takes it, HTTP 502
    NONSENSE = "nonsense"  # takes it, answers HTML with status 200
    TRUNCATED = "truncated"  # takes it, answers half of the JSON
    CODE = "code"  # takes nothing, answers the simulator's own error `code`


@dataclass
class Planned:
    """One scripted fault: for calls whose path ends with `path`, `times` times (-1: for ever)."""

    fault: Fault
    path: str = ""
    times: int = 1
    skip: int = 0
    seconds: float = 0.5
    code: str = ""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Response:
    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: object, content_type: str = "application/json; charset=utf-8") -> Self:
        return cls(json.dumps(value, ensure_ascii=False).encode(), content_type=content_type)


class Simulator:
    """Start with `with Simulator() as sim:`; `sim.url` is its address, a free port on loopback."""

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.RLock()
        self.script: list[Planned] = []
        self.calls: list[Request] = []
        self._stopping = threading.Event()
        self._memory: Path | None = None
        simulator = self

        class Handler(_Handler):
            owner = simulator

        self._server = _Server(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True, name=type(self).__name__
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def plan(self, fault: Fault, path: str = "", **more: Any) -> None:
        """Add a fault to the script: `times`, `skip`, `seconds`, `code` as in Planned."""
        with self.lock:
            self.script.append(Planned(fault, path, **more))

    def remember(self, file: Path) -> None:
        """Keep what was received in a file, so that a demo still shows it after a restart."""
        self._memory = file
        if file.exists():
            self.recall(pickle.loads(file.read_bytes()))  # noqa: S301 - written below, by us

    def memory(self) -> dict[str, Any]:
        """What is worth keeping."""
        raise NotImplementedError

    def recall(self, memory: dict[str, Any]) -> None:
        """Take up again what `memory` gave."""
        raise NotImplementedError

    def handle(self, request: Request) -> Response:
        """Answer a call as the real service would. Called under the simulator's lock."""
        raise NotImplementedError

    def code_response(self, request: Request, code: str) -> Response:
        """The service's own way of saying the error `code`."""
        raise NotImplementedError

    def ledger(self) -> list[dict[str, Any]]:
        """What the other side received, one entry for each thing that reached the public."""
        raise NotImplementedError

    def page(self) -> str:
        """A Chinese HTML page that shows a person what the other side received."""
        raise NotImplementedError

    def _next_fault(self, path: str) -> Planned | None:
        for planned in self.script:
            if planned.times != 0 and path.endswith(planned.path):
                if planned.skip > 0:
                    planned.skip -= 1
                    continue
                planned.times -= 1
                return planned
        return None

    def _control(self, request: Request) -> Response | None:
        match (request.method, request.path):
            case ("GET", "/_sim/ledger"):
                return Response.of_json(self.ledger())
            case ("GET", "/" | "/_sim/"):
                return Response(self.page().encode(), content_type="text/html; charset=utf-8")
            case ("POST", "/_sim/faults"):
                wanted = json.loads(request.body)
                self.plan(Fault(wanted.pop("fault")), **wanted)
                return Response.of_json({"ok": True})
            case _:
                return None

    def answer(self, request: Request, wire: "_Handler") -> None:
        with self.lock:
            if (control := self._control(request)) is not None:
                wire.write(control)
                return
            self.calls.append(request)
            planned = self._next_fault(request.path)
            taken: Response | None = None
            if planned is None or planned.fault in _TAKES:
                taken = self.handle(request)
                self._keep()
        self._play(planned, taken, request, wire)

    def _keep(self) -> None:
        if self._memory:
            beside = self._memory.with_suffix(".new")
            beside.write_bytes(pickle.dumps(self.memory()))
            beside.replace(self._memory)

    def _play(
        self, planned: Planned | None, taken: Response | None, request: Request, wire: "_Handler"
    ) -> None:
        if planned is None:
            assert taken is not None
            wire.write(taken)
            return
        match planned.fault:
            case Fault.REFUSE:
                wire.write(Response(b"busy", 503, "text/plain"))
            case Fault.ERROR:
                wire.write(Response(b"broken", 500, "text/plain"))
            case Fault.LATE_ERROR:
                wire.write(Response(b"bad gateway", 502, "text/plain"))
            case Fault.NONSENSE:
                wire.write(Response(b"<html>login</html>", 200, "text/html"))
            case Fault.CODE:
                wire.write(self.code_response(request, planned.code))
            case Fault.HANG:
                self._stopping.wait(60)
                wire.reset()
            case Fault.RESET | Fault.DROP:
                wire.reset()
            case Fault.DELAY:
                assert taken is not None
                time.sleep(planned.seconds)
                wire.write(taken)
            case Fault.TRUNCATED:
                assert taken is not None
                wire.write(Response(taken.body[: len(taken.body) // 2], 200, taken.content_type))


_TAKES = {
    Fault.DELAY,
    Fault.HANG,
    Fault.RESET,
    Fault.LATE_ERROR,
    Fault.NONSENSE,
    Fault.TRUNCATED,
}


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # the default of 5 resets clients that come in a crowd

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionResetError):  # a client that was killed
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    owner: Simulator
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={key.lower(): value for key, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            self.owner.answer(request, self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up first: that is its right

    do_GET = do_POST = _serve  # noqa: N815 - names given by http.server

    def write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    def reset(self) -> None:
        """Close with RST, as a crashed service or a cut line does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent: what was called stands in `calls`."""
