"""The other end of an alert: a group robot that keeps what it is told."""

import json
from collections.abc import Callable
from typing import Any

from tests.simulators.server import Request, Response, Simulator


class RobotSimulator(Simulator):
    """Takes WeCom texts and JSON alerts alike; `meanwhile` happens while a call is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def handle(self, request: Request) -> Response:
        self.told.append(json.loads(request.body))
        self.meanwhile()
        return Response.of_json({"errcode": 0, "errmsg": "ok"})

    def code_response(self, request: Request, code: str) -> Response:
        del request
        return Response.of_json({"errcode": int(code), "errmsg": "no"})

    @property
    def lines(self) -> list[list[str]]:
        """The lines of each JSON alert."""
        return [alert["lines"] for alert in self.told]

    def stanza(self, **options: Any) -> dict[str, Any]:
        """The [alerts] of a city that tells this robot."""
        given = {"url": f"{self.url}/send?key=the-robots-key", "format": "json", **options}
        return {"adapter": "channels._alerts.webhook", "options": given}
