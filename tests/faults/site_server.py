"""The web server in front of the city's pages, as one that can break like any other service."""

from pathlib import Path

from tests.simulators.server import Request, Response, Simulator


class SiteServer(Simulator):
    """Shows the files of a folder that need not be there yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def handle(self, request: Request) -> Response:
        path = self._folder / request.path.removeprefix("/")
        if not path.is_file():
            return self.code_response(request, "404")
        return Response(path.read_bytes(), content_type="text/html; charset=utf-8")

    def code_response(self, request: Request, code: str) -> Response:
        del request
        return Response(b"not here", int(code), "text/plain")
