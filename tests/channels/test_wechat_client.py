"""The line to WeChat: tokens without a storm, limits on every call, and nothing told in errors."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.wechat.client import WeChat
from publisher.channel import OutcomeUnknown, TemporaryError
from tests.channels.wechat_items import a_budget
from tests.channels.wechat_world import (
    BEFORE_SUBMIT,
    BREAKDOWNS,
    KEY,
    Answering,
    World,
    a_channel,
    a_world,
    sent,
)
from tests.simulators.server import Fault, Response


def a_client(world: World) -> WeChat:
    account = world.simulator.account
    return WeChat(world.simulator.url, account.app_id, account.app_secret, (10, 10))


# -- tokens ----------------------------------------------------------------------------------


def test_one_token_serves_all_calls() -> None:
    with a_world() as world:
        world.channel.send(world.rendition(), KEY)
        world.channel.send(world.rendition(), "b20261123-0002")
        assert world.simulator.api_calls().count("stable_token") == 1


def test_twenty_threads_starting_cold_fetch_one_token() -> None:
    with a_world() as world, ThreadPoolExecutor(20) as pool:
        client = a_client(world)
        list(pool.map(lambda _: client.materials(0), range(20)))
        calls = world.simulator.api_calls()
        assert (calls.count("stable_token"), len(calls)) == (1, 21)


def test_twenty_threads_with_a_dead_token_fetch_one_new() -> None:
    with a_world() as world, ThreadPoolExecutor(20) as pool:
        client = a_client(world)
        client.materials(0)
        world.simulator.tokens.void()
        list(pool.map(lambda _: client.materials(0), range(20)))
        assert world.simulator.api_calls().count("stable_token") == 2


@pytest.mark.parametrize("code", ["40001", "40014", "42001"])
def test_a_token_refused_once_is_replaced_once(code: str) -> None:
    with a_world() as world:
        rendition = world.rendition()
        world.simulator.plan(Fault.CODE, "draft/add", code=code)
        world.channel.send(rendition, KEY)
        calls = world.simulator.api_calls()
        assert calls.count("draft/add") == 2
        assert calls.count("stable_token") == 3, "the same token came back, so a new one was forced"


@pytest.mark.parametrize("code", ["40001", "40014", "42001"])
def test_a_token_refused_for_ever_costs_two_calls(code: str) -> None:
    with a_world() as world:
        world.simulator.plan(Fault.CODE, "draft/add", code=code, times=-1)
        error = sent(world)
        assert isinstance(error, TemporaryError)
        assert "AppSecret" in error.reason or "代理" in error.reason
        assert world.simulator.api_calls().count("draft/add") == 2


def test_a_new_token_is_not_forced_again_before_a_call_has_succeeded() -> None:
    """Else a permanent refusal would use up the day's twenty forced tokens by itself."""
    with a_world() as world:
        client = a_client(world)
        client.materials(0)
        world.simulator.plan(Fault.CODE, "batchget_material", code="40001", times=-1)
        for _ in range(5):
            with pytest.raises(Exception, match="40001"):
                client.materials(0)
        forced = [b'"force_refresh": true' in call.body for call in world.simulator.calls]
        assert forced.count(True) == 1


def test_forcing_too_soon_is_an_error_like_any_other() -> None:
    with a_world() as world:
        client = a_client(world)
        for wait in (0, 60):
            world.simulator.advance(wait)
            world.simulator.plan(Fault.CODE, "batchget_material", code="40001")
            client.materials(0)
        world.simulator.plan(Fault.CODE, "batchget_material", code="40001")
        with pytest.raises(Exception, match="45011"):
            client.materials(0)


def test_an_expired_token_is_replaced_without_force() -> None:
    with a_world() as world:
        client = a_client(world)
        client.materials(0)
        world.simulator.advance(7_300)
        client.materials(0)
        assert world.simulator.api_calls().count("stable_token") == 2


def test_a_token_that_runs_out_at_the_submit_does_not_publish_twice() -> None:
    with a_world() as world:
        world.simulator.plan(Fault.CODE, "submit", code="42001")
        world.channel.send(world.rendition(), KEY)
        assert world.simulator.api_calls().count("freepublish/submit") == 2
        assert len(world.simulator.press.all) == 1


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.LATE_ERROR])
def test_no_new_token_at_the_submit_is_a_certain_failure(fault: Fault) -> None:
    with a_world() as world:
        world.simulator.plan(Fault.CODE, "submit", code="42001")
        world.simulator.plan(fault, "stable_token", skip=1, times=-1)
        assert isinstance(sent(world), TemporaryError)
        assert not world.simulator.press.all


@pytest.mark.parametrize("path", ["uploadimg", "add_material"])
def test_pictures_are_sent_whole_the_second_time(path: str) -> None:
    with a_world() as world:
        rendition = world.channel.render([a_budget()])
        world.simulator.plan(Fault.CODE, path, code="42001")
        world.channel.send(rendition, KEY)
        (cover,) = world.simulator.library.materials.values()
        (picture,) = world.simulator.library.pictures.values()
        assert cover.data == rendition.file("cover-1.png").data
        assert picture.data == rendition.file("image-1-1.jpg").data


# -- breakdowns ------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", BREAKDOWNS)
@pytest.mark.parametrize("path", BEFORE_SUBMIT)
def test_before_the_submit_every_breakdown_is_temporary(path: str, fault: Fault) -> None:
    with a_world() as world:
        world.simulator.plan(fault, path, times=-1)
        error = sent(world)
        assert type(error) is TemporaryError
        assert not world.simulator.press.all
        assert world.simulator.api_calls().count("freepublish/submit") == 0


@pytest.mark.parametrize("fault", BREAKDOWNS)
def test_at_the_submit_every_breakdown_is_unknown_and_asked_once(fault: Fault) -> None:
    with a_world() as world:
        world.simulator.plan(fault, "submit", times=-1)
        error = sent(world)
        assert type(error) is OutcomeUnknown
        assert "发表记录" in error.reason
        assert world.simulator.api_calls().count("freepublish/submit") == 1


def test_nobody_there_is_temporary() -> None:
    channel = a_channel("http://127.0.0.1:9")
    with a_world() as world:
        rendition = world.rendition()
    with pytest.raises(TemporaryError, match="连接不上"):
        channel.send(rendition, KEY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"ok"',
        b"{}",
        b'{"errcode": 0, "errmsg": "ok"}',
        b'{"errcode": "zero"}',
        b'{"errcode": null}',
        b'{"publish_id": "", "media_id": "", "access_token": ""}',
        b"\xff\xfe{}",
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("path", ["stable_token", "draft/add", "draft/get", "submit"])
def test_answers_of_another_shape(path: str, body: bytes) -> None:
    simulator = Answering()
    simulator.path, simulator.said = path, Response(body, content_type="text/plain")
    with simulator:
        channel = a_channel(simulator.url)
        error = sent(World(simulator, channel))
    assert type(error) is (OutcomeUnknown if path == "submit" else TemporaryError)


def test_a_number_is_as_good_as_text() -> None:
    simulator = Answering()
    simulator.path = "submit"
    simulator.said = Response(b'{"errcode":0,"errmsg":"ok","publish_id":2247503051,"extra":[]}')
    with simulator:
        world = World(simulator, a_channel(simulator.url))
        assert world.channel.send(world.rendition(), KEY).reference == "2247503051"
