"""The other side: takes every POST at once and remembers when. A process of its own.

`GET /` gives the times so far, by the monotonic clock of the machine, and forgets them.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

_ROOT = Path(__file__).resolve().parent.parent


class _Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    times: list[float] = []  # noqa: RUF012 - one server a process

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.times.append(time.monotonic())
        self._answer(b"{}")

    def do_GET(self) -> None:
        said = json.dumps(self.times).encode()
        self.times.clear()
        self._answer(said)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: what a log costs is not what is measured."""


class Stub:
    def __init__(self, url: str) -> None:
        self.url = url

    def times(self, wanted: int, patience: float = 60.0) -> list[float]:
        """When the posts arrived, once there are as many as wanted."""
        found: list[float] = []
        until = time.monotonic() + patience
        while len(found) < wanted:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(found)} of {wanted} posts arrived")
            time.sleep(0.05)
            found += requests.get(self.url, timeout=5).json()
        return sorted(found)


@contextmanager
def running() -> Iterator[Stub]:
    command = [sys.executable, "-m", "benchmarks.stub"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Stub(f"http://127.0.0.1:{int(process.stdout.readline())}/")
        finally:
            process.terminate()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Taker)
    print(server.server_port, flush=True)
    server.serve_forever()
