"""A folder as a web server shows it, on loopback."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self


class WebFolder:
    """Start with `with WebFolder(folder) as web:`; `web.url` has no trailing slash."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.asked: list[str] = []
        """The paths that were asked for, in order."""
        handler = partial(_Handler, directory=str(folder))
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.asked = self.asked
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._open = False

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        """From now on nobody answers; asked twice it does nothing more."""
        if self._open:
            self._open = False
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    asked: list[str]


class _Handler(SimpleHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base
        """Silent."""
