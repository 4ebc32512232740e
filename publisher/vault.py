"""Phone numbers at rest: sealed with one key, found again with another.

A plain hash of a phone number is no protection (there are few numbers), so the index is keyed.
A sealed number is bound to its subscriber: moved to another row, it does not open.
"""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_INDEX_BYTES = 16
_SPACERS = frozenset({"Pd", "Cf"})  # dashes of every length, and invisible marks from copying
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


class VaultError(ValueError):
    """A key that is none, or a sealed number that does not open. Names neither."""


class Vault:
    """Seals, opens and indexes phone numbers. Its repr tells nothing."""

    __slots__ = ("_cipher", "_index_key")

    def __init__(self, encryption_key: bytes, index_key: bytes) -> None:
        for name, key in (("加密", encryption_key), ("索引", index_key)):
            if len(key) != KEY_BYTES:
                raise VaultError(f"手机号{name}密钥应为 {KEY_BYTES} 字节，现为 {len(key)} 字节")
        if hmac.compare_digest(encryption_key, index_key):
            raise VaultError("手机号的加密密钥和索引密钥不能相同，请各生成一个")
        self._cipher = AESGCM(encryption_key)
        self._index_key = index_key

    @classmethod
    def from_text(cls, encryption_key: str, index_key: str) -> Self:
        """Build from keys as they stand in the settings (see `new_key`)."""
        return cls(_key("加密", encryption_key), _key("索引", index_key))

    def seal(self, phone: str, subscriber_ref: str) -> bytes:
        """Encrypt a normal phone number for one subscriber: version, nonce, text and tag."""
        if normal_phone(phone) != phone:
            raise VaultError("只能保存整理过的 11 位手机号")
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, phone.encode(), _bound_to(subscriber_ref))
        return _VERSION + nonce + sealed

    def open(self, sealed: bytes, subscriber_ref: str) -> str:
        """The phone number again. Raises VaultError: another key, another row, or altered."""
        if sealed[:1] != _VERSION:
            raise VaultError("订户号码的加密版本不认识，请检查密钥和数据库是否配套")
        nonce, secret = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, secret, _bound_to(subscriber_ref)).decode()
        except (InvalidTag, ValueError):
            raise VaultError("订户号码解不开：密钥不对，或数据被改动过") from None

    def index(self, phone: str) -> bytes:
        """A keyed fingerprint of a normal phone number, for finding and for uniqueness."""
        return hmac.digest(self._index_key, phone.encode(), hashlib.sha256)[:_INDEX_BYTES]

    def __repr__(self) -> str:
        return "Vault()"


def new_key() -> str:
    """A fresh key in the form the settings want: base64 of 32 random bytes."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def normal_phone(text: str) -> str | None:
    """The 11 digits of a mainland mobile number however it was typed; None if it is none."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(
        char for char in plain if not char.isspace() and unicodedata.category(char) not in _SPACERS
    )
    found = _PHONE.fullmatch(digits)
    return found.group(1) if found else None


def mask(phone: str) -> str:
    """How a number may be shown: 139****0001; what is not as long shows nothing."""
    if len(phone) < 11:
        return "****"
    return f"{phone[:3]}****{phone[-4:]}"


def _bound_to(subscriber_ref: str) -> bytes:
    return b"sms.phone|" + subscriber_ref.encode()


def _key(name: str, text: str) -> bytes:
    wrong = f"手机号{name}密钥的写法不对：应为 {KEY_BYTES} 个随机字节的 base64（44 个字符）"
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise VaultError(wrong) from None
    if len(key) != KEY_BYTES:
        raise VaultError(wrong)
    return key
