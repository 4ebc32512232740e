"""One item with all that is known of it: deliveries, where to see them, orders, history."""

from collections.abc import Callable
from datetime import datetime

from rich.box import SIMPLE
from rich.table import Table

from publisher.bootstrap import Publisher
from publisher.cli.app import say, screen
from publisher.cli.matrix import later_word, status_cell
from publisher.model import Status
from publisher.report import (
    ACTION_WORDS,
    CLASS_WORDS,
    KIND_WORDS,
    RECEIPT_WORDS,
    SET_ASIDE,
    STATE_WORDS,
    STATUS_WORDS,
    state_of,
)
from publisher.store.standing import DeliveryRow, ItemRow, Line, OrderRow

_WORKER = "worker"
_Shown = Callable[[datetime | None], str]


def show_item(city: Publisher, item: ItemRow) -> None:
    def shown(moment: datetime | None) -> str:
        zone = city.house.timezone
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else "—"

    say(item.title, style="bold")
    say(
        f"编号 {item.id}　索引号 {item.number}　{STATE_WORDS[state_of(item.deliveries)]}　"
        f"首次发布 {shown(item.first_published_at)}\n{item.url}"
    )
    _show_deliveries(city, item, shown)
    for one in item.deliveries:
        _show_place(_where(city, one, later_word(city, item, one)), one)
    say("\n发布单：")
    for order in item.orders:
        say(_order(order, shown))
    say("\n经过：")
    for one in item.deliveries:
        for line in city.store.standing.history(one.id):
            say(_line(_where(city, one), line, shown), style="dim")


def _show_deliveries(city: Publisher, item: ItemRow, shown: _Shown) -> None:
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("渠道", "做什么", "状态", "次数", "应发时间", "更新时间"):
        table.add_column(head, overflow="fold")
    for one in item.deliveries:
        table.add_row(
            _title(city, one),
            ACTION_WORDS[one.action],
            status_cell(city, item, one, city.clock()),
            str(one.attempts),
            shown(one.due_at),
            shown(one.updated_at),
        )
    screen.print(table)


def _show_place(where: str, one: DeliveryRow) -> None:
    """Where a delivery can be seen, whole so that it can be copied; and the reason, if any."""
    kind = f"［{CLASS_WORDS[one.reason_class]}］" if one.reason_class else ""
    parts = [part for part in (one.url or one.reference, f"{kind}{one.reason}") if part]
    if parts:
        say("\n　　".join([f"{where}　{parts[0]}", *parts[1:]]))


def _order(order: OrderRow, shown: _Shown) -> str:
    minor = "（小更正，不另行通知）" if order.minor else ""
    why = f"　原因：{order.reason}" if order.reason else ""
    what = f"{ACTION_WORDS[order.action]}{minor}"
    return f"　{shown(order.created_at)}　{what}　{order.ordered_by}{why}"


def _line(where: str, line: Line, shown: _Shown) -> str:
    by_program = line.by == _WORKER
    kind = SET_ASIDE if by_program and line.kind == "staff" else KIND_WORDS[line.kind]
    outcome = RECEIPT_WORDS.get(line.outcome) or STATUS_WORDS[Status(line.outcome)]
    who = "程序" if by_program else line.by
    parts = (shown(line.at), where, kind, outcome, who, line.reason, line.reference)
    return "　" + "　".join(part for part in parts if part)


def _where(city: Publisher, one: DeliveryRow, later: str = "") -> str:
    return f"{_title(city, one)}（{ACTION_WORDS[one.action]}{f'，{later}' if later else ''}）"


def _title(city: Publisher, one: DeliveryRow) -> str:
    route = city.routes.get(one.channel)
    return route.title if route else one.channel
