"""The table of items by channels, and the cell that says how one delivery stands."""

from collections.abc import Sequence
from datetime import datetime

from rich.box import SIMPLE
from rich.cells import cell_len, set_cell_size
from rich.measure import measure_renderables
from rich.table import Table
from rich.text import Text

from publisher.bootstrap import Publisher
from publisher.channel import Recall
from publisher.cli.app import screen
from publisher.model import Action, Status
from publisher.report import (
    ACTION_WORDS,
    FOLLOWED_WORDS,
    REPLACED_WORDS,
    SIGNS,
    STATE_WORDS,
    STATUS_WORDS,
    newest_in,
    overdue,
    replaced_by,
    state_of,
)
from publisher.store.standing import DeliveryRow, ItemRow

_COLOURS = {
    Status.QUEUED: "blue",
    Status.HELD: "yellow",
    Status.SENDING: "blue",
    Status.ACCEPTED: "cyan",
    Status.AWAITING: "yellow",
    Status.DELIVERED: "green",
    Status.UNKNOWN: "magenta",
    Status.FAILED: "red",
    Status.LOST: "red",
    Status.CANCELLED: "dim",
}
_LEAST = 18  # cells for an item: what a person cannot do without


def show_matrix(city: Publisher, items: Sequence[ItemRow]) -> None:
    """Items by channels: sign, word, and the reason where a person needs it."""
    now, names = city.clock(), list(city.routes)
    rows: list[list[str | Text]] = [
        [STATE_WORDS[state_of(item.deliveries)], *(_newest(item, name, now) for name in names)]
        for item in items
    ]
    heads = ["总况", *(route.title for route in city.routes.values())]
    width = max(_LEAST, screen.width - _taken(heads, rows))
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 1, 0))
    table.add_column("信息条目", width=width, overflow="fold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for item, row in zip(items, rows, strict=True):
        table.add_row(_title(item, width), *row)
    screen.print(table)


def status_cell(city: Publisher, item: ItemRow, one: DeliveryRow, now: datetime) -> Text:
    """Sign and word of one delivery, below it what staff should know besides."""
    style = _COLOURS[one.status]
    lines = [f"{SIGNS[one.status]} {STATUS_WORDS[one.status]}"]
    if later := later_word(city, item, one):
        lines = [*lines, later] if _stays_out(city, one) else [f"– {later}"]
        style = "dim"
    elif overdue(one, now):
        lines.append("超时限")
    return Text("\n  ".join(lines), style=style)


def later_word(city: Publisher, item: ItemRow, one: DeliveryRow) -> str:
    """What a newer order has made of a delivery that was out; "" if nothing."""
    action = replaced_by(one, item.deliveries)
    if action is None:
        return ""
    return (FOLLOWED_WORDS if _stays_out(city, one) else REPLACED_WORDS)[action]


def _stays_out(city: Publisher, one: DeliveryRow) -> bool:
    """Nothing takes the place of what is in phones or was read on air: more can only follow it."""
    route = city.routes.get(one.channel)
    return route is not None and route.channel.recall is Recall.FOLLOW_UP


def _newest(item: ItemRow, channel: str, now: datetime) -> Text:
    newest = newest_in(channel, item.deliveries)
    if newest is None:
        return Text("不发", style="dim")
    lines = [f"{SIGNS[newest.status]} {STATUS_WORDS[newest.status]}"]
    if newest.action is not Action.PUBLISH:
        lines.append(ACTION_WORDS[newest.action])
    if overdue(newest, now):
        lines.append("超时限")
    return Text("\n  ".join(lines), style=_COLOURS[newest.status])


def _taken(heads: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> int:
    """How many cells all columns but the first would like to have, with gaps and edges."""
    options = screen.options
    columns = zip(heads, *rows, strict=True)
    return 3 + sum(2 + measure_renderables(screen, options, column).maximum for column in columns)


def _title(item: ItemRow, width: int) -> Text:
    """The number, and two lines of the title; all of it is in the view of one item."""
    title, most = " ".join(item.title.split()), 2 * width - 2
    if cell_len(title) > most:
        title = f"{set_cell_size(title, most - 1).rstrip()}…"
    return Text(f"{item.id}\n{title}")
