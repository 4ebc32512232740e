"""A WeChat channel wired to a stand-in, and how to read all that an error says."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.wechat import Options, WeChatChannel, build
from publisher.channel import DeliveryError, Rendition
from tests.channels.wechat_items import a_budget, a_covered_item
from tests.factories import a_house
from tests.simulators.server import Fault, Request, Response
from tests.simulators.wechat import Account, WeChatSimulator

KEY = "b20261123-0001"
BEFORE_SUBMIT = [
    "stable_token",
    "batchget_material",
    "add_material",
    "uploadimg",
    "draft/add",
    "draft/get",
]
BREAKDOWNS = [
    Fault.HANG,
    Fault.RESET,
    Fault.DROP,
    Fault.REFUSE,
    Fault.ERROR,
    Fault.LATE_ERROR,
    Fault.NONSENSE,
    Fault.TRUNCATED,
]


@dataclass(frozen=True)
class World:
    simulator: WeChatSimulator
    channel: WeChatChannel

    def rendition(self) -> Rendition:
        return self.channel.render([a_covered_item()])

    def secrets(self) -> tuple[str, ...]:
        """What no error may show: the app's secret and every token ever used."""
        with self.simulator.lock:
            tokens = {call.query.get("access_token", "") for call in self.simulator.calls}
        return (self.simulator.account.app_secret, *(token for token in tokens if token))


@contextmanager
def a_world(account: Account | None = None, /, **options: Any) -> Iterator[World]:
    with WeChatSimulator(account=account) as simulator:
        yield World(simulator, a_channel(simulator.url, **options))


class Answering(WeChatSimulator):
    """Answers one endpoint with bytes of the test's choice."""

    path = ""
    said = Response(b"")

    def handle(self, request: Request) -> Response:
        return self.said if request.path.endswith(self.path) else super().handle(request)


def a_channel(url: str = "http://127.0.0.1:9", **options: Any) -> WeChatChannel:
    """A channel of the usual account; rendering needs nobody at the address."""
    account = Account()
    chosen: dict[str, Any] = {
        "base_url": url,
        "app_id": account.app_id,
        "app_secret": account.app_secret,
        "account": account.name,
        "connect_timeout": 0.5,
        "read_timeout": 0.4,
    }
    return build("wechat", Options(**(chosen | options)), a_house(Path("/nonexistent")))


def sent(world: World) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        world.channel.send(world.channel.render([a_budget()]), KEY)
    return caught.value


def chain(error: BaseException) -> list[BaseException]:
    """The error and every exception it drags along, those hidden by `from None` too."""
    found: list[BaseException] = []
    while error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__ or error
    return found


def everything_said(error: DeliveryError) -> str:
    """All that the error and its chain would show in a log or a crash report."""
    return "\n".join(
        text
        for one in chain(error)
        for text in (repr(one), repr(vars(one)), *traceback.format_exception(one))
    )
