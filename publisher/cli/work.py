"""Commands that stay: work (send what is due), beat (the timer of many workers), serve."""

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.bootstrap import Publisher
from publisher.channel import HasSearch
from publisher.cli.app import AsJson, errors, publisher, say, say_error, screen
from publisher.cli.desk import show_newest
from publisher.cli.usage import WrongUse, whole_number
from publisher.runners import Service
from publisher.runners.local import LocalRunner
from publisher.runners.timer import Timer, running

if TYPE_CHECKING:
    from publisher.web.server import Server

Port = Annotated[
    int,
    typer.Option(
        "--port",
        metavar="端口",
        parser=whole_number("--port", 0, 65535),
        help="0 为任选空闲端口",
    ),
]
Host = Annotated[str, typer.Option("--host", metavar="地址", help="在本机的哪个地址上提供")]
_PATIENCE = 90.0
_LOOK = 1.0
_CLOCK = timedelta(minutes=5)


def work(
    once: Annotated[bool, typer.Option("--once", help="把到期的发完就结束")] = False,
    channels: Annotated[
        str, typer.Option("--channels", metavar="渠道", help="只做这些渠道，用逗号隔开")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """发出到期的投递；不加 --once 则一直运行，收到 SIGTERM 或 Ctrl-C 后干净地结束。"""
    with publisher() as city:
        chosen = _chosen(city, channels)
        if once:
            _work_once(city, city.local_runner(chosen), as_json=as_json)
        else:
            _run(city, city.runner(chosen), keeps_time=city.broker is None)


def beat() -> None:
    """多台机器时的定时器：叫醒有事可做的渠道，照看时限和提醒。运行两个也无妨。"""
    with publisher() as city:
        _run(city, city.beat(), keeps_time=True)


def serve(port: Port = 8080, host: Host = "127.0.0.1") -> None:
    """提供网站的页面和搜索；正式运行时放在 nginx 后面，由它提供页面。"""
    with publisher(current=False) as city, site_server(city, port, host) as server:
        say(f"网站 {server.url}/　按 Ctrl-C 结束")
        with until_stopped() as stopped:
            stopped.wait()


def console(port: Port = 8090, host: Host = "127.0.0.1") -> None:
    """提供工作人员的控制台和办公系统的接口；正式运行时放在 nginx 后面。"""
    with publisher() as city, office_server(city, port, host) as server:
        say(f"控制台 {server.url}/　按 Ctrl-C 结束")
        with until_stopped() as stopped:
            stopped.wait()


@contextmanager
def until_stopped(then: Callable[[], None] = lambda: None) -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, instead of tearing the program down.

    `then` is called with it, for whoever cannot wait for an event.
    """
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()
        then()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def register(app: typer.Typer) -> None:
    app.command("work")(work)
    app.command("beat")(beat)
    app.command("serve")(serve)
    app.command("console")(console)


def _run(city: Publisher, service: Service, *, keeps_time: bool) -> None:
    """Run it until we are told to stop, or it ends by itself, which it should not.

    `keeps_time`: what time does by itself is done here, and so webhooks are called from here.
    """
    with (
        until_stopped() as stopped,
        running(Timer("clock", city.timekeeping.look, _CLOCK, city.causes)),
        calling_webhooks(city) if keeps_time else nullcontext(),
    ):
        service.start()
        say("正在运行，按 Ctrl-C 结束")
        while service.alive and not stopped.wait(_LOOK):
            pass
    say("正在结束：等待发出中的投递……")
    if not service.stop(_PATIENCE):
        say("有渠道仍未返回；其投递在下次启动时核实", style="yellow")
        raise typer.Exit(1)
    if not stopped.is_set():
        say_error("程序自己停了，原因见上面的日志")
        raise typer.Exit(1)


def calling_webhooks(city: Publisher) -> AbstractContextManager[None]:
    return running(_webhooks_timer(city), end=city.webhooks.begin_no_more)


def _webhooks_timer(city: Publisher) -> Timer:
    return Timer("webhooks", city.webhooks.round, city.settings.engine.sweep, city.causes)


def site_server(
    city: Publisher, port: int, host: str = "127.0.0.1", *, show_output: bool = False
) -> "Server":
    """The website with its search, ready to be entered; ends the command if the port is not had."""
    # It takes a tenth of a second to read, and only here.
    from publisher.web.server import Server  # noqa: PLC0415
    from publisher.web.site import site_app  # noqa: PLC0415

    channels = (route.channel for route in city.routes.values())
    searcher = next((channel for channel in channels if isinstance(channel, HasSearch)), None)
    app = site_app(city.house.output, searcher, show_output=show_output)
    return _listening(lambda: Server(app, port, host), port, host)


@contextmanager
def office_server(city: Publisher, port: int, host: str = "127.0.0.1") -> Iterator["Server"]:
    """The console and the API, until we leave; ends the command if the port is not had."""
    # It takes a third of a second to read, and only here.
    from publisher.web.office.app import office_app  # noqa: PLC0415
    from publisher.web.server import Server  # noqa: PLC0415

    app, close = office_app(city)
    try:
        with _listening(lambda: Server(app, port, host), port, host) as server:
            yield server
    finally:
        close()


def _listening(begin: Callable[[], "Server"], port: int, host: str) -> "Server":
    try:
        return begin()
    except OSError as error:
        say_error(_why_no_port(error, port, host))
        raise typer.Exit(1) from None


def _why_no_port(error: OSError, port: int, host: str) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"地址 {host} 不是本机的；请用 --host 换一个"
    why = {errno.EADDRINUSE: "已被别的程序占用", errno.EACCES: "没有权限"}.get(error.errno or 0)
    return f"端口 {port} 用不了：{why or error.strerror}；请用 --port 换一个，0 为任选空闲端口"


def _chosen(city: Publisher, channels: str) -> list[str]:
    chosen = [name.strip() for name in channels.split(",") if name.strip()]
    for name in chosen:
        if name not in city.routes:
            raise WrongUse(f"--channels：没有名为「{name}」的渠道，现有：{'、'.join(city.routes)}")
    return chosen


def _work_once(city: Publisher, runner: LocalRunner, *, as_json: bool) -> None:
    """Send what is due; told to stop, it waits for the calls under way and begins no other."""

    def end() -> None:
        runner.begin_no_more()
        city.webhooks.begin_no_more()

    webhooks = _webhooks_timer(city)
    with until_stopped(end) as stopped, screen.status("发送中……"):
        went_well = all([runner.run_once(), webhooks.turn()])
    show_newest(city, as_json=as_json)
    if stopped.is_set():
        errors.print("按要求提前结束，没有发的下次再发", style="yellow")
    if not went_well:
        say_error("有渠道出错，没有做完；原因见上面的日志，其余渠道不受影响")
        raise typer.Exit(1)
