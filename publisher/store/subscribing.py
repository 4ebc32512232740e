"""Taking subscribers in, many at once: some tens of thousands in the time of a few statements each.

The file's write lock is held meanwhile, so a question for every line would hold up all who send.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from publisher.store.tables import subscribers, subscriptions

Seal = Callable[[str, str], bytes]
_AT_ONCE = 500
Some = TypeVar("Some")


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of an import: the number's blind index, the number, the topics."""

    blind_index: bytes = field(repr=False)
    phone: str = field(repr=False)
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, in people. `back`: who had been stopped and gets messages again;
    `left`: who had been stopped and stays so.
    """

    added: int
    changed: int
    unchanged: int
    back: int
    left: int

    @property
    def in_words(self) -> str:
        """In one Chinese sentence without its end."""
        parts = [f"新增 {self.added} 人，主题有变 {self.changed} 人，未变 {self.unchanged} 人"]
        if self.back:
            parts.append(f"停发后又恢复 {self.back} 人")
        if self.left:
            parts.append(f"停发过的 {self.left} 人没有恢复")
        return "，".join(parts)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A wish whose number is ready to be kept."""

    wish: Wish
    ref: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    active: bool
    topics: frozenset[str]


def sealed(wish: Wish, seal: Seal) -> Sealed:
    """Before the transaction: sealing takes longest, and needs no database."""
    ref = secrets.token_hex(16)
    return Sealed(wish, ref, seal(wish.phone, ref))


def take(
    connection: Connection, wishes: Sequence[Sealed], now: datetime, *, again: bool
) -> Imported:
    """Add or update subscribers; topics are replaced. `again`: who had been stopped, too."""
    known = _known(connection, [one.wish.blind_index for one in wishes])
    new = [one for one in wishes if one.wish.blind_index not in known]
    old = [(one, known[one.wish.blind_index]) for one in wishes if one.wish.blind_index in known]
    changed = [one for one, now_is in old if now_is.active and now_is.topics != one.wish.topics]
    stopped = [one for one, now_is in old if not now_is.active]
    back = stopped if again else []
    _add(connection, new, now)
    _change(connection, [known[one.wish.blind_index].id for one in (*changed, *back)])
    _set_topics(connection, [*new, *changed, *back])
    return Imported(
        added=len(new),
        changed=len(changed),
        unchanged=len(old) - len(changed) - len(stopped),
        back=len(back),
        left=len(stopped) - len(back),
    )


def _known(connection: Connection, indexes: Sequence[bytes]) -> dict[bytes, _Known]:
    found = {}
    for some in _parts(indexes):
        rows = connection.execute(
            select(subscribers.c.id, subscribers.c.blind_index, subscribers.c.active).where(
                subscribers.c.blind_index.in_(some)
            )
        ).all()
        topics: dict[int, set[str]] = {row.id: set() for row in rows}
        for row in connection.execute(
            select(subscriptions).where(subscriptions.c.subscriber_id.in_(list(topics)))
        ):
            topics[row.subscriber_id].add(row.topic)
        for row in rows:
            found[row.blind_index] = _Known(row.id, row.active, frozenset(topics[row.id]))
    return found


def _add(connection: Connection, new: Sequence[Sealed], now: datetime) -> None:
    for some in _parts(new):
        connection.execute(
            insert(subscribers),
            [
                {
                    "ref": one.ref,
                    "sealed": one.sealed,
                    "blind_index": one.wish.blind_index,
                    "active": True,
                    "created_at": now,
                }
                for one in some
            ],
        )


def _change(connection: Connection, ids: Sequence[int]) -> None:
    for some in _parts(ids):
        mine = subscribers.c.id.in_(some)
        connection.execute(update(subscribers).where(mine).values(active=True))
        connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id.in_(some)))


def _set_topics(connection: Connection, some: Sequence[Sealed]) -> None:
    for part in _parts(some):
        indexes = [one.wish.blind_index for one in part]
        ids = {row.blind_index: row.id for row in connection.execute(_IDS, {"indexes": indexes})}
        connection.execute(
            insert(subscriptions),
            [
                {"subscriber_id": ids[one.wish.blind_index], "topic": topic}
                for one in part
                for topic in sorted(one.wish.topics)
            ],
        )


def _parts(some: Sequence[Some]) -> Iterator[Sequence[Some]]:
    for start in range(0, len(some), _AT_ONCE):
        yield some[start : start + _AT_ONCE]


_IDS = select(subscribers.c.id, subscribers.c.blind_index).where(
    subscribers.c.blind_index.in_(bindparam("indexes", expanding=True))
)
