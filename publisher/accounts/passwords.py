"""Passwords: kept as Argon2id, looked at by few at a time, so that a flood eats no memory."""

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from publisher.accounts.errors import Busy
from publisher.accounts.policy import LONGEST

HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)

_AT_ONCE = threading.BoundedSemaphore(2)
_ROOM = threading.BoundedSemaphore(16)
"""Of this process: 19 MiB for each hash, and no thread kept waiting behind more than some."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class Passwords:
    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._nobodys = _like_a_hash_of(hasher)

    def hash(self, password: str) -> str:
        with _AT_ONCE:
            return self._hasher.hash(_bytes(password))

    def fits(self, kept: str, password: str) -> bool:
        """Whether it is the password. Where none is kept it costs the same, and is not."""
        with _AT_ONCE:
            try:
                self._hasher.verify(kept or self._nobodys, _bytes(password))
            except VerifyMismatchError:
                return False
        return bool(kept)

    def is_weak(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than are asked for today."""
        return self._hasher.check_needs_rehash(kept)


@contextmanager
def room() -> Iterator[None]:
    """A place among those whose password is looked at. Raises Busy where there is none."""
    if not _ROOM.acquire(blocking=False):
        raise Busy("现在登录的人太多，请过几秒再试", "password")
    try:
        yield
    finally:
        _ROOM.release()


def a_temporary_password() -> str:
    """Easy to read out and to type; about 79 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def _bytes(password: str) -> bytes:
    """The same for what an input method types as full-width; more than anybody's password is
    enough to be wrong.
    """
    return unicodedata.normalize("NFKC", password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


def _like_a_hash_of(hasher: PasswordHasher) -> str:
    """What no password fits and takes as long to find out."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
