"""Cells: how one delivery stands, as a page shows it; sign, word and colour say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from publisher.bootstrap import Publisher
from publisher.channel import Recall
from publisher.model import Action
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One delivery, or that there is none. `kind` is its colour; `more` what staff should know."""

    channel: str
    title: str
    delivery: DeliveryRow | None = None
    kind: str = ""
    sign: str = ""
    word: str = "不发"
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item with a cell for each channel."""

    item: ItemRow
    state: str
    cells: tuple[Cell, ...]


def rows_of(city: Publisher, items: Sequence[ItemRow], channel: str = "") -> list[Row]:
    """Rows for these items; of one channel, or of all."""
    names = [name for name in city.routes if channel in {"", name}]
    now = city.clock()
    return [
        Row(
            item=item,
            state=STATE_WORDS[state_of(item.deliveries)],
            cells=tuple(_newest(city, item, name, now) for name in names),
        )
        for item in items
    ]


def cell_of(city: Publisher, item: ItemRow, one: DeliveryRow, now: datetime) -> Cell:
    """Where one delivery stands, and what has come after it."""
    more = []
    kind, sign, word = str(one.status), SIGNS[one.status], STATUS_WORDS[one.status]
    action = replaced_by(one, item.deliveries)
    if action and _stays_out(city, one.channel):
        more.append(FOLLOWED_WORDS[action])
    elif action:
        kind, sign, word = "replaced", "–", REPLACED_WORDS[action]
    elif overdue(one, now):
        more.append("超时限")
    return Cell(
        channel=one.channel,
        title=title_of(city, one.channel),
        delivery=one,
        kind=kind,
        sign=sign,
        word=word,
        more=tuple(more),
    )


def title_of(city: Publisher, channel: str) -> str:
    """What staff call a channel; one that is not configured any more has its name."""
    return city.routes[channel].title if channel in city.routes else channel


def _newest(city: Publisher, item: ItemRow, channel: str, now: datetime) -> Cell:
    newest = newest_in(channel, item.deliveries)
    title = city.routes[channel].title
    if newest is None:
        return Cell(channel=channel, title=title)
    more = [] if newest.action is Action.PUBLISH else [ACTION_WORDS[newest.action]]
    if overdue(newest, now):
        more.append("超时限")
    return Cell(
        channel=channel,
        title=title,
        delivery=newest,
        kind=str(newest.status),
        sign=SIGNS[newest.status],
        word=STATUS_WORDS[newest.status],
        more=tuple(more),
    )


def _stays_out(city: Publisher, channel: str) -> bool:
    """Nothing takes the place of what is in phones or was read on air: more can only follow it."""
    route = city.routes.get(channel)
    return route is not None and route.channel.recall is Recall.FOLLOW_UP
