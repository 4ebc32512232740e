"""Commands of the staff desk: status, refusals, resend, confirm."""

from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, By, errors, print_json, publisher, say_error, screen
from publisher.cli.troubles import show_troubles
from publisher.intake import Problem
from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.report import (
    ACTION_WORDS,
    CLASS_WORDS,
    KIND_WORDS,
    RECEIPT_WORDS,
    STATE_WORDS,
    STATUS_WORDS,
    item_json,
    overdue,
    state_of,
)
from publisher.store.standing import DeliveryRow, ItemRow

_SIGNS = {
    Status.QUEUED: ("…", "blue"),
    Status.HELD: ("‖", "yellow"),
    Status.SENDING: ("→", "blue"),
    Status.ACCEPTED: ("○", "cyan"),
    Status.AWAITING: ("☐", "yellow"),
    Status.DELIVERED: ("✓", "green"),
    Status.UNKNOWN: ("?", "magenta"),
    Status.FAILED: ("✗", "red"),
    Status.LOST: ("!", "red"),
    Status.CANCELLED: ("–", "dim"),
}

Item = Annotated[str, typer.Argument(help="信息条目编号")]
Channel = Annotated[str, typer.Option("--channel", help="渠道")]
Which = Annotated[
    Action | None, typer.Option("--action", help="哪一次：发布、更正、撤回或到期；不写则是最近一次")
]
Most = Annotated[int, typer.Option("--most", min=1, max=10_000, help="最多列出多少条，新的在前")]
_MOST = 200


def status(
    item: Annotated[str | None, typer.Argument(help="信息条目编号；不写则列出最新的")] = None,
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
            _show_item(city, found[0])


def refusals(most: Most = 50, as_json: AsJson = False) -> None:
    """查看最近的退回：何时、谁提交、哪一条、为什么。"""
    with publisher() as city:
        found = city.store.standing.refusals(most + 1)
        zone = city.house.timezone
    if as_json:
        print_json([_refusal_json(one) for one in found[:most]])
    elif not found:
        screen.print("没有退回")
    else:
        for one in found[:most]:
            _show_refusal(one, zone)
    _say_there_is_more(len(found), most, as_json=as_json)


def resend(
    item: Item,
    channel: Channel,
    by: By,
    why: Annotated[str, typer.Option("--why", help="重发的原因")],
    not_out: Annotated[
        bool, typer.Option("--not-out", help="已到渠道上核实，确未发出（结果不明时必须写）")
    ] = False,
    action: Which = None,
) -> None:
    """重发一条没有发出的投递；只动这一条。"""
    with publisher() as city:
        city.staff.resend(
            item, channel, by=by, why=why, not_out=not_out, now=city.clock(), action=action
        )
        city.wake(channel)
        screen.print(
            f"{item} 已重新排入{city.routes[channel].title}，"
            "由 publisher work 发出；用 publisher status 查看结果",
            highlight=False,
        )


def confirm(
    item: Item,
    channel: Channel,
    by: By,
    note: Annotated[str, typer.Option("--note", help="何时、何地播出或张贴")],
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="照片、播出单等证明文件")
    ] = None,
    action: Which = None,
) -> None:
    """确认已经播出、张贴、撤下，或核实确已发出。"""
    with publisher() as city:
        proof = _evidence(evidence, city.rules.max_file_bytes) if evidence else None
        now = city.clock()
        city.staff.confirm(item, channel, by=by, note=note, evidence=proof, now=now, action=action)
        screen.print(f"{item} 在{city.routes[channel].title}已确认送达", highlight=False)


def show_newest(city: Publisher, most: int = _MOST, *, as_json: bool) -> None:
    """The newest items in every channel; says so where there are more."""
    found = city.store.standing.items(most=most + 1)
    if as_json:
        print_json([item_json(one) for one in found[:most]])
    else:
        show_matrix(city, found[:most])
        show_troubles(city)
    _say_there_is_more(len(found), most, as_json=as_json)


