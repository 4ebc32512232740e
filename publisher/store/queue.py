"""The queue that the delivery rows are: what is due, what is frozen, who holds what."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, union_all

from publisher.channel import Receipt, Rendition
from publisher.model import Action, Item, Status
from publisher.planning import Due, Parcel
from publisher.record import names, topics_of
from publisher.store.engine import Database
from publisher.store.freezing import freeze, read_rendition
from publisher.store.loading import Wanted, load
from publisher.store.pauses import IS_PAUSED
from publisher.store.questions import (
    DOUBTFUL,
    DOUBTFUL_OF,
    LAST_TOLD,
    READY,
    STRANDED,
    TAKE,
    TAKE_MEMBERS,
    UNFINISHED,
    UNTIL,
    WORKING,
    Going,
    due_query,
    urgent_query,
)
from publisher.store.shelf_keeping import give_places
from publisher.store.traces import Earlier, earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as a worker meets it. `claim` is empty unless the worker holds it."""

    id: int
    key: str
    status: Status
    frozen_at: datetime
    """When it was rendered: the publication time that its bytes carry."""
    tries: int
    checks: int = 0
    claim: str = ""
    reference: str = ""
    url: str = ""
    deadline_at: datetime | None = None
    in_doubt: bool = False
    """Whether an earlier call of it may have got through."""
    intent_at: datetime | None = None
    """When the call was begun that has been made last; None before the first."""
    rendition: Rendition | None = None
    """What it was frozen with, where that is still at hand."""
    members: tuple[int, ...] = ()
    """The deliveries in it, in their places, as long as it is in the hands that froze it."""

    def claimed(self, claim: str) -> "Batch":
        """The same, in the hands of the one who got this claim."""
        return replace(self, status=Status.SENDING, claim=claim)

    @property
    def receipt(self) -> Receipt:
        """What the outside gave when it accepted the batch."""
        return Receipt(status=self.status, reference=self.reference, url=self.url)


