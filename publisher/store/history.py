"""History: attempts and receipts, append-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from publisher.model import Status
from publisher.settle import Kind, Settlement
from publisher.store.tables import attempts, receipts

_ADD_ATTEMPT = insert(attempts)
_ADD_RECEIPT = insert(receipts)
_WITH_RECEIPT = {Status.ACCEPTED, Status.AWAITING, Status.DELIVERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Who did what, from when to when."""

    kind: Kind
    actor: str
    started_at: datetime
    ended_at: datetime


def write_history(
    connection: Connection,
    members: Sequence[int],
    batch_id: int | None,
    settlement: Settlement,
    done: Try,
    urls: Mapping[int, str] | None = None,
) -> None:
    """One attempt for each delivery concerned, and a receipt where the outside gave one.

    `urls` says where each delivery can be seen by itself.
    """
    for member in members:
        connection.execute(
            _ADD_ATTEMPT,
            {
                "delivery_id": member,
                "batch_id": batch_id,
                "kind": done.kind,
                "actor": done.actor,
                "started_at": done.started_at,
                "ended_at": done.ended_at,
                "outcome": settlement.status,
                "reason": settlement.reason,
                "reason_class": settlement.reason_class,
                "raw": settlement.raw,
            },
        )
        if settlement.status in _WITH_RECEIPT:
            connection.execute(
                _ADD_RECEIPT,
                {
                    "delivery_id": member,
                    "batch_id": batch_id,
                    "kind": "confirmed" if done.kind is Kind.STAFF else settlement.status,
                    "reference": settlement.reference,
                    "url": (urls or {}).get(member) or settlement.url,
                    "sha256": "",
                    "note": settlement.reason,
                    "observed_at": done.ended_at,
                    "observed_by": done.actor,
                },
            )
