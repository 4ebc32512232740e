"""A postbox that can test before it sends, and tells how much it still takes."""

from publisher.channel import Channel, House, PermanentError, Quota, Receipt, Rendition
from publisher.model import Status
from tests.simulators.server import Request, Response
from tests.support import postbox
from tests.support.postbox import Options, Postbox

__all__ = ["ADAPTER", "AblePostboxSimulator", "Options", "build"]

ADAPTER = __name__


class AblePostbox(Postbox):
    trial_to = "139****0001"

    def trial(self, rendition: Rendition, key: str) -> Receipt:
        text = rendition.files[0].data.decode()
        if "不能测试" in text:
            raise PermanentError("这一条不能测试")
        answer = self._call("trials", {"key": key, "text": text})
        return Receipt(Status.DELIVERED, answer["reference"], reason="请看测试手机")

    def quota(self) -> tuple[Quota, ...]:
        answer = self._call("quota", {})
        return (Quota(title="信件", used=answer["used"], limit=100, left=97, resets="每天"),)


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return AblePostbox(name, options)


class AblePostboxSimulator(postbox.PostboxSimulator):
    """Keeps tests apart from letters."""

    def __init__(self) -> None:
        super().__init__()
        self.trials: list[str] = []

    def handle(self, request: Request) -> Response:
        match request.path:
            case "/trials":
                self.trials.append(request.body.decode())
                return Response.of_json({"reference": f"T{len(self.trials)}"})
            case "/quota":
                return Response.of_json({"used": 3})
            case _:
                return super().handle(request)
