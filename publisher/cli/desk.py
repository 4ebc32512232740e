"""Commands of the staff desk: status, refusals, resend, confirm."""

from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher.bootstrap import Publisher
from publisher.cli.app import (
    AsJson,
    By,
    errors,
    print_json,
    publisher,
    say,
    say_error,
    screen,
    why_not,
)
from publisher.cli.matrix import show_matrix
from publisher.cli.one_item import show_item
from publisher.cli.troubles import show_troubles
from publisher.cli.usage import WrongUse, whole_number
from publisher.intake import Problem
from publisher.model import Action
from publisher.operations import NotPossible
from publisher.report import ACTION_WORDS, item_json
from publisher.store.paging import Asked
from publisher.store.refusals import Refusal

_CHOICE = "、".join(f"{one}（{word}）" for one, word in ACTION_WORDS.items())


def _action(given: Any) -> Action:
    if str(given) in set(Action):
        return Action(given)
    raise WrongUse(f"--action 后面的「{given}」不对，应为其中一个：{_CHOICE}")


Item = Annotated[str, typer.Argument(metavar="编号", help="信息条目编号")]
Channel = Annotated[str, typer.Option("--channel", metavar="渠道", help="渠道，如 website")]
Which = Annotated[
    Action | None,
    typer.Option("--action", metavar="哪一件", parser=_action, help=f"{_CHOICE}；不写则是最近一件"),
]
Number = Annotated[
    int | None,
    typer.Option("--delivery", metavar="编号", help="同一件有几次的，写明是哪一次的投递编号"),
]
Most = Annotated[
    int,
    typer.Option(
        "--most",
        metavar="条数",
        parser=whole_number("--most", 1, 10_000),
        help="最多列出多少条，新的在前",
    ),
]
_MOST = 200


def status(
    item: Annotated[
        str | None, typer.Argument(metavar="编号", help="信息条目编号；不写则列出最新的")
    ] = None,
    most: Most = _MOST,
    as_json: AsJson = False,
) -> None:
    """查看投递情况：每个条目在每个渠道到了哪一步，没有发出的为什么。"""
    with publisher() as city:
        if item is None:
            show_newest(city, most, as_json=as_json)
            return
        found = city.store.standing.items(item)
        if not found:
            say_error(f"没有编号为「{item}」的信息条目")
            raise typer.Exit(1)
        if as_json:
            print_json(item_json(found[0]))
        else:
            show_item(city, found[0])


def refusals(most: Most = 50, as_json: AsJson = False) -> None:
    """查看最近的退回：何时、谁提交、哪一条、为什么。"""
    with publisher() as city:
        turn = city.store.refusals.page(Asked(most=most))
        zone = city.house.timezone
    if as_json:
        print_json([_refusal_json(one) for one in turn.rows])
    elif not turn.rows:
        say("没有退回")
    else:
        for one in turn.rows:
            _show_refusal(one, zone)
    _say_there_is_more(len(turn.rows) + bool(turn.next), most, as_json=as_json)


def resend(
    item: Item,
    channel: Channel,
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="原因", help="重发的原因")],
    not_out: Annotated[
        bool, typer.Option("--not-out", help="已到渠道上核实，确未发出（结果不明时必须写）")
    ] = False,
    action: Which = None,
    delivery: Number = None,
) -> None:
    """重发一条没有发出的投递；只动这一条。"""
    with publisher() as city:
        goes_out = city.staff.resend(
            item,
            channel,
            by=by,
            why=why,
            not_out=not_out,
            now=city.clock(),
            action=action,
            number=delivery,
        )
        city.wake(channel)
        title = city.routes[channel].title
        if goes_out:
            say(f"{item} 已重新排入{title}，由 publisher work 发出；用 publisher status 查看结果")
        else:
            say(f"{item} 在{title}已记下确未发出；后来有更正、撤回或已到期，不再重发")


def confirm(
    item: Item,
    channel: Channel,
    by: By,
    note: Annotated[str, typer.Option("--note", metavar="情况", help="何时、何地播出或张贴")],
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="文件", help="照片、播出单等证明文件"),
    ] = None,
    action: Which = None,
    delivery: Number = None,
) -> None:
    """确认已经播出、张贴、撤下，或核实确已发出。"""
    with publisher() as city:
        proof = _evidence(evidence, city.rules.max_file_bytes) if evidence else None
        city.staff.confirm(
            item,
            channel,
            by=by,
            note=note,
            evidence=proof,
            now=city.clock(),
            action=action,
            number=delivery,
        )
        say(f"{item} 在{city.routes[channel].title}已确认送达")


def show_newest(city: Publisher, most: int = _MOST, *, as_json: bool) -> None:
    """The newest items in every channel; says so where there are more."""
    found = city.store.standing.items(most=most + 1)
    if as_json:
        print_json([item_json(one) for one in found[:most]])
    else:
        show_matrix(city, found[:most])
        show_troubles(city)
    _say_there_is_more(len(found), most, as_json=as_json)


def register(app: typer.Typer) -> None:
    app.command("status")(status)
    app.command("refusals")(refusals)
    app.command("resend")(resend)
    app.command("confirm")(confirm)


def _say_there_is_more(found: int, most: int, *, as_json: bool) -> None:
    if found > most:
        where = errors if as_json else screen
        where.print(f"只列出最新的 {most} 条，还有更早的；加 --most 可多列", highlight=False)


def _refusal_json(row: Refusal) -> dict[str, object]:
    return {
        "refused_at": row.refused_at.isoformat(),
        "by": row.submitted_by,
        "item": row.item_id,
        "problems": row.problems,
        "sha256": row.sha256,
    }


def _show_refusal(row: Refusal, zone: tzinfo) -> None:
    at = f"{row.refused_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    say(f"{at}　{row.submitted_by}　{row.item_id or '（没有编号）'}")
    for one in row.problems:
        say(f"　　{Problem(**one)}")


def _evidence(path: Path, max_bytes: int) -> tuple[str, bytes]:
    try:
        if path.stat().st_size > max_bytes:
            raise NotPossible(f"文件超过上限 {max_bytes:,} 字节，请换小一些的", "evidence")
        return path.name, path.read_bytes()
    except OSError as error:
        raise NotPossible(f"读不了 {path}：{why_not(error)}", "evidence") from None
