"""The command troubles: what keeps things from going out or from being watched."""

import typer

from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, print_json, publisher, say

_TIMERS = {
    "sweep": "定时检查",
    "tend": "时限和提醒的照看",
    "clock": "时钟的核对",
    "webhooks": "状态推送",
}


def troubles(as_json: AsJson = False) -> None:
    """查看要紧的情况：渠道暂停、超过时限、到点未发、提醒没有送到；有则退出码为 1。"""
    with publisher() as city:
        found = _found(city)
    if as_json:
        print_json(found)
    elif found:
        _show(found)
    else:
        say("没有要紧的情况")
    if found:
        raise typer.Exit(1)


def show_troubles(city: Publisher) -> None:
    """Below a list of items: what a person must know besides; nothing if all is well."""
    _show(_found(city))


def register(app: typer.Typer) -> None:
    app.command("troubles")(troubles)


def _found(city: Publisher) -> list[str]:
    broker = city.broker.problem() if city.broker else ""
    beside_us = [one for one in (broker, city.timekeeping.problem()) if one]
    return [*beside_us, *_causes(city), *city.watch.troubles(), *city.webhooks.troubles()]


def _causes(city: Publisher) -> list[str]:
    """Over what the workers on this machine fail just now."""
    titles = {name: route.title for name, route in city.routes.items()} | _TIMERS
    return [
        f"{titles[one.name]}出错（{one.since.astimezone(city.house.timezone):%m-%d %H:%M} 起）："
        f"{one.reason}"
        for one in city.causes.lasting()
        if one.name in titles
    ]


def _show(found: list[str]) -> None:
    for one in found:
        say(f"！{one}", style="yellow")
