"""Entering: a revision with its files, and an order with its deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from publisher.channel import Recall
from publisher.model import Action, Revision, Status
from publisher.record import approval_json, canonical
from publisher.settle import Times
from publisher.store import blobs
from publisher.store.tables import HEADS, assets, deliveries, items, orders, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A delivery to be: the channel, what it can do about what is out, when it is to go out."""

    channel: str
    public: bool
    recall: Recall
    repeatable: bool
    due_at: datetime
    times: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An order to be: what, who, why, when."""

    item_id: str
    action: Action
    by: str
    at: datetime
    reason: str = ""
    minor: bool = False
    urgent: bool = False


def add_revision(
    connection: Connection,
    content: Mapping[str, Any],
    revision: Revision,
    *,
    number: int,
    by: str,
    now: datetime,
) -> int:
    revision_id: int = connection.execute(
        insert(revisions)
        .values(
            item_id=content["id"],
            number=number,
            title=revision.title,
            content=canonical(content).decode(),
            content_hash=revision.content_hash,
            approval=approval_json(revision.approval),
            received_at=now,
            received_by=by,
        )
        .returning(revisions.c.id)
    ).scalar_one()
    heads = {name: getattr(revision, name) for name in HEADS}
    connection.execute(update(items).where(items.c.id == content["id"]).values(heads))
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


def add_order(
    connection: Connection, decision: Decision, revision_id: int, planned: Sequence[Planned]
) -> None:
    order_id = connection.execute(
        insert(orders)
        .values(
            item_id=decision.item_id,
            revision_id=revision_id,
            action=decision.action,
            minor=decision.minor,
            reason=decision.reason,
            ordered_by=decision.by,
            created_at=decision.at,
        )
        .returning(orders.c.id)
    ).scalar_one()
    if not planned:
        return
    connection.execute(
        insert(deliveries),
        [
            {
                "order_id": order_id,
                "channel": one.channel,
                "status": Status.QUEUED,
                "urgent": decision.urgent,
                "due_at": one.due_at,
                "deadline_at": one.times.deadline_at,
                "tell_at": one.times.tell_at,
                "attempts": 0,
                "tries": 0,
                "verifications": 0,
                "reference": "",
                "url": "",
                "reason": "",
                "reason_class": "",
                "updated_at": decision.at,
            }
            for one in planned
        ],
    )
