"""Items, their revisions and orders; and the refusals of what never became one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from publisher.model import Action, Item, Revision
from publisher.store import audit
from publisher.store.engine import Database
from publisher.store.entering import Decision, Planned, add_order, add_revision
from publisher.store.loading import Wanted, load
from publisher.store.tables import items, orders, refusals, revisions


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
        expires_at: datetime | None = None,
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
                    expires_at=expires_at,
                    created_at=now,
                )
            )
            revision_id = add_revision(connection, content, revision, number=1, by=by, now=now)
            decision = Decision(
                item_id=content["id"],
                action=Action.PUBLISH,
                by=by,
                at=now,
                urgent=revision.urgent,
            )
            add_order(connection, decision, revision_id, planned)
            channels = "、".join(one.channel for one in planned)
            detail = f"渠道：{channels}；内容哈希：{revision.content_hash}"
            audit.write(
                connection, at=now, actor=by, act="submitted", detail=detail, item_id=content["id"]
            )
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
            fields = "、".join(dict.fromkeys(one["field"] or "整个文件" for one in problems))
            detail = f"有 {len(problems)} 处不对：{fields}；文件哈希：{sha256}"
            audit.write(
                connection, at=now, actor=by, act="refused", detail=detail, item_id=item_id or ""
            )

    def get(self, item_id: str, now: datetime) -> Item | None:
        """The newest revision of an item, as a channel would get it now by its newest order."""
        with self._database.read() as connection:
            newest = connection.execute(_NEWEST, {"item": item_id}).first()
            return load(connection, [_wanted(newest)], now)[0] if newest else None


_NEWEST = (
    select(orders.c.id, orders.c.revision_id, orders.c.action)
    .where(orders.c.item_id == bindparam("item"))
    .order_by(orders.c.id.desc())
    .limit(1)
)


def _wanted(row: Any) -> Wanted:
    return Wanted(revision_id=row.revision_id, order_id=row.id, action=Action(row.action))


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
