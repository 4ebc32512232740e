"""Writing cards with their places and relations."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from publisher.channel import Card
from publisher.store.shelf_questions import RELATIONS
from publisher.store.shelf_tables import cards, lists, places, relations
from publisher.store.shelf_view import View

_LENGTHEN = (
    update(lists).where(lists.c.id == bindparam("list")).values(length=bindparam("now_long"))
)
_ID = select(lists.c.id).where(
    lists.c.channel == bindparam("channel"), lists.c.name == bindparam("name")
)
_MARK_NEWS = (
    update(places)
    .where(places.c.list_id == bindparam("list"), places.c.position == bindparam("place"))
    .values(news_at=bindparam("at"))
)
_MINE: BindParameter[str] = bindparam("items", expanding=True)


def give_places(connection: Connection, channel: str, at_hand: Sequence[Card]) -> None:
    """Give these cards their places, before anything leaves: whatever becomes of the call, the next
    order of these items knows all lists and partners that may show them.
    """
    view = View(connection, channel, at_hand)
    _keep_places(connection, channel, view)
    named = {(card.item_id, other) for card in at_hand for other in card.related}
    asked = {"channel": channel, "items": list(view.at_hand)}
    named -= {(row.item_id, row.other_id) for row in connection.execute(RELATIONS, asked)}
    if named:
        rows = [
            {"channel": channel, "item_id": one, "other_id": other} for one, other in sorted(named)
        ]
        connection.execute(insert(relations), rows)


def keep(connection: Connection, channel: str, at_hand: Sequence[Card]) -> None:
    """Put these cards on the channel's shelf; what they were before is forgotten."""
    if not at_hand:
        return
    view = View(connection, channel, at_hand)
    _keep_places(connection, channel, view)
    _mark_news(connection, view)
    mine = {"items": list(view.at_hand)}
    for table, rows in (
        (cards, [_card(channel, card) for card in at_hand]),
        (relations, [row for card in at_hand for row in _relations(channel, card)]),
    ):
        old = delete(table).where(table.c.channel == channel, table.c.item_id.in_(_MINE))
        connection.execute(old, mine)
        if rows:
            connection.execute(insert(table), rows)


def _keep_places(connection: Connection, channel: str, view: View) -> None:
    for name, lane in view.lanes.items():
        if lane.id is None:
            row = {"channel": channel, "name": name, "length": lane.length}
            connection.execute(insert(lists).values(row))
            lane.id = connection.execute(_ID, row).scalar_one()
        elif lane.added:
            connection.execute(_LENGTHEN, {"list": lane.id, "now_long": lane.length})
        if lane.added:
            connection.execute(
                insert(places),
                [
                    {"list_id": lane.id, "position": lane.stored + at, "item_id": one}
                    for at, one in enumerate(lane.added)
                ],
            )


def _mark_news(connection: Connection, view: View) -> None:
    if marks := [
        {"list": view.lanes[name].id, "place": place, "at": card.news_at}
        for card in view.at_hand.values()
        if card.news_at
        for name, place in view.places[card.item_id].items()
    ]:
        connection.execute(_MARK_NEWS, marks)


def _card(channel: str, card: Card) -> dict[str, object]:
    return {
        "channel": channel,
        "item_id": card.item_id,
        "lists": "\n".join(card.lists),
        "related": "\n".join(card.related),
        "listed": card.listed,
        "url": card.url,
        "changed_at": card.changed_at,
        "news_at": card.news_at,
        "data": card.data,
    }


def _relations(channel: str, card: Card) -> list[dict[str, object]]:
    return [
        {"channel": channel, "item_id": card.item_id, "other_id": other}
        for other in dict.fromkeys(card.related)
    ]
