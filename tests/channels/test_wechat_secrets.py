"""No secret and no token in an error, its chain, a log line, a repr, or at another address."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest

from publisher.channel import PermanentError, TemporaryError
from tests.channels.wechat_world import (
    BEFORE_SUBMIT,
    BREAKDOWNS,
    KEY,
    Answering,
    World,
    a_channel,
    a_world,
    chain,
    everything_said,
    sent,
)
from tests.simulators.server import Fault, Response
from tests.simulators.wechat import Account, WeChatSimulator

OURS = {"channels", "publisher"}
"""An exception of the network library in the chain would hold the address, and so the token."""


@pytest.mark.parametrize("fault", [*BREAKDOWNS, Fault.CODE])
@pytest.mark.parametrize("path", [*BEFORE_SUBMIT, "submit"])
def test_no_error_tells_a_secret(path: str, fault: Fault) -> None:
    with a_world() as world:
        code = {"code": "40001"} if fault is Fault.CODE else {}
        world.simulator.plan(fault, path, times=-1, **code)
        error = sent(world)
        said = everything_said(error)
        assert {type(one).__module__.split(".")[0] for one in chain(error)} <= OURS
        secrets = world.secrets()
        assert len(secrets) > 1 or path == "stable_token"
        assert not [secret for secret in secrets if secret in said]
        assert "access_token=" not in said
        assert world.simulator.url not in said


def test_unreachable_tells_no_secret() -> None:
    simulator = WeChatSimulator()
    with simulator:
        world = World(simulator, a_channel(simulator.url))
        world.channel.send(world.rendition(), KEY)
    error = sent(world)
    said = everything_said(error)
    assert {type(one).__module__.split(".")[0] for one in chain(error)} <= OURS
    assert not [secret for secret in world.secrets() if secret in said]


def test_a_secret_that_wechat_echoes_is_blotted_out() -> None:
    secret = Account().app_secret
    simulator = Answering()
    simulator.path = "stable_token"
    simulator.said = Response(f'{{"errcode":40125,"errmsg":"bad {secret}"}}'.encode())
    with simulator:
        error = sent(World(simulator, a_channel(simulator.url)))
    assert isinstance(error, PermanentError)
    assert error.raw == "stable_token: 40125 bad ***"
    assert secret not in everything_said(error)


def test_no_log_line_holds_a_token() -> None:
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with a_world() as world:
            world.channel.send(world.rendition(), KEY)
            secrets = world.secrets()
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    assert "Starting new HTTP connection" in heard.getvalue(), "the library does log"
    assert len(secrets) > 1
    assert not [secret for secret in secrets if secret in heard.getvalue()]


def test_nothing_of_the_channel_shows_the_secret() -> None:
    with a_world() as world:
        rendition = world.rendition()
        shown = [repr(world.channel), repr(world.channel._options), repr(rendition)]
        shown += [file.data.decode("utf-8", "replace") for file in rendition.files]
        shown.append(repr(world.channel.send(rendition, KEY)))
        assert not [secret for secret in world.secrets() for text in shown if secret in text]


@pytest.mark.parametrize("status", [302, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """The secret would go wherever the answer points."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", f"{simulator.url}/cgi-bin/stable_token")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    with WeChatSimulator() as simulator, HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        channel = a_channel(f"http://127.0.0.1:{server.server_address[1]}")
        assert type(sent(World(simulator, channel))) is TemporaryError
        assert simulator.api_calls() == []
