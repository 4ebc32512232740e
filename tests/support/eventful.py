"""A postbox in whose calls things happen, and the orders that happen in them."""

from collections.abc import Callable

from publisher.model import Action, Status
from publisher.store.orders import Placed
from publisher.submit import Outcome
from tests.simulators.server import Request, Response
from tests.support.city import City, an_item_object
from tests.support.postbox import PostboxSimulator


class EventfulPostbox(PostboxSimulator):
    """Something happens while a letter is in its hands: the next of `meanwhile`."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def handle(self, request: Request) -> Response:
        self._let_happen(request)
        return super().handle(request)

    def code_response(self, request: Request, code: str) -> Response:
        self._let_happen(request)
        return super().code_response(request, code)

    def _let_happen(self, request: Request) -> None:
        if request.path == "/letters" and self.meanwhile:
            self.meanwhile.pop(0)()


def withdraw(city: City) -> Placed:
    return city.publisher.amendments.withdraw("A-1", why="不宜公开", by="李办", now=city.clock())


def correct(city: City, title: str = "改正后的标题") -> Outcome:
    data = city.approved(an_item_object(title=title))
    amended = city.publisher.amendments.correct(
        data, why="数字有误", by="李办", minor=False, now=city.clock()
    )
    return amended.answer.outcome


def walks(city: City) -> list[tuple[Action, Status]]:
    (item,) = city.publisher.store.standing.items("A-1")
    return [(one.action, one.status) for one in item.deliveries]


def letters(box: EventfulPostbox) -> list[str]:
    """What each letter was: news, a correction, a withdrawal; in their order."""
    return [
        next((word for word in ("correct", "withdraw") if f" {word} " in one["text"]), "news")
        for one in box.letters
    ]
