"""Strays: reports whose reference belongs to no batch that we know, kept until one turns up.

A receipt can be quicker than the answer that names its batch, and where that answer never came, the
receipts are the only trace of it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, distinct, exists, func, insert, or_, select

from publisher.model import Status
from publisher.store.tables import attempts, batches, recipients, strays, subscribers

KEPT = timedelta(days=3)
"""The networks give up on a message after so long."""

_ENOUGH = 2
"""So many numbers of one batch do not stand together by chance."""

_KNOWN = (
    exists()
    .where(
        batches.c.channel == strays.c.channel,
        batches.c.reference == strays.c.reference,
        batches.c.reference != "",
    )
    .correlate(strays)
)
"""A batch bears the reference of a stray."""

Report = tuple[str, bytes, Status, str]
"""Reference, blind index, status, code."""


def is_known(connection: Connection, channel: str, report: Report) -> bool:
    """Whether a batch of the channel bears the report's reference."""
    mine = (batches.c.channel == channel, batches.c.reference == report[0])
    return connection.execute(select(batches.c.id).where(*mine)).first() is not None


def keep(connection: Connection, channel: str, report: Report, now: datetime) -> None:
    """Keep a report; the same one told twice is kept once."""
    reference, index, status, code = report
    same = (
        strays.c.channel == channel,
        strays.c.reference == reference,
        strays.c.blind_index == index,
        strays.c.status == status,
    )
    if connection.execute(select(strays.c.id).where(*same)).first():
        return
    connection.execute(
        insert(strays).values(
            channel=channel,
            reference=reference,
            blind_index=index,
            status=status,
            code=code[:64],
            received_at=now,
        )
    )


def drop_old(connection: Connection, channel: str, now: datetime) -> None:
    connection.execute(
        delete(strays).where(strays.c.channel == channel, strays.c.received_at < now - KEPT)
    )


def take_known(connection: Connection, channel: str) -> list[Report]:
    """Take out the strays whose batch is known by now, oldest first."""
    mine = (strays.c.channel == channel, _KNOWN)
    rows = connection.execute(select(strays).where(*mine).order_by(strays.c.id)).all()
    connection.execute(delete(strays).where(*mine))
    return [(row.reference, row.blind_index, Status(row.status), row.code) for row in rows]


def adoptable(connection: Connection, channel: str) -> dict[int, str]:
    """Batches in doubt, each with the one reference that can only be its own.

    A reference fits a batch when all phones it reports on are recipients of that batch, at least
    two of them (or the only one), and nothing was reported before the batch was sent. One that
    fits several batches, and a batch that several references fit, are left to a person. Batches
    that were in doubt until a person settled them compete, but get none; so do those still in
    somebody's hands, who may be dead or waiting for the very answer that names it.
    """
    rows = connection.execute(_pairs(channel)).all()
    fitting = [row for row in rows if row.matching == row.phones >= min(_ENOUGH, row.people)]
    own: dict[int, list[str]] = {}
    for row in fitting:
        if sum(other.reference == row.reference for other in fitting) == 1:
            own.setdefault(row.id, []).append(row.reference)
    in_doubt = {row.id for row in fitting if row.status == Status.UNKNOWN}
    return {id_: found[0] for id_, found in own.items() if id_ in in_doubt and len(found) == 1}


def _pairs(channel: str) -> Select[Any]:
    """Every stray reference with every batch that could be its own and shares a phone with it."""
    reported = (
        select(
            strays.c.reference,
            func.count(distinct(strays.c.blind_index)).label("phones"),
            func.min(strays.c.received_at).label("since"),
        )
        .where(strays.c.channel == channel, ~_KNOWN)
        .group_by(strays.c.reference)
        .subquery()
    )
    was_in_doubt = exists().where(
        attempts.c.batch_id == batches.c.id, attempts.c.outcome == Status.UNKNOWN
    )
    members = recipients.alias()
    people = (
        select(func.count())
        .where(members.c.batch_id == batches.c.id)
        .scalar_subquery()
        .label("people")
    )
    return (
        select(
            batches.c.id,
            batches.c.status,
            reported.c.reference,
            reported.c.phones,
            people,
            func.count(distinct(strays.c.blind_index)).label("matching"),
        )
        .select_from(reported)
        .join(
            strays,
            and_(strays.c.channel == channel, strays.c.reference == reported.c.reference),
        )
        .join(subscribers, subscribers.c.blind_index == strays.c.blind_index)
        .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
        .join(batches, batches.c.id == recipients.c.batch_id)
        .where(
            batches.c.channel == channel,
            batches.c.reference == "",
            batches.c.intent_at <= reported.c.since,
            or_(was_in_doubt, batches.c.status == Status.SENDING),
        )
        .group_by(batches.c.id, batches.c.status, reported.c.reference, reported.c.phones)
    )
