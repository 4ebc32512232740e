"""The demo: real items through all five channels, with simulators as the outside world.

The simulators are the ones the tests use and are started as programs of their own; everything
else is the product as a city would run it, on a configuration in config/demo.
"""

import fcntl
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import PROJECT, ConfigError, Settings
from publisher.bootstrap import Publisher, build
from publisher.channel import HasLists
from publisher.cli.app import say, say_error, screen
from publisher.cli.demo_office import open_office
from publisher.cli.matrix import show_matrix
from publisher.cli.work import calling_webhooks, office_server, site_server, until_stopped
from publisher.model import Status
from publisher.planning import EVERYTHING
from publisher.rebuild import rebuild
from publisher.store.subscribing import Wish
from publisher.submit import Outcome
from publisher.subscriber_file import read_subscribers
from publisher.vault import new_key

if TYPE_CHECKING:
    from publisher.web.server import Server

FOLDER = PROJECT / "config" / "demo"
_PORTS = {"site": 8080, "wechat": 8081, "sms": 8082, "console": 8090}
_LONGEST = 120.0
_UNDER_WAY = (Status.QUEUED, Status.SENDING, Status.ACCEPTED)


def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="发布后继续提供网页查看，直到停止")
    ] = True,
) -> None:
    """演示：把样例信息发到五个渠道，对方由本机模拟器扮演。"""
    data = PROJECT / "var" / "demo"
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_only_one(data))
        ports = _ports(data)
        others = {
            name: stack.enter_context(_simulator(name, ports[name], data))
            for name in ("wechat", "sms")
        }
        _write_given(data / "given", others, ports)
        city = build(Settings.load(FOLDER / "publisher.toml"))
        stack.callback(city.close)
        city.store.database.upgrade()
        server = stack.enter_context(site_server(city, ports["site"], show_output=True))
        office = stack.enter_context(office_server(city, ports["console"]))
        logins = open_office(city, data / "given")
        _take_subscribers(city)
        _catch_up(city)
        _submit_all(city)
        runner = city.runner()
        runner.start()
        stack.callback(runner.stop)
        stack.enter_context(calling_webhooks(city))
        with until_stopped() as stopped:
            _wait(city, stopped)
            show_matrix(city, city.store.standing.items())
            _show_places(city, server, others, [("控制台", f"{office.url}/"), *logins])
            if serve:
                say("\n按 Ctrl-C 结束。")
                stopped.wait()
                say("已结束。")


def _catch_up(city: Publisher) -> None:
    """What an older version published gets the pages that it did not make."""
    for name, route in city.routes.items():
        if isinstance(route.channel, HasLists) and city.store.shelves.is_behind(name):
            rebuild(city.courier(), route, lambda _what, _many: None)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Two demos on one folder would answer for each other."""
    with (data / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            site = (data / "given" / "site_url").read_text()
            raise ConfigError(f"演示已经在运行：{site}/") from None
        yield


@dataclass(frozen=True, slots=True)
class _Other:
    """A simulator that runs: its name for people, and its address."""

    title: str
    url: str


_TITLES = {"wechat": "微信公众号「辛集发布」", "sms": "市民的手机"}
_MODULES = {"wechat": "tests.simulators.wechat", "sms": "tests.simulators.yunmas"}


@contextmanager
def _simulator(name: str, port: int, data: Path) -> Iterator[_Other]:
    """Run a simulator beside us; it ends with us, however we end."""
    if not (PROJECT / "tests" / "simulators").is_dir():
        raise ConfigError("演示要用到源码里的 tests/simulators，请在源码目录里运行")
    command = [sys.executable, "-m", _MODULES[name], "--port", str(port)]
    command += ["--remember", str(data / f"{name}-simulator.state")]
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us; we end it ourselves
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            line = process.stdout.readline()
            if not line:
                raise ConfigError(f"模拟器 {name} 没有启动，请看上面的出错信息")
            yield _Other(_TITLES[name], json.loads(line)["url"])
        finally:
            process.terminate()


def _ports(data: Path) -> dict[str, int]:
    """The same ports as last time, as far as they are free: addresses stand in what was sent."""
    file = data / "ports.json"
    wanted = _PORTS | (json.loads(file.read_text()) if file.exists() else {})
    chosen = {name: _free_port(port) for name, port in wanted.items()}
    if file.exists() and chosen != wanted:
        taken = "、".join(str(wanted[name]) for name in wanted if chosen[name] != wanted[name])
        say_error(f"端口 {taken} 被占用，改用别的；上次演示留下的链接这次打不开")
    else:
        file.write_text(json.dumps(chosen))
    return chosen


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            free: int = probe.getsockname()[1]
            return free
    raise ConfigError("本机没有空闲端口")


def _write_given(folder: Path, others: dict[str, _Other], ports: dict[str, int]) -> None:
    """What the demo's configuration takes from files: addresses, and keys made once and kept."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("encryption_key", "index_key", "webhook_key"):
        if not (folder / name).exists():
            (folder / name).write_text(new_key())
    given = {
        "site_url": f"http://127.0.0.1:{ports['site']}",
        "console_url": f"http://127.0.0.1:{ports['console']}",
        "wechat_url": others["wechat"].url,
        "wechat_secret": "0f3b9c7a51d84e62b7c0a9d8e1f24356",
        "sms_url": others["sms"].url,
        "sms_secret": "demo-secret-key",
    }
    for name, value in given.items():
        (folder / name).write_text(value)


