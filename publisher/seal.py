"""Sealing: text at rest that opens only with its key, at its place, unaltered."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """What was sealed does not open: another key, another place, or altered."""


class SealUnknown(ValueError):
    """What does not even look as if it were sealed by us."""


class Seal:
    """AES-GCM with a key of 32 bytes: version, nonce, text and tag. Its repr tells nothing."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"应为 {KEY_BYTES} 字节，现为 {len(key)} 字节")
        self._cipher = AESGCM(key)

    def seal(self, text: str, bound_to: str) -> bytes:
        """`bound_to` names the place; moved to another, it does not open."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> str:
        """The text again. Raises SealBroken or SealUnknown."""
        if sealed[:1] != _VERSION:
            raise SealUnknown
        nonce, secret = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, secret, bound_to.encode()).decode()
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def __repr__(self) -> str:
        return "Seal()"


def new_key() -> str:
    """A fresh key in the form the settings want: base64 of 32 random bytes."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def key_from(text: str) -> bytes:
    """A key as it stands in the settings. Raises ValueError, which never shows it."""
    wrong = f"写法不对：应为 {KEY_BYTES} 个随机字节的 base64（44 个字符）"
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise ValueError(wrong) from None
    if len(key) != KEY_BYTES:
        raise ValueError(wrong)
    return key
