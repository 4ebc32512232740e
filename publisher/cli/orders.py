"""Commands about what has been published: correct, withdraw, exposure; and pausing a channel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, By, print_json, publisher, read_file, say, say_error
from publisher.model import Action
from publisher.orders import Exposure, Seen
from publisher.report import (
    ACTION_WORDS,
    SEEN_WORDS,
    STATUS_WORDS,
    exposure_json,
    left_notes,
    placed_json,
)
from publisher.store.orders import Placed
from publisher.submit import Outcome

Item = Annotated[str, typer.Argument(metavar="编号", help="信息条目编号")]
Channel = Annotated[str, typer.Argument(metavar="渠道", help="渠道，如 website")]
Why = Annotated[str, typer.Option("--why", metavar="原因", help="一句话；市民会看到")]


def correct(
    file: Annotated[
        Path,
        typer.Argument(metavar="文件", help="更正后的信息条目文件（JSON），编号不变，重新审批"),
    ],
    why: Why,
    by: By,
    minor: Annotated[
        bool, typer.Option("--minor", help="小更正（如错别字）：只改网页和订阅源，不另行通知")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """更正已提交的信息：网页原地改正，收到过原文的人收到更正，还没发出的改发新版本。"""
    with publisher() as city:
        data = read_file(file)
        amended = city.amendments.correct(data, why=why, by=by, minor=minor, now=city.clock())
        answer, placed = amended.answer, amended.placed
        city.wake()
        if as_json:
            print_json(
                {
                    "item": answer.item_id,
                    "outcome": answer.outcome,
                    "problems": [
                        {"field": one.field, "sentence": one.sentence} for one in answer.problems
                    ],
                    "notes": list(answer.notes),
                    **(placed_json(placed, city.store.pauses.lasting()) if placed else {}),
                }
            )
        elif placed:
            _show_placed(city, answer.item_id or "", Action.CORRECT, placed)
            _show_notes(answer.notes)
        else:
            say_error(f"{answer.item_id or file}　退回")
            for problem in answer.problems:
                say_error(f"　　{problem}")
    if answer.outcome is Outcome.REFUSED:
        raise typer.Exit(1)


def withdraw(item: Item, why: Why, by: By, as_json: AsJson = False) -> None:
    """撤回一个信息条目：能撤的渠道都撤，收不回的发撤回说明；优先于其他待发的信息。"""
    with publisher() as city:
        placed = city.amendments.withdraw(item, why=why, by=by, now=city.clock())
        city.wake()
        if as_json:
            told = placed_json(placed, city.store.pauses.lasting())
            print_json({"item": item, "notes": left_notes(placed), **told})
        else:
            _show_placed(city, item, Action.WITHDRAW, placed)
            _show_notes(left_notes(placed))


def exposure(item: Item, as_json: AsJson = False) -> None:
    """查看一个信息条目的文字现在还能在哪里看到、听到。"""
    with publisher() as city:
        found = city.amendments.exposure(item)
        if as_json:
            print_json(exposure_json(item, found))
        elif not found:
            say("任何渠道都看不到、听不到", style="green")
        else:
            for name, one in found.items():
                _show_exposure(city, name, one)


def pause(
    channel: Channel,
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="原因", help="暂停的原因")],
) -> None:
    """暂停一个渠道：不再发出任何信息，直到恢复；已经发出的照常跟踪。"""
    with publisher() as city:
        city.staff.pause(channel, by=by, why=why, now=city.clock())
        title = city.routes[channel].title
        say(f"{title}已暂停；恢复用 publisher resume {channel}")


def resume(channel: Channel, by: By) -> None:
    """恢复一个暂停的渠道，待发的接着发。"""
    with publisher() as city:
        city.staff.resume(channel, by=by, now=city.clock())
        city.wake(channel)
        say(f"{city.routes[channel].title}已恢复")


def register(app: typer.Typer) -> None:
    for command in (correct, withdraw, exposure, pause, resume):
        app.command(command.__name__)(command)


def _paused(city: Publisher, placed: Placed) -> list[str]:
    """The channels that have something to do and that do nothing until a person says go."""
    lasting = city.store.pauses.lasting()
    return [name for name in placed.ordered if name in lasting]


def _show_placed(city: Publisher, item: str, action: Action, placed: Placed) -> None:
    word = ACTION_WORDS[action]
    say(f"{item}　已下达{word}", style="green")
    if placed.ordered:
        say(f"　　待办理：{_titles(city, placed.ordered)}")
    if placed.stopped:
        say(f"　　原来待发的已停发：{_titles(city, placed.stopped)}")
    for name in _paused(city, placed):
        sentence = (
            f"　　{city.routes[name].title}已暂停，{word}在那里发不出去，"
            f"直到有人运行 publisher resume {name}"
        )
        say(sentence, style="yellow")
    for name in placed.beyond:
        sentence = f"　　渠道 {name} 发过这一条，但已不在配置里，请人工处理"
        say(sentence, style="yellow")
    if action is Action.WITHDRAW and not (placed.ordered or placed.stopped or placed.beyond):
        say("　　没有在任何渠道发出过，没有要办理的；以后也不能再重发")
        return
    say("　　由 publisher work 办理；用 publisher exposure 查看还有哪里看得到")


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(f"　　提示：{note}", style="yellow")


def _titles(city: Publisher, names: Sequence[str]) -> str:
    return "、".join(city.routes[name].title if name in city.routes else name for name in names)


def _show_exposure(city: Publisher, name: str, one: Exposure) -> None:
    route = city.routes.get(name)
    since = f"{one.since.astimezone(city.house.timezone):%Y-%m-%d %H:%M}"
    parts = [route.title if route else name, SEEN_WORDS[one.seen], since]
    if one.recall:
        parts.append(f"撤回：{STATUS_WORDS[one.recall]}")
    if one.people:
        parts.append(f"{one.people} 人")
    parts.append(one.where)
    if route and one.seen is not Seen.SEEN:
        parts.append(route.channel.remains)
    say("　".join(part for part in parts if part))