def show_matrix(city: Publisher, items: list[ItemRow]) -> None:
    """Items by channels: sign, word, and the reason where a person needs it."""
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 1, 0))
    table.add_column("信息条目", ratio=1)
    table.add_column("总况", no_wrap=True)
    for route in city.routes.values():
        table.add_column(route.title, no_wrap=True)
    for item in items:
        by_channel = {one.channel: one for one in item.deliveries}
        cells = [_cell(by_channel.get(name), city.clock()) for name in city.routes]
        state = STATE_WORDS[state_of(item.deliveries)]
        table.add_row(Text(f"{item.id}\n{item.title}"), state, *cells)
    screen.print(table)


def register(app: typer.Typer) -> None:
    app.command("status")(status)
    app.command("refusals")(refusals)
    app.command("resend")(resend)
    app.command("confirm")(confirm)


def _say_there_is_more(found: int, most: int, *, as_json: bool) -> None:
    if found > most:
        where = errors if as_json else screen
        where.print(f"只列出最新的 {most} 条，还有更早的；加 --most 可多列", highlight=False)


def _refusal_json(row: Any) -> dict[str, object]:
    return {
        "refused_at": row.refused_at.isoformat(),
        "by": row.submitted_by,
        "item": row.item_id,
        "problems": row.problems,
        "sha256": row.sha256,
    }


def _show_refusal(row: Any, zone: tzinfo) -> None:
    at = f"{row.refused_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    screen.print(Text(f"{at}　{row.submitted_by}　{row.item_id or '（没有编号）'}"), soft_wrap=True)
    for one in row.problems:
        screen.print(Text(f"　　{Problem(**one)}"), soft_wrap=True)


def _cell(delivery: DeliveryRow | None, now: datetime) -> Text:
    if delivery is None:
        return Text("不发", style="dim")
    sign, style = _SIGNS[delivery.status]
    late = " 已超时限" if overdue(delivery, now) else ""
    what = "" if delivery.action is Action.PUBLISH else f"{ACTION_WORDS[delivery.action]}："
    return Text(f"{sign} {what}{STATUS_WORDS[delivery.status]}{late}", style=style)


def _show_item(city: Publisher, item: ItemRow) -> None:
    zone = city.house.timezone

    def shown(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else "—"

    screen.print(Text(f"{item.title}", style="bold"))
    state = STATE_WORDS[state_of(item.deliveries)]
    screen.print(
        Text(
            f"编号 {item.id}　索引号 {item.number}　{state}　"
            f"首次发布 {shown(item.first_published_at)}\n{item.url}"
        )
    )
    table = Table(show_lines=True, pad_edge=False)
    for head in ("渠道", "状态", "应发时间", "次数", "凭据", "说明", "更新时间"):
        table.add_column(head, overflow="fold")
    for one in item.deliveries:
        route = city.routes.get(one.channel)
        kind = f"［{CLASS_WORDS[one.reason_class]}］" if one.reason_class else ""
        table.add_row(
            route.title if route else one.channel,
            _cell(one, city.clock()),
            shown(one.due_at),
            str(one.attempts),
            Text(one.url or one.reference),
            Text(f"{kind}{one.reason}"),
            shown(one.updated_at),
        )
    screen.print(table)
    for one in item.deliveries:
        route = city.routes.get(one.channel)
        for line in city.store.standing.history(one.id):
            screen.print(
                Text(
                    f"　{shown(line.at)}　{route.title if route else one.channel}　"
                    f"{KIND_WORDS[line.kind]}　{_outcome(line.outcome)}　{_who(line.by)}　"
                    f"{line.reason}　{line.reference}",
                    style="dim",
                ),
                soft_wrap=True,
            )


def _outcome(word: str) -> str:
    return RECEIPT_WORDS.get(word) or STATUS_WORDS[Status(word)]


def _who(by: str) -> str:
    return "程序" if by == "worker" else by


def _evidence(path: Path, max_bytes: int) -> tuple[str, bytes]:
    try:
        if path.stat().st_size > max_bytes:
            raise NotPossible(f"--evidence 文件超过上限 {max_bytes:,} 字节，请换小一些的")
        return path.name, path.read_bytes()
    except OSError as error:
        raise NotPossible(f"--evidence 读不了 {path}：{error.strerror}") from None
