"""Tokens: which programs may come in, and what with."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from publisher.access import SCOPE_WORDS, Right, System
from publisher.accounts import names
from publisher.accounts.errors import AccountError
from publisher.accounts.marks import LENGTH, digest_of, new_mark
from publisher.store import StoreError, tokens
from publisher.store.tokens import Token

log = structlog.get_logger(__name__)

LONGEST = timedelta(days=1096)
_PREFIX = "xjp_"
_SHAPE = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{{LENGTH}}}[0-9a-f]{{8}}")
"""A scanner for secrets knows it by this, and by its CRC-32 at the end."""
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: shown this once, for only its hash is kept."""

    token: Token
    bearer: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    store: tokens.Tokens

    def issue(
        self, name: str, *, scopes: Iterable[str], expires_at: datetime, by: str, now: datetime
    ) -> Issued:
        """Give a system a token. Raises AccountError."""
        name, by, rights = names.check_system(name), names.check_by(by), _rights(scopes)
        if not now < expires_at <= now + LONGEST:
            raise AccountError(
                f"有效期应在今后 {LONGEST.days} 天之内；到期之前换发一个新的", "expires_at"
            )
        body = _PREFIX + new_mark()
        bearer = body + _checksum(body)
        added = self.store.add(
            name, digest_of(bearer), rights, expires_at=expires_at, by=by, now=now
        )
        return Issued(added, bearer)

    def open(self, bearer: str, now: datetime) -> System | None:
        """Which system comes with this token; a forged one costs no question to the database."""
        if not _is_ours(bearer):
            return None
        found = self.store.find(digest_of(bearer))
        if found is None or not found.lasts(now):
            return None
        if found.used_at is None or now - found.used_at >= _SEEN_EVERY:
            self._see(found, now)
        return found.system

    def revoke(self, token_id: int, *, by: str, now: datetime) -> Token:
        """Take a token back, from the next request on. Raises AccountError."""
        if revoked := self.store.revoke(token_id, by=names.check_by(by), now=now):
            return revoked
        raise AccountError(f"没有编号为 {token_id} 的令牌，或已经吊销", "token")

    def all(self) -> list[Token]:
        return self.store.all()

    def _see(self, found: Token, now: datetime) -> None:
        """Where that cannot be written, on a full disk say, programs can still ask."""
        try:
            self.store.see(found.id, now)
        except StoreError as error:
            log.warning("token_not_seen", token=found.id, error=str(error))


def _rights(scopes: Iterable[str]) -> frozenset[Right]:
    wanted = set(scopes)
    known = "、".join(f"{right}（{word}）" for right, word in SCOPE_WORDS.items())
    if unknown := sorted(wanted - set(SCOPE_WORDS)):
        raise AccountError(f"没有「{unknown[0][:30]}」这个权限，应为：{known}", "scopes")
    if not wanted:
        raise AccountError(f"请至少选一个权限：{known}", "scopes")
    return frozenset(map(Right, wanted))


def _is_ours(bearer: str) -> bool:
    return bool(_SHAPE.fullmatch(bearer)) and _checksum(bearer[:-8]) == bearer[-8:]


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
