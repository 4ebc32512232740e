"""Commands of the staff desk: status, resend, confirm."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, By, print_json, publisher, say_error, screen
from publisher.model import Status
from publisher.operations import NotPossible
from publisher.report import (
    CLASS_WORDS,
    KIND_WORDS,
    RECEIPT_WORDS,
    STATE_WORDS,
    STATUS_WORDS,
    item_json,
    overall,
    overdue,
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


def status(
    item: Annotated[str | None, typer.Argument(help="信息条目编号；不写则列出全部")] = None,
    as_json: AsJson = False,
) -> None:
    """查看投递情况：每个条目在每个渠道到了哪一步，没有发出的为什么。"""
    with publisher() as city:
        found = city.store.standing.items(item)
        if item is not None and not found:
            say_error(f"没有编号为「{item}」的信息条目")
            raise typer.Exit(1)
        if as_json:
            shown = [item_json(one) for one in found]
            print_json(shown[0] if item is not None else shown)
        elif item is not None:
            _show_item(city, found[0])
        else:
            show_matrix(city, found)


def resend(
    item: Item,
    channel: Channel,
    by: By,
    why: Annotated[str, typer.Option("--why", help="重发的原因")],
    not_out: Annotated[
        bool, typer.Option("--not-out", help="已到渠道上核实，确未发出（结果不明时必须写）")
    ] = False,
) -> None:
    """重发一条没有发出的投递；只动这一条。"""
    with publisher() as city:
        city.staff.resend(item, channel, by=by, why=why, not_out=not_out, now=city.clock())
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
) -> None:
    """确认已经播出、张贴，或核实确已发出。"""
    with publisher() as city:
        proof = _evidence(evidence, city.rules.max_file_bytes) if evidence else None
        city.staff.confirm(item, channel, by=by, note=note, evidence=proof, now=city.clock())
        screen.print(f"{item} 在{city.routes[channel].title}已确认送达", highlight=False)


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
        state = STATE_WORDS[overall(one.status for one in item.deliveries)]
        table.add_row(Text(f"{item.id}\n{item.title}"), state, *cells)
    screen.print(table)


def register(app: typer.Typer) -> None:
    app.command("status")(status)
    app.command("resend")(resend)
    app.command("confirm")(confirm)


def _cell(delivery: DeliveryRow | None, now: datetime) -> Text:
    if delivery is None:
        return Text("不发", style="dim")
    sign, style = _SIGNS[delivery.status]
    late = " 已超时限" if overdue(delivery, now) else ""
    return Text(f"{sign} {STATUS_WORDS[delivery.status]}{late}", style=style)


def _show_item(city: Publisher, item: ItemRow) -> None:
    zone = city.house.timezone

    def shown(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else "—"

    screen.print(Text(f"{item.title}", style="bold"))
    state = STATE_WORDS[overall(one.status for one in item.deliveries)]
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
