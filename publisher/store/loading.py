"""Loading items as a channel gets them: revision, files, notices."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from publisher.model import Action, Asset, Item, Notice, Trace
from publisher.record import approval_of, to_revision
from publisher.store import blobs
from publisher.store.tables import assets, items, orders, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A revision to load, by which order, and what is to be done with it.

    Notices are those up to `order_id`; what is simply published has none to tell.
    """

    revision_id: int
    order_id: int
    action: Action = Action.PUBLISH
    traces: tuple[Trace, ...] = ()


def load(
    connection: Connection, wanted: Sequence[Wanted], now: datetime, *, with_bytes: bool = True
) -> list[Item]:
    """The items wanted, in this order; what is not out yet is published `now`."""
    ids = [one.revision_id for one in wanted]
    rows = {row.id: row for row in connection.execute(_REVISIONS, {"ids": ids})}
    files = _assets(connection, ids, with_bytes=with_bytes)
    told = _notices(connection, [one for one in wanted if one.action is not Action.PUBLISH], rows)
    return [
        _item(one, rows[one.revision_id], files[one.revision_id], told.get(one.order_id, ()), now)
        for one in wanted
    ]


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
_NOTICES = (
    select(orders.c.id, orders.c.item_id, orders.c.action, orders.c.reason, orders.c.created_at)
    .where(
        orders.c.item_id.in_(bindparam("items", expanding=True)),
        orders.c.action != Action.PUBLISH,
        ~orders.c.minor,
    )
    .order_by(orders.c.id)
)


def _notices(
    connection: Connection, wanted: Iterable[Wanted], rows: Mapping[int, Any]
) -> dict[int, tuple[Notice, ...]]:
    """By order: what citizens have been told about its item up to it, oldest first."""
    item_of = {one.order_id: rows[one.revision_id].item_id for one in wanted}
    if not item_of:
        return {}
    found = connection.execute(_NOTICES, {"items": sorted(set(item_of.values()))}).all()
    return {
        order_id: tuple(
            Notice(action=Action(row.action), reason=row.reason, at=row.created_at)
            for row in found
            if row.item_id == item_id and row.id <= order_id
        )
        for order_id, item_id in item_of.items()
    }


def _item(
    wanted: Wanted,
    row: Any,
    files: Mapping[str, Sequence[Asset]],
    notices: tuple[Notice, ...],
    now: datetime,
) -> Item:
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
        action=wanted.action,
        notices=notices,
        traces=wanted.traces,
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
