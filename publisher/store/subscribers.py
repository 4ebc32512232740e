"""Subscribers and what they asked for. Numbers are sealed before they come here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update

from publisher.channel import Recipient
from publisher.model import Status
from publisher.planning import EVERYTHING, Due, Subscription
from publisher.store import audit
from publisher.store.engine import Database
from publisher.store.knowing import Known, known_of
from publisher.store.subscribing import Imported, Seal, Wish, sealed, take
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    recipients,
    subscribers,
    subscriptions,
)

_REACHED = (Status.ACCEPTED, Status.DELIVERED)
Open = Callable[[bytes, str], str]


class Subscribers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self, wishes: Iterable[Wish], seal: Seal, *, by: str, now: datetime, again: bool = False
    ) -> Imported:
        """Add or update subscribers, all in one transaction; topics are replaced, not added.

        Who had been stopped stays so, unless they have asked for messages `again`.
        """
        last = {wish.blind_index: wish for wish in wishes}  # of two lines the later one counts
        ready = [sealed(wish, seal) for wish in last.values()]
        with self._database.write() as connection:
            done = take(connection, ready, now, again=again)
            detail = done.in_words
            audit.write(connection, at=now, actor=by, act="subscribers_imported", detail=detail)
        return done

    def stop(self, blind_index: bytes, *, shown: str, by: str, now: datetime) -> bool:
        """Send this number nothing more, from now on; False if it is not known.

        `shown`: the number as the records may have it, masked.
        """
        with self._database.write() as connection:
            known = _find(connection, blind_index)
            if known is None:
                return False
            subscriber, _ = known
            _set_active(connection, subscriber, active=False)
            _take_out(connection, subscriber, now)
            audit.write(connection, at=now, actor=by, act="subscriber_stopped", detail=shown)
        return True

    def look_up(
        self, blind_index: bytes, *, detail: str, by: str, since: datetime, now: datetime
    ) -> Known | None:
        """What is known of one number; it is found out only together with the line of the audit
        that says who looked. `since`: from when on its messages are counted.
        """
        with self._database.write() as connection:
            audit.write(connection, at=now, actor=by, act="number_looked_up", detail=detail)
            return known_of(connection, blind_index, since)

    def active(self) -> int:
        """How many people there are to whom anything may be sent."""
        query = select(func.count()).select_from(subscribers).where(subscribers.c.active)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

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
        with self._database.read() as connection:
            got = _got(connection, [one.id for one in due])
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

    def reached(self, due: Due, channel: str) -> list[Subscription]:
        """Every active subscriber who is to hear what this delivery corrects or takes back: who has
        got an older text, or may have; as one who wants it, with whether it has gone there already.

        Of a minor correction these are only those who missed the last one that was to be told. Who
        has stopped since gets nothing more, not even this.
        """
        with self._database.read() as connection:
            people = _reached(connection, due, channel)
            if due.minor:
                people -= _reached(connection, due, channel, since=due.last_told)
                if not due.last_told:
                    people = set()
            got = _got(connection, [due.id])
        return [
            Subscription(one, frozenset({EVERYTHING}), frozenset(got.get(one, ())))
            for one in sorted(people)
        ]

    def owed(self, due: Due, channel: str) -> set[int]:
        """Active subscribers for whom an older text was frozen that did not reach them.

        Who subscribed later was never meant to get it, and is not among them.
        """
        with self._database.read() as connection:
            meant = connection.execute(_before(due, channel)).scalars()
            return set(meant) - _reached(connection, due, channel)

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


def _before(due: Due, channel: str, since: int = 0) -> Select[Any]:
    """The active subscribers in the batches of this item's older orders in a channel."""
    return (
        select(recipients.c.subscriber_id)
        .join(batch_deliveries, batch_deliveries.c.batch_id == recipients.c.batch_id)
        .join(deliveries, deliveries.c.id == batch_deliveries.c.delivery_id)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(subscribers, subscribers.c.id == recipients.c.subscriber_id)
        .where(
            orders.c.item_id == due.item_id,
            orders.c.id >= since,
            deliveries.c.channel == channel,
            deliveries.c.id < due.id,
            subscribers.c.active,
        )
    )


def _reached(connection: Connection, due: Due, channel: str, since: int = 0) -> set[int]:
    """Those of them who have got it, or may have."""
    reached = _before(due, channel, since).where(
        recipients.c.status.in_([*_REACHED, Status.UNKNOWN]),
        or_(batch_deliveries.c.counts, recipients.c.status.in_(_REACHED)),
    )
    return set(connection.execute(reached).scalars())


def _got(connection: Connection, delivery_ids: Sequence[int]) -> dict[int, set[int]]:
    """By subscriber: which of these deliveries went there, or may have gone."""
    sent = connection.execute(
        select(recipients.c.subscriber_id, batch_deliveries.c.delivery_id)
        .join(batch_deliveries, batch_deliveries.c.batch_id == recipients.c.batch_id)
        .where(
            batch_deliveries.c.delivery_id.in_(delivery_ids),
            recipients.c.status != Status.FAILED,
            or_(batch_deliveries.c.counts, recipients.c.status.in_(_REACHED)),
        )
    )
    got: dict[int, set[int]] = {}
    for row in sent:
        got.setdefault(row.subscriber_id, set()).add(row.delivery_id)
    return got


def _find(connection: Connection, blind_index: bytes) -> tuple[int, bool] | None:
    """The id of a number, and whether it is active."""
    row = connection.execute(
        select(subscribers.c.id, subscribers.c.active).where(
            subscribers.c.blind_index == blind_index
        )
    ).one_or_none()
    return (row.id, row.active) if row else None


def _set_active(connection: Connection, subscriber: int, *, active: bool) -> None:
    connection.execute(
        update(subscribers).where(subscribers.c.id == subscriber).values(active=active)
    )


def _take_out(connection: Connection, subscriber: int, now: datetime) -> None:
    """Take a subscriber out of frozen batches; of one in mid-call nobody knows if it got there."""
    for of_batch, ends in ((Status.QUEUED, Status.FAILED), (Status.SENDING, Status.UNKNOWN)):
        connection.execute(
            update(recipients)
            .where(
                recipients.c.subscriber_id == subscriber,
                recipients.c.status == Status.QUEUED,
                recipients.c.batch_id.in_(select(batches.c.id).where(batches.c.status == of_batch)),
            )
            .values(status=ends, code="stopped", updated_at=now)
        )
