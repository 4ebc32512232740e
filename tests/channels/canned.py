"""A server that says exactly these bytes to every POST: for answers no simulator would give."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from typing import BinaryIO, cast


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: bytes, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.context = context
        self.bodies: list[bytes] = []


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = cast("_Server", self.server)
        with contextlib.suppress(OSError):  # a client that trusts us not hangs up: its right
            wire = self.request
            if server.context:
                wire = server.context.wrap_socket(wire, server_side=True)
            with wire.makefile("rb") as reader:
                if (body := _body(reader)) is not None:
                    server.bodies.append(body)
                    wire.sendall(server.answer)
            wire.close()


def _body(reader: BinaryIO) -> bytes | None:
    length = None
    while (line := reader.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return None if length is None else reader.read(length)


@contextlib.contextmanager
def canned(
    answer: bytes, context: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the address and the list of bodies received so far."""
    with _Server(answer, context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        scheme = "https" if context else "http"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}", server.bodies
        server.shutdown()


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole HTTP answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
