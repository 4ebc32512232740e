"""Phone numbers at rest: sealed with one key, found again with another.

A plain hash of a phone number is no protection (there are few numbers), so the index is keyed.
A sealed number is bound to its subscriber: moved to another row, it does not open.
"""

import hashlib
import hmac
import re
import unicodedata
from typing import Self

from publisher.seal import KEY_BYTES, Seal, SealBroken, SealUnknown, key_from, new_key

__all__ = ["Vault", "VaultError", "mask", "new_key", "normal_phone"]

_INDEX_BYTES = 16
_SPACERS = frozenset({"Pd", "Cf"})  # dashes of every length, and invisible marks from copying
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


class VaultError(ValueError):
    """A key that is none, or a sealed number that does not open. Names neither."""


class Vault:
    """Seals, opens and indexes phone numbers. Its repr tells nothing."""

    __slots__ = ("_index_key", "_seal")

    def __init__(self, encryption_key: bytes, index_key: bytes) -> None:
        for name, key in (("加密", encryption_key), ("索引", index_key)):
            if len(key) != KEY_BYTES:
                raise VaultError(f"手机号{name}密钥应为 {KEY_BYTES} 字节，现为 {len(key)} 字节")
        if hmac.compare_digest(encryption_key, index_key):
            raise VaultError("手机号的加密密钥和索引密钥不能相同，请各生成一个")
        self._seal = Seal(encryption_key)
        self._index_key = index_key

    @classmethod
    def from_text(cls, encryption_key: str, index_key: str) -> Self:
        """Build from keys as they stand in the settings (see `new_key`)."""
        return cls(_key("加密", encryption_key), _key("索引", index_key))

    def seal(self, phone: str, subscriber_ref: str) -> bytes:
        """Encrypt a normal phone number for one subscriber: version, nonce, text and tag."""
        if normal_phone(phone) != phone:
            raise VaultError("只能保存整理过的 11 位手机号")
        return self._seal.seal(phone, _bound_to(subscriber_ref))

    def open(self, sealed: bytes, subscriber_ref: str) -> str:
        """The phone number again. Raises VaultError: another key, another row, or altered."""
        try:
            return self._seal.open(sealed, _bound_to(subscriber_ref))
        except SealUnknown:
            raise VaultError("订户号码的加密版本不认识，请检查密钥和数据库是否配套") from None
        except SealBroken:
            raise VaultError("订户号码解不开：密钥不对，或数据被改动过") from None

    def index(self, phone: str) -> bytes:
        """A keyed fingerprint of a normal phone number, for finding and for uniqueness."""
        return hmac.digest(self._index_key, phone.encode(), hashlib.sha256)[:_INDEX_BYTES]

    def __repr__(self) -> str:
        return "Vault()"


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


def _bound_to(subscriber_ref: str) -> str:
    return "sms.phone|" + subscriber_ref


def _key(name: str, text: str) -> bytes:
    try:
        return key_from(text)
    except ValueError as error:
        raise VaultError(f"手机号{name}密钥的{error}") from None
