"""The site and the output folder on loopback, for the demo and for looking at what was made."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self


class StaticServer:
    """`/` is the website, `/output/` everything the channels wrote. Loopback only."""

    def __init__(self, output: Path, port: int = 0) -> None:
        output.mkdir(parents=True, exist_ok=True)
        handler = partial(_Handler, directory=str(output))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".html": "text/html; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".xml": "application/xml; charset=utf-8",
        ".json": "application/json; charset=utf-8",
    }

    def translate_path(self, path: str) -> str:
        """The website lies in `site`; `/output` is the folder above it."""
        if path == "/output" or path.startswith("/output/"):
            return super().translate_path(path.removeprefix("/output") or "/")
        return super().translate_path("/site" + path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - library's name
        """Silent: this is for looking, not for the record."""
