"""Commands of the operator: configuration, subscribers, demo."""

import getpass
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from publisher.bootstrap import Publisher
from publisher.cli.app import (
    AsJson,
    errors,
    print_json,
    publisher,
    read_file,
    say,
    say_error,
)
from publisher.cli.demo import demo
from publisher.cli.help import App
from publisher.cli.trial import find_notes, find_problems
from publisher.subscribing import SubscriberProblem, Subscribing

Who = Annotated[str, typer.Option("--by", metavar="姓名", help="经办人；不写则是本机用户名")]

subscribers_app = App(help="订户：导入手机号和订阅主题，停发。")


@subscribers_app.command("import")
def import_subscribers(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV 文件，两列：手机号,主题")],
    by: Who = "",
    again: Annotated[
        bool, typer.Option("--again", help="文件里停发过的人，都是本人又来订阅的，一并恢复")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """导入订户；有一行不对就整个不导入，逐行说明。停发过的号码仍不发，除非加 --again。"""
    with publisher() as city:
        subscribing = _subscribing(city)
        rows, problems = subscribing.read(read_file(file))
        if problems:
            for problem in problems:
                say_error(f"第 {problem.line} 行：{problem.reason}")
            say_error("没有导入任何订户，请改正后重来")
            raise typer.Exit(1)
        counted = track(rows, "导入", console=errors, transient=True)
        who = by or getpass.getuser()
        done = subscribing.take(counted, by=who, now=city.clock(), again=again)
        counts = city.store.subscribers.count()
    if as_json:
        print_json({**asdict(done), "topics": counts})
        return
    say(done.in_words)
    for topic, people in sorted(counts.items()):
        say(f"　　{topic}　{people} 人")


@subscribers_app.command("stop")
def stop_subscriber(
    number: Annotated[
        str,
        typer.Argument(
            metavar="手机号",
            help="写 - 则运行后再输入，不留在命令历史里；可输入几个，一行一个",
        ),
    ],
    by: Who = "",
) -> None:
    """停发：不再给这个号码发短信；以后导入时加 --again 才恢复。"""
    with publisher() as city:
        subscribing = _subscribing(city)
        given = _asked() if number == "-" else [("", number)]
        who = by or getpass.getuser()
        done = [_stop(subscribing, one, where, who, city.clock()) for where, one in given]
    if not done:
        say_error("没有输入手机号")
    if not done or not all(done):
        raise typer.Exit(1)


def check_config(as_json: AsJson = False) -> None:
    """检查配置：读出全部设置，装好每个渠道，查看文件夹，并在每个渠道试排一条信息。"""
    with publisher(current=False) as city:
        channels = {name: _channel_facts(city, name) for name in city.routes}
        problems, notes = find_problems(city), find_notes(city)
    if as_json:
        print_json(
            {
                "city": city.settings.city.name,
                "channels": channels,
                "problems": problems,
                "notes": notes,
            }
        )
    else:
        for name, facts in channels.items():
            say(f"　　{facts['title']}（{name}）　{facts['adapter']}　{facts['grouping']}")
        for note in notes:
            say(f"注意：{note}", style="yellow")
        for problem in problems:
            say_error(problem)
        if not problems:
            say(f"{city.settings.city.name}的配置可用", style="green")
    if problems:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.add_typer(subscribers_app, name="subscribers")
    app.command("check-config")(check_config)
    app.command("demo")(demo)


def _channel_facts(city: Publisher, name: str) -> dict[str, object]:
    route = city.routes[name]
    return {
        "title": route.title,
        "adapter": city.settings.channels[name].adapter,
        "grouping": route.grouping.kind,
        "at": route.grouping.at.isoformat() if route.grouping.at else None,
        "public": route.public,
        "recall": route.channel.recall,
    }


def _subscribing(city: Publisher) -> Subscribing:
    if city.subscribing is None:
        say_error("配置里没有 [subscribers] 一节，没有订户可管")
        raise typer.Exit(1)
    return city.subscribing


def _asked() -> Iterator[tuple[str, str]]:
    """The numbers that are typed or piped in, and where they stand."""
    if sys.stdin.isatty():
        errors.print("请输入手机号，按回车；几个号码一行一个，空行结束：")
    for place, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield f"第 {place} 行：", line.strip()
        elif sys.stdin.isatty():
            return


def _stop(subscribing: Subscribing, given: str, where: str, by: str, now: datetime) -> bool:
    """Stop one number and say so; a wrong one does not keep the others from being stopped."""
    try:
        shown = subscribing.stop(given, by=by, now=now)
    except SubscriberProblem as problem:
        say_error(f"{where}{problem}")
        return False
    say(f"{shown} 已停发")
    return True