def _take_subscribers(city: Publisher) -> None:
    vault, rules = city.vault, city.settings.subscribers
    if vault is None or rules is None:
        raise ConfigError("subscribers：演示需要这一节")
    rows, problems = read_subscribers(
        (FOLDER / "subscribers.csv").read_bytes(), frozenset(rules.topics) | {EVERYTHING}
    )
    if problems:
        raise ConfigError("；".join(problem.reason for problem in problems))
    wishes = [Wish(vault.index(row.phone), row.phone, row.topics) for row in rows]
    done = city.store.subscribers.take(wishes, vault.seal, by="演示", now=city.clock())
    say(f"订户：新增 {done.added} 人，已有 {done.unchanged} 人")


def _submit_all(city: Publisher) -> None:
    words = {Outcome.ACCEPTED: "收下", Outcome.KNOWN: "已收过，不再重复", Outcome.REFUSED: "退回"}
    for file in sorted((FOLDER / "items").glob("*.json")):
        answer = city.door.submit(file.read_bytes(), by="演示", now=city.clock())
        style = "red" if answer.outcome is Outcome.REFUSED else "green"
        say(f"{file.name}　{words[answer.outcome]}", style=style)
        for problem in answer.problems:
            say(f"　　{problem}")


def _wait(city: Publisher, stopped: threading.Event) -> None:
    """Until every delivery has come as far as machines can bring it."""
    until = time.monotonic() + _LONGEST
    with screen.status("发送中……") as status:
        while time.monotonic() < until and not stopped.wait(0.2):
            counts = city.store.standing.counts()
            left = sum(many for (_, one), many in counts.items() if one in _UNDER_WAY)
            if not left:
                return
            status.update(f"发送中……还有 {left} 条")


def _show_places(
    city: Publisher,
    server: "Server",
    others: dict[str, _Other],
    office: list[tuple[str, str]],
) -> None:
    """Where a person can look at what went out, and at what the other side got."""
    output = city.house.output
    places = [
        *office,
        ("网站首页", f"{server.url}/"),
        ("公开目录", f"{server.url}/catalogue/　分类 {server.url}/list/"),
        ("搜索", f"{server.url}/search?q=预算"),
        ("订阅", f"{server.url}/subscribe.html"),
        ("口播稿和字幕单", f"{output / 'broadcast'}　或 {server.url}/output/broadcast/"),
        ("公示栏印刷件", f"{output / 'noticeboard'}　或 {server.url}/output/noticeboard/"),
        *((f"{other.title}收到的", other.url + "/") for other in others.values()),
        ("数据库", city.store.database.name),
    ]
    screen.print()
    for title, place in places:
        say(f"{title}　{place}")
    say(
        "\n待人工办理的，播出或张贴后在控制台确认，或者：\n"
        "　.venv/bin/publisher --config config/demo/publisher.toml "
        "confirm 编号 --channel noticeboard --by 姓名 --note 9时贴于市政务大厅"
    )
