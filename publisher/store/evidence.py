"""Evidence: everything that is kept of one item, read as it was at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from publisher.orders import Past
from publisher.store import blobs
from publisher.store.engine import Database
from publisher.store.office_tables import audit
from publisher.store.orders import past_of
from publisher.store.tables import (
    assets,
    attempts,
    batch_deliveries,
    batches,
    deliveries,
    items,
    orders,
    receipts,
    recipients,
    refusals,
    renditions,
    revisions,
)

Rows = Sequence[Mapping[str, Any]]
EVIDENCE = "evidence"
"""The kind of a receipt that is a file which somebody handed in."""


@dataclass(frozen=True)
class Moment:
    """All rows about an item, each kind in the order of its making; files are read one by one."""

    item: Mapping[str, Any]
    past: Mapping[str, Sequence[Past]]
    _connection: Connection

    @property
    def versions(self) -> Rows:
        return self._of(_VERSIONS)

    @property
    def assets(self) -> Rows:
        """Attachments and pictures: version, role, position, name, title, sha256, size."""
        return self._of(_ASSETS)

    @property
    def orders(self) -> Rows:
        return self._of(_ORDERS)

    @property
    def deliveries(self) -> Rows:
        return self._of(_DELIVERIES)

    @property
    def attempts(self) -> Rows:
        return self._of(_ATTEMPTS)

    @property
    def receipts(self) -> Rows:
        return self._of(_RECEIPTS)

    @property
    def batches(self) -> Rows:
        """Every batch that a delivery of it was in, with its place there."""
        return self._of(_BATCHES)

    @property
    def files(self) -> Rows:
        """The files of the renditions of these batches."""
        return self._of(_FILES)

    @property
    def people(self) -> Rows:
        """How many recipients of each batch stand where; never who."""
        return self._of(_PEOPLE)

    @property
    def refusals(self) -> Rows:
        return self._of(_REFUSALS)

    @property
    def audit(self) -> Rows:
        return self._of(_AUDIT)

    def read(self, sha256: str) -> bytes:
        """The bytes of one file."""
        return blobs.get(self._connection, [sha256])[sha256]

    def _of(self, query: Select[Any]) -> Rows:
        rows = self._connection.execute(query, {"item": self.item["id"]})
        return [row._asdict() for row in rows]


class Evidence:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def moment(self, item_id: str, repeatable: Mapping[str, bool]) -> Iterator[Moment | None]:
        """What is kept of an item, as long as the block lasts; None if there is no such item."""
        with self._database.read() as connection:
            row = connection.execute(_ITEM, {"item": item_id}).first()
            if row is None:
                yield None
                return
            yield Moment(row._asdict(), past_of(connection, item_id, repeatable), connection)

    def evidence_file(self, delivery_id: int, sha256: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file that was handed in with a confirmation of this delivery."""
        asked = {"delivery": delivery_id, "sha256": sha256}
        with self._database.read() as connection:
            name = connection.execute(_HANDED_IN, asked).scalar()
            if name is None:
                return None
            return name, blobs.get(connection, [sha256])[sha256]


_ITEM = select(items).where(items.c.id == bindparam("item"))
_VERSIONS = (
    select(revisions).where(revisions.c.item_id == bindparam("item")).order_by(revisions.c.number)
)
_ASSETS = (
    select(assets, revisions.c.number.label("version"), revisions.c.received_at)
    .join(revisions, revisions.c.id == assets.c.revision_id)
    .where(revisions.c.item_id == bindparam("item"))
    .order_by(revisions.c.number, assets.c.role, assets.c.position)
)
_ORDERS = (
    select(orders, revisions.c.number.label("version"))
    .join(revisions, revisions.c.id == orders.c.revision_id)
    .where(orders.c.item_id == bindparam("item"))
    .order_by(orders.c.id)
)
_DELIVERIES = (
    select(deliveries, orders.c.action)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(orders.c.item_id == bindparam("item"))
    .order_by(deliveries.c.id)
)
_MINE = (
    select(deliveries.c.id)
    .join(orders, orders.c.id == deliveries.c.order_id)
    .where(orders.c.item_id == bindparam("item"))
)
_MY_BATCHES = select(batch_deliveries.c.batch_id).where(batch_deliveries.c.delivery_id.in_(_MINE))
_ATTEMPTS = (
    select(attempts, deliveries.c.channel)
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .where(attempts.c.delivery_id.in_(_MINE))
    .order_by(attempts.c.id)
)
_RECEIPTS = (
    select(receipts, deliveries.c.channel)
    .join(deliveries, deliveries.c.id == receipts.c.delivery_id)
    .where(receipts.c.delivery_id.in_(_MINE))
    .order_by(receipts.c.id)
)
_BATCHES = (
    select(
        batches,
        batch_deliveries.c.delivery_id,
        batch_deliveries.c.position,
        batch_deliveries.c.counts,
        batch_deliveries.c.url.label("item_url"),
    )
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(batch_deliveries.c.delivery_id.in_(_MINE))
    .order_by(batches.c.id, batch_deliveries.c.delivery_id)
)
_FILES = (
    select(renditions, batches.c.key, batches.c.channel, batches.c.frozen_at)
    .join(batches, batches.c.id == renditions.c.batch_id)
    .where(batches.c.id.in_(_MY_BATCHES))
    .order_by(batches.c.id, renditions.c.position)
)
_PEOPLE = (
    select(recipients.c.batch_id, recipients.c.status, func.count().label("people"))
    .where(recipients.c.batch_id.in_(_MY_BATCHES))
    .group_by(recipients.c.batch_id, recipients.c.status)
    .order_by(recipients.c.batch_id, recipients.c.status)
)
_REFUSALS = select(refusals).where(refusals.c.item_id == bindparam("item")).order_by(refusals.c.id)
_AUDIT = select(audit).where(audit.c.item_id == bindparam("item")).order_by(audit.c.id)
_HANDED_IN = (
    select(receipts.c.reference)
    .where(
        receipts.c.delivery_id == bindparam("delivery"),
        receipts.c.kind == EVIDENCE,
        receipts.c.sha256 == bindparam("sha256"),
    )
    .limit(1)
)
