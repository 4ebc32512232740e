"""Another system that is told of changes: believes nothing that is not signed, and keeps a ledger.

`code_response` answers any HTTP status; `answers` are taken first, one for each call.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from publisher.signature import Forged, verify
from tests.simulators.server import Request, Response, Simulator


class ReceiverSimulator(Simulator):
    """`now` is its clock; `meanwhile` happens while a call is in its hands."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.secret = ""
        self.now = now
        self.answers: list[Response] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.bodies: list[tuple[str, bytes]] = []
        """The id and the bytes of every genuine call, repeated ones too."""

    @property
    def address(self) -> str:
        return f"{self.url}/hook"

    def handle(self, request: Request) -> Response:
        self.meanwhile()
        if self.answers:
            return self.answers.pop(0)
        try:
            key = verify(self.secret, request.headers, request.body, self.now())
        except Forged as forged:
            return Response(str(forged).encode(), 401, "text/plain")
        self.bodies.append((key, request.body))
        return Response(b"", 204)

    def code_response(self, request: Request, code: str) -> Response:
        del request
        return Response(b"the receiver's own words", int(code), "text/plain")

    def ledger(self) -> list[dict[str, Any]]:
        return self.events

    @property
    def events(self) -> list[dict[str, Any]]:
        """What a receiver knows that lets go of what it has had before."""
        once = dict(reversed(self.bodies))
        calls = [json.loads(once[key]) for key in dict.fromkeys(key for key, _ in self.bodies)]
        return [event for call in calls for event in call["events"]]

    @property
    def steps(self) -> list[tuple[str, str]]:
        return [(event["item"], event["status"]) for event in self.events]
