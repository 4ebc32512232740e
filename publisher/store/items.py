"""Items, their revisions and orders; and the refusals of what never became one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from publisher.model import Action, Asset, Item, Revision, Status
from publisher.record import approval_json, approval_of, canonical, to_revision
from publisher.store import blobs
from publisher.store.engine import Database
from publisher.store.tables import assets, deliveries, items, orders, refusals, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A delivery to be: the channel, and when it is to go out."""

    channel: str
    due_at: datetime
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How the city numbers and addresses its items; `{year}` and `{serial}` are filled in."""

    number: str
    url: str

    def of(self, year: int, serial: int) -> tuple[str, str]:
        """Index number and URL of the serial-th item of a year."""
        place = {"year": year, "serial": serial}
        return self.number.format(**place), self.url.format(**place)


class Items:
    def __init__(self, database: Database, numbering: Numbering) -> None:
        self._database = database
        self._numbering = numbering

    def known_hash(self, item_id: str) -> str | None:
        """The content hash of the newest revision of a known item."""
        with self._database.read() as connection:
            return _newest_hash(connection, item_id)

    def place_of_next(self, year: int) -> tuple[str, str]:
        """Index number and URL that an item submitted now would get; for a dry run."""
        with self._database.read() as connection:
            return self._numbering.of(year, _next_serial(connection, year))

    def add(
        self,
        content: Mapping[str, Any],
        revision: Revision,
        planned: Sequence[Planned],
        *,
        by: str,
        year: int,
        now: datetime,
    ) -> str | None:
        """Item, revision, publish order and deliveries in one transaction.

        Returns None when they were added; else, somebody having been faster, the hash of what is
        already known under this id.
        """
        with self._database.write() as connection:
            if known := _newest_hash(connection, content["id"]):
                return known
            serial = _next_serial(connection, year)
            number, url = self._numbering.of(year, serial)
            connection.execute(
                insert(items).values(
                    id=content["id"],
                    year=year,
                    serial=serial,
                    number=number,
                    url=url,
                    created_at=now,
                )
            )
            revision_id = _add_revision(connection, content, revision, by, now)
            _add_order(connection, content, revision_id, planned, by, now)
        return None

    def refuse(
        self,
        *,
        item_id: str | None,
        sha256: str,
        problems: Sequence[Mapping[str, str]],
        by: str,
        now: datetime,
    ) -> None:
        """Keep the refusal itself and nothing of what was refused."""
        with self._database.write() as connection:
            connection.execute(
                insert(refusals).values(
                    item_id=item_id,
                    sha256=sha256,
                    problems=list(problems),
                    refused_at=now,
                    submitted_by=by,
                )
            )

    def get(self, item_id: str, now: datetime) -> Item | None:
        """The newest revision of an item, as a channel would get it now."""
        with self._database.read() as connection:
            found = connection.execute(
                select(func.max(revisions.c.id)).where(revisions.c.item_id == item_id)
            ).scalar()
            return load(connection, [found], now)[0] if found else None

    def recent(self, channel: str, most: int, without: Sequence[str], now: datetime) -> list[Item]:
        """What stands in a channel, newest first, without the bytes of its assets."""
        query = (
            select(orders.c.revision_id)
            .join(deliveries, deliveries.c.order_id == orders.c.id)
            .join(items, items.c.id == orders.c.item_id)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.status == Status.DELIVERED,
                items.c.first_published_at.is_not(None),
                items.c.id.not_in(without),
            )
            .order_by(items.c.first_published_at.desc(), items.c.number.desc())
            .limit(most)
        )
        with self._database.read() as connection:
            found = connection.execute(query).scalars().all()
            return load(connection, found, now, with_bytes=False)


def load(
    connection: Connection, revision_ids: Sequence[int], now: datetime, *, with_bytes: bool = True
) -> list[Item]:
    """The items with these revisions, in this order; what is not out yet is published `now`."""
    rows = connection.execute(_REVISIONS, {"ids": list(revision_ids)}).all()
    files = _assets(connection, revision_ids, with_bytes=with_bytes)
    found = {row.id: _item(row, files[row.id], now) for row in rows}
    return [found[one] for one in revision_ids]


_REVISIONS = (
    select(revisions, items.c.number.label("index_number"), items.c.url)
    .add_columns(items.c.first_published_at)
    .join(items, items.c.id == revisions.c.item_id)
    .where(revisions.c.id.in_(bindparam("ids", expanding=True)))
)
_ASSETS = (
    select(assets)
    .where(assets.c.revision_id.in_(bindparam("ids", expanding=True)))
    .order_by(assets.c.position)
)


def _item(row: Row[Any], files: Mapping[str, Sequence[Asset]], now: datetime) -> Item:
    return Item(
        id=row.item_id,
        number=row.index_number,
        url=row.url,
        published_at=row.first_published_at or now,
        revision=to_revision(
            json.loads(row.content),
            number=row.number,
            approval=approval_of(row.approval),
            attachments=files["attachment"],
            images=files["image"],
        ),
    )


def _assets(
    connection: Connection, revision_ids: Sequence[int], *, with_bytes: bool
) -> dict[int, dict[str, list[Asset]]]:
    rows = connection.execute(_ASSETS, {"ids": list(revision_ids)}).all()
    data = blobs.get(connection, [row.sha256 for row in rows]) if with_bytes and rows else {}
    found: dict[int, dict[str, list[Asset]]] = {
        one: {"attachment": [], "image": []} for one in revision_ids
    }
    for row in rows:
        found[row.revision_id][row.role].append(
            Asset(
                name=row.name,
                title=row.title,
                media_type=row.media_type,
                sha256=row.sha256,
                size=row.size,
                data=data[row.sha256] if with_bytes else b"",
            )
        )
    return found


def _newest_hash(connection: Connection, item_id: str) -> str | None:
    return connection.execute(
        select(revisions.c.content_hash)
        .where(revisions.c.item_id == item_id)
        .order_by(revisions.c.number.desc())
        .limit(1)
    ).scalar()


def _next_serial(connection: Connection, year: int) -> int:
    found = connection.execute(
        select(func.max(items.c.serial)).where(items.c.year == year)
    ).scalar()
    return (found or 0) + 1


def _add_revision(
    connection: Connection,
    content: Mapping[str, Any],
    revision: Revision,
    by: str,
    now: datetime,
) -> int:
    revision_id: int = connection.execute(
        insert(revisions)
        .values(
            item_id=content["id"],
            number=revision.number,
            title=revision.title,
            content=canonical(content).decode(),
            content_hash=revision.content_hash,
            approval=approval_json(revision.approval),
            received_at=now,
            received_by=by,
        )
        .returning(revisions.c.id)
    ).scalar_one()
    for role, some in (("attachment", revision.attachments), ("image", revision.images)):
        for position, one in enumerate(some):
            connection.execute(
                insert(assets).values(
                    revision_id=revision_id,
                    role=role,
                    position=position,
                    name=one.name,
                    title=one.title,
                    media_type=one.media_type,
                    sha256=blobs.put(connection, one.data, one.media_type),
                    size=one.size,
                )
            )
    return revision_id


def _add_order(
    connection: Connection,
    content: Mapping[str, Any],
    revision_id: int,
    planned: Sequence[Planned],
    by: str,
    now: datetime,
) -> None:
    order_id = connection.execute(
        insert(orders)
        .values(
            item_id=content["id"],
            revision_id=revision_id,
            action=Action.PUBLISH,
            reason="",
            ordered_by=by,
            created_at=now,
        )
        .returning(orders.c.id)
    ).scalar_one()
    connection.execute(
        insert(deliveries),
        [
            {
                "order_id": order_id,
                "channel": one.channel,
                "status": Status.QUEUED,
                "urgent": content.get("urgent", False),
                "due_at": one.due_at,
                "deadline_at": one.deadline_at,
                "attempts": 0,
                "tries": 0,
                "reference": "",
                "url": "",
                "reason": "",
                "reason_class": "",
                "updated_at": now,
            }
            for one in planned
        ],
    )
