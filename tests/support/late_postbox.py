"""A postbox whose answer to one look-up comes late: it was true when it was given."""

from threading import Event
from typing import Any

from tests.simulators.server import Planned, Request, Response
from tests.support.postbox import PostboxSimulator

PATIENCE = 20.0


class LatePostbox(PostboxSimulator):
    """The first look-up is answered in itself at once; its answer leaves when `let_go` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Event()
        self.let_go = Event()

    def _play(
        self, planned: Planned | None, taken: Response | None, request: Request, wire: Any
    ) -> None:
        if request.path == "/lookup" and not self.asked.is_set():
            self.asked.set()
            self.let_go.wait(PATIENCE)
        super()._play(planned, taken, request, wire)
