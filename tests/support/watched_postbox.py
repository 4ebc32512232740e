"""A postbox whose letters can be looked at again, and that a person may have to empty."""

import json
from collections.abc import Callable, Sequence

from publisher.channel import Channel, House, Receipt, Recipient, Rendition
from publisher.model import Item, Status, Trace
from tests.simulators.server import Request, Response
from tests.support import postbox


class Options(postbox.Options):
    by_hand: bool = False


class WatchedPostbox(postbox.Postbox):
    options: Options

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        taken = super().send(rendition, key, recipients)
        return Receipt(Status.AWAITING, taken.reference) if self.options.by_hand else taken

    def verify(self, item: Item, trace: Trace) -> str:
        answer = self._call("seen", {"reference": trace.reference})
        return "" if item.revision.title in answer["text"] else "信被人拿走了"


class WatchedSimulator(postbox.PostboxSimulator):
    """Also shows a letter by its reference; a letter taken away shows as nothing.

    `meanwhile` happens while somebody looks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] = lambda: None

    def handle(self, request: Request) -> Response:
        if request.path != "/seen":
            return super().handle(request)
        self.meanwhile()
        reference = json.loads(request.body)["reference"]
        texts = [one["text"] for one in self.letters if one["reference"] == reference]
        return Response.of_json({"text": "".join(texts)})

    @property
    def looks(self) -> int:
        return sum(call.path == "/seen" for call in self.calls)


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return WatchedPostbox(name, options)
