"""Knowing: what is known of one subscriber, without the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from publisher.model import Status
from publisher.store.tables import batches, recipients, subscribers, subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`since`: when the number was first imported."""

    topics: frozenset[str]
    since: datetime
    active: bool
    messages: Mapping[Status, int]
    """How many were sent to it lately, by what became of them."""


def known_of(connection: Connection, blind_index: bytes, lately: datetime) -> Known | None:
    """`lately`: from when on its messages are counted."""
    row = connection.execute(
        select(subscribers).where(subscribers.c.blind_index == blind_index)
    ).one_or_none()
    if row is None:
        return None
    return Known(
        topics=topics_of(connection, row.id),
        since=row.created_at,
        active=row.active,
        messages=_messages(connection, row.id, lately),
    )


def topics_of(connection: Connection, subscriber: int) -> frozenset[str]:
    rows = connection.execute(
        select(subscriptions.c.topic).where(subscriptions.c.subscriber_id == subscriber)
    )
    return frozenset(rows.scalars())


def _messages(connection: Connection, subscriber: int, since: datetime) -> dict[Status, int]:
    """What became of the messages that were sent since then, or begun to be."""
    rows = connection.execute(
        select(recipients.c.status, func.count().label("many"))
        .join(batches, batches.c.id == recipients.c.batch_id)
        .where(recipients.c.subscriber_id == subscriber, batches.c.intent_at >= since)
        .group_by(recipients.c.status)
    )
    return {Status(row.status): row.many for row in rows}
