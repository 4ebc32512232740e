"""Standing: reading where items and deliveries stand, for reports and for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from publisher.model import Action, Status
from publisher.store.engine import Database
from publisher.store.tables import (
    attempts,
    deliveries,
    items,
    orders,
    receipts,
    revisions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery as a person sees it."""

    id: int
    item_id: str
    action: Action
    channel: str
    status: Status
    due_at: datetime
    deadline_at: datetime | None
    attempts: int
    reference: str
    url: str
    reason: str
    reason_class: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order as a person sees it: what was decided, by whom, why."""

    item_id: str
    action: Action
    minor: bool
    reason: str
    ordered_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item with all its orders and deliveries, in the order of their making.

    Title, department, field, stage and document number are those of its newest revision.
    """

    id: str
    title: str
    department: str
    field: str
    five_open_stage: str
    doc_number: str
    number: str
    url: str
    created_at: datetime
    first_published_at: datetime | None
    orders: tuple[OrderRow, ...]
    deliveries: tuple[DeliveryRow, ...]

    @property
    def withdrawn(self) -> bool:
        """Whether it has been ordered back: then nothing more can be ordered of it."""
        return any(one.action is Action.WITHDRAW for one in self.orders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a history: an attempt or a receipt."""

    at: datetime
    kind: str
    by: str
    outcome: str
    reason: str
    raw: str = ""
    reference: str = ""
    sha256: str = ""
    """Of a file that a person gave as evidence."""


class Standing:
    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, item_id: str | None = None, most: int = 200) -> list[ItemRow]:
        """The item asked for, or the newest ones, newest first."""
        newest = (items.c.created_at.desc(), items.c.number.desc())
        query = select(items).order_by(*newest).limit(most)
        if item_id is not None:
            query = query.where(items.c.id == item_id)
        with self._database.read() as connection:
            return whole(connection, connection.execute(query).all())

    def hashes(self, item_id: str) -> frozenset[str]:
        """The content hashes of all revisions of an item."""
        query = select(revisions.c.content_hash).where(revisions.c.item_id == item_id)
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def delivery(
        self,
        item_id: str,
        channel: str,
        action: Action | None = None,
        number: int | None = None,
    ) -> DeliveryRow | None:
        """The newest delivery of an item in a channel; of orders of one kind, or the one of this
        number, if asked for.
        """
        query = (
            _deliveries([item_id])
            .where(deliveries.c.channel == channel)
            .order_by(None)
            .order_by(deliveries.c.id.desc())
            .limit(1)
        )
        if action is not None:
            query = query.where(orders.c.action == action)
        if number is not None:
            query = query.where(deliveries.c.id == number)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
            return _delivery(row) if row else None

    def history(self, delivery_id: int) -> list[Line]:
        """Attempts and receipts of a delivery, oldest first."""
        with self._database.read() as connection:
            tried = connection.execute(
                select(attempts)
                .where(attempts.c.delivery_id == delivery_id)
                .order_by(attempts.c.id)
            ).all()
            given = connection.execute(
                select(receipts)
                .where(receipts.c.delivery_id == delivery_id)
                .order_by(receipts.c.id)
            ).all()
        lines = [
            Line(
                at=row.ended_at,
                kind=row.kind,
                by=row.actor,
                outcome=row.outcome,
                reason=row.reason,
                raw=row.raw,
            )
            for row in tried
        ] + [
            Line(
                at=row.observed_at,
                kind="receipt",
                by=row.observed_by,
                outcome=row.kind,
                reason=row.note,
                reference=row.url or row.reference,
                sha256=row.sha256,
            )
            for row in given
        ]
        return sorted(lines, key=lambda line: line.at)

    def counts(self) -> dict[tuple[str, Status], int]:
        """How many deliveries stand where, by channel and status."""
        query = select(deliveries.c.channel, deliveries.c.status, func.count().label("many"))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(deliveries.c.channel, deliveries.c.status))
            return {(row.channel, Status(row.status)): row.many for row in rows}


def whole(connection: Connection, rows: Sequence[Any]) -> list[ItemRow]:
    """These rows of items, in their order, with all that belongs to them."""
    ids = [row.id for row in rows]
    by_item: dict[str, list[DeliveryRow]] = {}
    for one in connection.execute(_deliveries(ids)):
        by_item.setdefault(one.item_id, []).append(_delivery(one))
    ordered: dict[str, list[OrderRow]] = {}
    for one in connection.execute(_orders(ids)):
        ordered.setdefault(one.item_id, []).append(_order(one))
    return [
        ItemRow(
            id=row.id,
            title=row.title,
            department=row.department,
            field=row.field,
            five_open_stage=row.five_open_stage,
            doc_number=row.doc_number,
            number=row.number,
            url=row.url,
            created_at=row.created_at,
            first_published_at=row.first_published_at,
            orders=tuple(ordered.get(row.id, ())),
            deliveries=tuple(by_item.get(row.id, ())),
        )
        for row in rows
    ]


def _deliveries(item_ids: Sequence[str]) -> Select[Any]:
    return (
        select(deliveries, orders.c.item_id, orders.c.action)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .where(orders.c.item_id.in_(item_ids))
        .order_by(deliveries.c.id)
    )


def _orders(item_ids: Sequence[str]) -> Select[Any]:
    return select(orders).where(orders.c.item_id.in_(item_ids)).order_by(orders.c.id)


def _order(row: Any) -> OrderRow:
    return OrderRow(
        item_id=row.item_id,
        action=Action(row.action),
        minor=row.minor,
        reason=row.reason,
        ordered_by=row.ordered_by,
        created_at=row.created_at,
    )


def _delivery(row: Any) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        item_id=row.item_id,
        action=Action(row.action),
        channel=row.channel,
        status=Status(row.status),
        due_at=row.due_at,
        deadline_at=row.deadline_at,
        attempts=row.attempts,
        reference=row.reference,
        url=row.url,
        reason=row.reason,
        reason_class=row.reason_class,
        updated_at=row.updated_at,
    )
