"""Subscribers and what they asked for. Numbers are sealed before they come here."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select

from publisher.channel import Recipient
from publisher.model import Status
from publisher.planning import Due, Subscription
from publisher.store.engine import Database
from publisher.store.tables import (
    batch_deliveries,
    recipients,
    subscribers,
    subscriptions,
)

_REACHED = (Status.ACCEPTED, Status.DELIVERED)
Seal = Callable[[str, str], bytes]
Open = Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of an import: the number's blind index, the number, the topics."""

    blind_index: bytes = field(repr=False)
    phone: str = field(repr=False)
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


class Subscribers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, wishes: Iterable[Wish], seal: Seal, now: datetime) -> Imported:
        """Add or update subscribers, all in one transaction; topics are replaced, not added."""
        added = changed = unchanged = 0
        with self._database.write() as connection:
            for wish in wishes:
                known = connection.execute(
                    select(subscribers.c.id).where(subscribers.c.blind_index == wish.blind_index)
                ).scalar()
                if known is None:
                    known = _add(connection, wish, seal, now)
                    added += 1
                elif _topics(connection, known) == wish.topics:
                    unchanged += 1
                    continue
                else:
                    changed += 1
                _set_topics(connection, known, wish.topics)
        return Imported(added=added, changed=changed, unchanged=unchanged)

    def count(self) -> dict[str, int]:
        """How many active subscribers each topic has; never who."""
        query = (
            select(subscriptions.c.topic, func.count().label("people"))
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(subscribers.c.active)
            .group_by(subscriptions.c.topic)
        )
        with self._database.read() as connection:
            return {row.topic: row.people for row in connection.execute(query)}

    def wanting(self, due: Sequence[Due]) -> list[Subscription]:
        """Every active subscriber with the topics asked for and what of `due` already went there.

        «Went there» is anything but a certain failure: an unknown outcome counts as got, until a
        person has taken the delivery out of the batch in doubt.
        """
        got: dict[int, set[int]] = {}
        with self._database.read() as connection:
            sent = connection.execute(
                select(recipients.c.subscriber_id, batch_deliveries.c.delivery_id)
                .join(batch_deliveries, batch_deliveries.c.batch_id == recipients.c.batch_id)
                .where(
                    batch_deliveries.c.delivery_id.in_([one.id for one in due]),
                    recipients.c.status != Status.FAILED,
                    or_(batch_deliveries.c.counts, recipients.c.status.in_(_REACHED)),
                )
            )
            for row in sent:
                got.setdefault(row.subscriber_id, set()).add(row.delivery_id)
            wishes: dict[int, set[str]] = {}
            rows = connection.execute(
                select(subscriptions.c.subscriber_id, subscriptions.c.topic)
                .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
                .where(subscribers.c.active)
                .order_by(subscriptions.c.subscriber_id)
            )
            for row in rows:
                wishes.setdefault(row.subscriber_id, set()).add(row.topic)
        return [
            Subscription(subscriber, frozenset(topics), frozenset(got.get(subscriber, ())))
            for subscriber, topics in wishes.items()
        ]

    def addresses(self, batch_id: int, opened: Open) -> list[Recipient]:
        """The recipients of a batch that have not got it yet, in clear, for the time of a call."""
        query = (
            select(subscribers.c.id, subscribers.c.sealed, subscribers.c.ref)
            .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
            .where(recipients.c.batch_id == batch_id, recipients.c.status == Status.QUEUED)
            .order_by(subscribers.c.id)
        )
        with self._database.read() as connection:
            return [
                Recipient(row.id, opened(row.sealed, row.ref)) for row in connection.execute(query)
            ]


def _add(connection: Connection, wish: Wish, seal: Seal, now: datetime) -> int:
    ref = secrets.token_hex(16)
    added: int = connection.execute(
        insert(subscribers)
        .values(
            ref=ref,
            sealed=seal(wish.phone, ref),
            blind_index=wish.blind_index,
            active=True,
            created_at=now,
        )
        .returning(subscribers.c.id)
    ).scalar_one()
    return added


def _topics(connection: Connection, subscriber: int) -> frozenset[str]:
    rows = connection.execute(
        select(subscriptions.c.topic).where(subscriptions.c.subscriber_id == subscriber)
    )
    return frozenset(rows.scalars())


def _set_topics(connection: Connection, subscriber: int, topics: frozenset[str]) -> None:
    connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id == subscriber))
    connection.execute(
        insert(subscriptions),
        [{"subscriber_id": subscriber, "topic": topic} for topic in sorted(topics)],
    )