class Queue:
    def __init__(self, database: Database, going: Going) -> None:
        self._database = database
        self._going = going
        self._due = due_query(going)
        self._urgent = urgent_query(self._due)
        self._paused_or_urgent = union_all(IS_PAUSED, self._urgent)

    def due(self, channel: str, now: datetime, most: int, *, repeatable: bool) -> list[Due]:
        """Deliveries whose time has come and that no open batch holds: urgent first, then oldest.

        Others than the first channel's also wait for that one, within its patience; a withdrawal
        waits for nobody. `repeatable`: whether the channel overwrites what it has out with itself.
        """
        with self._database.read() as connection:
            rows = connection.execute(self._due, self._asked(channel, now, most)).all()
            return [_due(connection, row, channel, repeatable=repeatable) for row in rows]

    def urgent(self, channel: str, now: datetime) -> bool:
        """Whether something urgent is due."""
        with self._database.read() as connection:
            asked = self._asked(channel, now, 1)
            return connection.execute(self._urgent, asked).first() is not None

    def interrupted(self, channel: str, now: datetime, *, urgent: bool) -> bool:
        """Whether what goes out now must stop: the channel is paused, or something urgent is due.

        What is `urgent` itself stops only for a pause.
        """
        with self._database.read() as connection:
            asked = self._asked(channel, now, 1)
            query = IS_PAUSED if urgent else self._paused_or_urgent
            return connection.execute(query, asked).first() is not None

    def working(self, channels: Iterable[str], now: datetime) -> list[str]:
        """Those of these channels in which there is something to do now."""
        among = list(channels)
        with self._database.read() as connection:
            found = connection.execute(WORKING, {"channels": among, "now": now})
            busy = set(found.scalars())
        return [one for one in among if one in busy]

    def load(self, due: Sequence[Due], now: datetime, *, with_bytes: bool = True) -> list[Item]:
        """The items of these deliveries, in the same order, with the bytes of their assets."""
        wanted = [
            Wanted(
                revision_id=one.revision_id,
                order_id=one.order_id,
                action=one.action,
                traces=one.traces,
            )
            for one in due
        ]
        with self._database.read() as connection:
            return load(connection, wanted, now, with_bytes=with_bytes)

    def freeze(
        self,
        channel: str,
        parcels: Mapping[Parcel, Rendition],
        frozen_at: datetime,
        now: datetime,
    ) -> list[Batch]:
        """Store each parcel as a batch with its key, members, recipients and rendition.

        A parcel with a delivery that meanwhile is queued no more is left out whole. The first
        batch is claimed in the same transaction: whoever freezes it sends it at once.
        """
        with self._database.write() as connection:
            frozen = [
                Batch(
                    id=one.id,
                    key=one.key,
                    status=Status.QUEUED,
                    frozen_at=frozen_at,
                    tries=max(each.tries for each in one.parcel.deliveries),
                    rendition=one.rendition,
                    members=tuple(each.id for each in one.parcel.deliveries),
                )
                for one in freeze(connection, channel, parcels, frozen_at)
            ]
            for one in frozen:
                if one.rendition and one.rendition.cards:
                    give_places(connection, channel, one.rendition.cards)
            for first in frozen[:1]:
                frozen[0] = first.claimed(_claim(connection, first, now) or "")
        return frozen

    def until(self, batch: Batch) -> datetime | None:
        """By when the last of its deliveries is to be out; None if one may wait for ever."""
        with self._database.read() as connection:
            ends = connection.execute(UNTIL, {"batch": batch.id}).scalars().all()
        known = [one for one in ends if one]
        return max(known) if known and len(known) == len(ends) else None

    def ready(self, channel: str, now: datetime) -> list[Batch]:
        """Frozen batches whose time has come, oldest first."""
        return self._batches(READY, channel=channel, now=now)

    def stranded(self, channel: str) -> list[Batch]:
        """Batches in somebody's hands. Asked under the channel's lock: their holder is dead."""
        return self._batches(STRANDED, channel=channel)

    def unfinished(self, channel: str, now: datetime) -> list[Batch]:
        """Accepted batches about which it is time to ask again."""
        return self._batches(UNFINISHED, channel=channel, now=now)

    def doubtful(self, channel: str, now: datetime) -> list[Batch]:
        """Batches of which nobody knows whether they are out, and it is time to ask again."""
        return self._batches(DOUBTFUL, channel=channel, now=now)

    def doubtful_of(self, delivery_id: int) -> list[Batch]:
        """Those that leave this delivery in doubt."""
        return self._batches(DOUBTFUL_OF, delivery=delivery_id)

    def claim(self, batch: Batch, now: datetime) -> str | None:
        """Compare and set: queued -> sending, intent committed. The claim, or None if too late."""
        with self._database.write() as connection:
            return _claim(connection, batch, now)

    def rendition(self, batch: Batch) -> Rendition:
        """The frozen bytes of a batch."""
        if batch.rendition:
            return batch.rendition
        with self._database.read() as connection:
            return read_rendition(connection, batch.id)

    def _asked(self, channel: str, now: datetime, most: int) -> dict[str, object]:
        return {
            "channel": channel,
            "now": now,
            "most": most,
            "is_first": channel == self._going.first,
            "long_ago": now - self._going.patience,
        }

    def _batches(self, query: Select[Any], **asked: object) -> list[Batch]:
        with self._database.read() as connection:
            return [
                Batch(
                    id=row.id,
                    key=row.key,
                    status=Status(row.status),
                    frozen_at=row.frozen_at,
                    tries=row.tries,
                    checks=row.checks,
                    claim=row.claim,
                    reference=row.reference,
                    url=row.url,
                    deadline_at=row.deadline_at,
                    intent_at=row.intent_at,
                    in_doubt=row.in_doubt,
                )
                for row in connection.execute(query, asked)
            ]


def _due(connection: Connection, row: Any, channel: str, *, repeatable: bool) -> Due:
    out, last_told = Earlier(), 0
    if row.action != Action.PUBLISH or row.attempts:
        out = earlier(connection, row.item_id, channel, row.id, repeatable=repeatable)
    if row.minor:
        asked = {"item": row.item_id, "before": row.order_id}
        last_told = connection.execute(LAST_TOLD, asked).scalar_one() or 0
    content = json.loads(row.content)
    return Due(
        id=row.id,
        item_id=row.item_id,
        revision_id=row.revision_id,
        order_id=row.order_id,
        action=Action(row.action),
        # A correction to be told that this one has overtaken is told with it.
        minor=row.minor and last_told <= out.last_order,
        urgent=row.urgent,
        tries=row.tries,
        topics=topics_of(content),
        named=names(content, channel),
        traces=out.traces,
        last_told=last_told,
    )


def _claim(connection: Connection, batch: Batch, now: datetime) -> str | None:
    claim = secrets.token_hex(16)
    mine = {"batch": batch.id, "now": now, "by": claim}
    if not connection.execute(TAKE, mine).rowcount:
        return None
    connection.execute(TAKE_MEMBERS, mine)
    return claim
