"""Replies: what was answered to a request with a key, for whoever sends the same one again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from publisher.store.engine import Database
from publisher.store.office_tables import replies

_KEPT = timedelta(hours=24)
_ABANDONED = timedelta(minutes=10)
"""Who has answered nothing for so long is dead, and its key is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One use of a key; `status` is None while it is being answered."""

    token_id: int
    key: str
    request: str
    status: int | None
    body: str
    created_at: datetime


_THIS = (replies.c.token_id == bindparam("token_id"), replies.c.key == bindparam("key"))
_ONE = select(replies).where(*_THIS)
_LET_GO = delete(replies).where(replies.c.created_at <= bindparam("before"))
_LET_GO_ABANDONED = _LET_GO.where(*_THIS, replies.c.status.is_(None))


class Replies:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, token_id: int, key: str, request: str, now: datetime) -> tuple[Reply, bool]:
        """The use of this key that counts, and whether it has begun with this very call."""
        with self._database.write() as connection:
            connection.execute(_LET_GO, {"before": now - _KEPT})
            abandoned = {"before": now - _ABANDONED, "token_id": token_id, "key": key}
            connection.execute(_LET_GO_ABANDONED, abandoned)
            there = connection.execute(_ONE, {"token_id": token_id, "key": key}).first()
            if there:
                return _reply(there), False
            row = connection.execute(
                insert(replies)
                .values(token_id=token_id, key=key, request=request, body="", created_at=now)
                .returning(*replies.c)
            ).one()
            return _reply(row), True

    def finish(self, begun: Reply, status: int, body: str) -> bool:
        """Keep the answer; False if this use was given up for dead meanwhile."""
        with self._database.write() as connection:
            done = connection.execute(
                update(replies).where(*_still(begun)).values(status=status, body=body)
            )
            return bool(done.rowcount)

    def drop(self, begun: Reply) -> None:
        """Free a key whose request came to nothing."""
        with self._database.write() as connection:
            connection.execute(delete(replies).where(*_still(begun)))


def _still(begun: Reply) -> tuple[Any, ...]:
    """The row of this use, and of none that came after it under the same key."""
    return (
        replies.c.token_id == begun.token_id,
        replies.c.key == begun.key,
        replies.c.created_at == begun.created_at,
        replies.c.status.is_(None),
    )


def _reply(row: Any) -> Reply:
    return Reply(
        token_id=row.token_id,
        key=row.key,
        request=row.request,
        status=row.status,
        body=row.body,
        created_at=row.created_at,
    )
