"""Commands that stay: work (send what is due), beat (the timer of many workers), serve."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Annotated

import typer

from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, errors, publisher, say_error, screen
from publisher.cli.desk import show_newest
from publisher.cli.usage import WrongUse, whole_number
from publisher.runners import Service
from publisher.runners.local import LocalRunner
from publisher.runners.timer import Timer, running
from publisher.web.static import StaticServer

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
            _run(city, city.runner(chosen))


def beat() -> None:
    """多台机器时的定时器：叫醒有事可做的渠道，照看时限和提醒。运行两个也无妨。"""
    with publisher() as city:
        _run(city, city.beat())


def serve(
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="端口",
            parser=whole_number("--port", 0, 65535),
            help="0 为任选空闲端口",
        ),
    ] = 8080,
) -> None:
    """在本机查看网站和输出文件夹（仅限 127.0.0.1）。"""
    with publisher(current=False) as city, _server(city, port) as server:
        screen.print(f"网站 {server.url}/　输出文件夹 {server.url}/output/", highlight=False)
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


def _run(city: Publisher, service: Service) -> None:
    """Run it until we are told to stop, or it ends by itself, which it should not."""
    with (
        until_stopped() as stopped,
        running(Timer("clock", city.timekeeping.look, _CLOCK, city.causes)),
    ):
        service.start()
        screen.print("正在运行，按 Ctrl-C 结束", highlight=False)
        while service.alive and not stopped.wait(_LOOK):
            pass
    screen.print("正在结束：等待发出中的投递……", highlight=False)
    if not service.stop(_PATIENCE):
        screen.print("有渠道仍未返回；其投递在下次启动时核实", style="yellow")
        raise typer.Exit(1)
    if not stopped.is_set():
        say_error("程序自己停了，原因见上面的日志")
        raise typer.Exit(1)


def _server(city: Publisher, port: int) -> StaticServer:
    try:
        return StaticServer(city.house.output, port)
    except OSError as error:
        say_error(f"端口 {port} 用不了：{error.strerror}；请用 --port 换一个，0 为任选空闲端口")
        raise typer.Exit(1) from None


def _chosen(city: Publisher, channels: str) -> list[str]:
    chosen = [name.strip() for name in channels.split(",") if name.strip()]
    for name in chosen:
        if name not in city.routes:
            raise WrongUse(f"--channels：没有名为「{name}」的渠道，现有：{'、'.join(city.routes)}")
    return chosen


def _work_once(city: Publisher, runner: LocalRunner, *, as_json: bool) -> None:
    """Send what is due; told to stop, it waits for the calls under way and begins no other."""
    with until_stopped(runner.begin_no_more) as stopped, screen.status("发送中……"):
        went_well = runner.run_once()
    show_newest(city, as_json=as_json)
    if stopped.is_set():
        errors.print("按要求提前结束，没有发的下次再发", style="yellow")
    if not went_well:
        say_error("有渠道出错，没有做完；原因见上面的日志，其余渠道不受影响")
        raise typer.Exit(1)
