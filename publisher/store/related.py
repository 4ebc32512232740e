"""Related: which items belong together, as they say themselves and as their pages show it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from publisher.model import Action
from publisher.store.engine import Database
from publisher.store.shelf_tables import cards, relations
from publisher.store.tables import items, orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An item as it is named beside another."""

    item_id: str
    title: str
    department: str


class Related:
    def __init__(self, database: Database) -> None:
        self._database = database

    def unknown(self, item_ids: Sequence[str]) -> list[str]:
        """Those under which nothing has come in, in their order."""
        if not item_ids:
            return []
        with self._database.read() as connection:
            found = connection.execute(select(items.c.id).where(items.c.id.in_(item_ids)))
            known = set(found.scalars())
        return [one for one in item_ids if one not in known]

    def still_public(self, item_id: str, named: Collection[str] = ()) -> list[Partner]:
        """What stands on a page beside this item and has not been ordered back, oldest first.

        Once it is withdrawn its own page names nothing any more: `named` is what it had named.
        """
        taken_back = exists().where(
            orders.c.item_id == items.c.id, orders.c.action == Action.WITHDRAW
        )
        beside = or_(items.c.id.in_(named), _beside(item_id))
        shown = exists().where(cards.c.item_id == items.c.id, cards.c.listed)
        query = (
            select(items.c.id, items.c.title, items.c.department)
            .where(beside, items.c.id != item_id, shown, ~taken_back)
            .order_by(items.c.created_at, items.c.number)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Partner(item_id=row.id, title=row.title, department=row.department) for row in rows]


def _beside(item_id: str) -> ColumnElement[bool]:
    """That an item names this one, or is named by it, in a channel that shows it."""
    channels = select(cards.c.channel).where(cards.c.item_id == item_id)
    here = relations.c.channel.in_(channels)
    naming = select(relations.c.item_id).where(and_(here, relations.c.other_id == item_id))
    named = select(relations.c.other_id).where(and_(here, relations.c.item_id == item_id))
    return items.c.id.in_(naming.union(named))
