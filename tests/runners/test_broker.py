"""The broker that is not there, does not answer or does not let us in; and what goes on without."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import ConfigError, Engine, Settings, describe
from publisher.bootstrap import build
from publisher.runners.celery import Beat, Broker
from tests.simulators.server import Fault
from tests.support.brokers import TestBroker, free_port
from tests.support.city import City, postbox, settings_for
from tests.support.desk import Desk
from tests.support.office import wait_for
from tests.support.postbox import PostboxSimulator

KINDS = ("redis", "amqp")
CELERY = """
[engine]
runner = "celery"
broker = { env = "BROKER" }
"""


def broker_at(url: str) -> Broker:
    return Broker(SecretStr(url))


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_broker_that_answers_is_no_problem(broker: TestBroker) -> None:
    assert broker_at(broker.url).problem() == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_broker_that_is_away_is_one_sentence_without_its_password(kind: str) -> None:
    port = free_port()
    found = broker_at(f"{kind}://who:hush@127.0.0.1:{port}//").problem()
    assert found == f"消息服务器 {kind}://127.0.0.1:{port} 连不上：没有在运行，或端口不对"


@pytest.mark.parametrize("kind", KINDS)
def test_a_broker_that_never_answers_costs_a_submit_a_second(kind: str, silent: int) -> None:
    broker = broker_at(f"{kind}://127.0.0.1:{silent}//")
    began = time.monotonic()
    broker.wake(["post"])
    assert time.monotonic() - began < 1.5
    assert "没有回音" in broker.problem()


def test_a_wrong_password_is_said_and_not_shown(rabbitmq: TestBroker, redis: TestBroker) -> None:
    for url in (
        f"amqp://guest:wrong@127.0.0.1:{rabbitmq.port}//",
        f"redis://somebody:wrong@127.0.0.1:{redis.port}//",
    ):
        found = broker_at(url).problem()
        assert "请检查 engine.broker 里的用户名、密码" in found
        assert "wrong" not in found


def test_a_wake_up_that_waits_serves_for_all(broker: TestBroker) -> None:
    waker = broker_at(broker.url)
    for _ in range(3):
        waker.wake(["post", "echo"])
    assert broker.waiting("publisher.post") == broker.waiting("publisher.echo") == 1


def test_where_the_broker_is_away_the_beat_tends_all_the_same() -> None:
    tended: list[str] = []
    beat = Beat(
        broker_at(f"redis://127.0.0.1:{free_port()}//"),
        lambda: ["post"],
        lambda: tended.append("once more"),
        every=timedelta(milliseconds=10),
    )
    beat.start()
    try:
        assert wait_for(lambda: len(tended) > 2)
    finally:
        assert beat.stop(15)
    assert not beat.alive


def test_a_tending_that_fails_ends_neither_itself_nor_the_sweep(redis: TestBroker) -> None:
    calls: list[str] = []

    def tend() -> None:
        calls.append("tend")
        raise ValueError("a secret")

    def due() -> list[str]:
        calls.append("sweep")
        raise OSError("no database")

    beat = Beat(broker_at(redis.url), due, tend, every=timedelta(milliseconds=10))
    beat.start()
    try:
        assert wait_for(lambda: calls.count("tend") > 1 and calls.count("sweep") > 1)
    finally:
        assert beat.stop(15)


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ({"runner": "celery"}, "要写上消息服务器的地址 broker"),
        ({"runner": "celery", "broker": "sqs://key:hush@host"}, "engine.broker：地址应以"),
    ],
)
def test_celery_without_a_broker_is_refused(engine: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"engine": engine} | _others(Path()))
    assert said in describe(refused.value)
    assert "hush" not in describe(refused.value)


def _others(folder: Path) -> dict[str, object]:
    storage = {name: folder / name for name in ("data", "inbox", "output", "fonts")}
    return {
        "city": {"name": "辛集市", "area_code": "130181"},
        "site": {"name": "辛集市人民政府", "base_url": "https://www.xinji.example"},
        "storage": storage,
        "intake": {"fields": ["综合"]},
        "channels": {},
    }


def test_a_local_city_needs_no_beat_and_no_broker(tmp_path: Path) -> None:
    city = build(settings_for(tmp_path, {}))
    try:
        assert city.broker is None
        city.wake()
        with pytest.raises(ConfigError, match="不用 beat"):
            city.beat()
    finally:
        city.close()


def test_the_beat_wakes_only_the_channels_that_have_work(
    tmp_path: Path, broker: TestBroker
) -> None:
    engine = Engine(runner="celery", broker=SecretStr(broker.url))
    with PostboxSimulator() as box:
        channels = {name: postbox(box.url) for name in ("post", "echo")}
        city = City(settings_for(tmp_path, channels, engine=engine))
        try:
            box.plan(Fault.REFUSE)
            city.submit()
            city.flush("echo", "post")
            assert city.publisher._with_work() == []
            city.clock.advance(minutes=10)
            beat = city.publisher.beat()
            beat.start()
            assert wait_for(lambda: broker.waiting("publisher.echo"))
            assert beat.stop(15)
            assert broker.waiting("publisher.post") == 0
        finally:
            city.close()


def test_check_config_tries_the_broker_and_warns_of_several_machines(
    desk: Desk, redis: TestBroker
) -> None:
    file = desk.folder / "publisher.toml"
    (desk.folder / "inbox").mkdir(exist_ok=True)
    file.write_text(file.read_text("utf-8") + CELERY, "utf-8")
    desk.environment["BROKER"] = redis.url
    done = desk.run("check-config")
    assert done.returncode == 0, done.stderr
    assert "都要在这一台机器上" in done.stdout
    desk.environment["BROKER"] = f"redis://:hush@127.0.0.1:{free_port()}//"
    done = desk.run("check-config")
    assert done.returncode == 1
    assert "engine.broker：消息服务器 redis://127.0.0.1" in done.stderr
    assert "hush" not in done.stdout + done.stderr
