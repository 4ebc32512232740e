"""Tokens: which programs may come in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from publisher.access import SCOPE_WORDS, Right, System
from publisher.store import audit
from publisher.store.engine import Database
from publisher.store.office_tables import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; the token itself is not."""

    id: int
    name: str
    scopes: frozenset[Right]
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str

    @property
    def system(self) -> System:
        return System(token_id=self.id, name=self.name, scopes=self.scopes)

    def lasts(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


_ALL = select(tokens).order_by(tokens.c.id)
_ONE = select(tokens).where(tokens.c.digest == bindparam("digest"))


class Tokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Token]:
        """Every token there ever was, oldest first."""
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(_ALL)]

    def find(self, digest: bytes) -> Token | None:
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"digest": digest}).first()
            return _token(row) if row else None

    def add(
        self,
        name: str,
        digest: bytes,
        scopes: frozenset[Right],
        *,
        expires_at: datetime,
        by: str,
        now: datetime,
    ) -> Token:
        words = "、".join(word for right, word in SCOPE_WORDS.items() if right in scopes)
        with self._database.write() as connection:
            row = connection.execute(
                insert(tokens)
                .values(
                    name=name,
                    digest=digest,
                    scopes=sorted(scopes),
                    created_at=now,
                    created_by=by,
                    expires_at=expires_at,
                    revoked_by="",
                )
                .returning(*tokens.c)
            ).one()
            detail = f"{name}（{row.id} 号）：{words}"
            audit.write(connection, at=now, actor=by, act="token_issued", detail=detail)
        return _token(row)

    def see(self, token_id: int, now: datetime) -> None:
        """Somebody came with it at this time."""
        with self._database.write() as connection:
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(used_at=now))

    def revoke(self, token_id: int, *, by: str, now: datetime) -> Token | None:
        """Let a token open nothing any more; None if there is none that is not revoked yet."""
        with self._database.write() as connection:
            row = connection.execute(
                update(tokens)
                .where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
                .values(revoked_at=now, revoked_by=by)
                .returning(*tokens.c)
            ).first()
            if row is None:
                return None
            detail = f"{row.name}（{row.id} 号）"
            audit.write(connection, at=now, actor=by, act="token_revoked", detail=detail)
        return _token(row)


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        scopes=frozenset(map(Right, row.scopes)),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )
