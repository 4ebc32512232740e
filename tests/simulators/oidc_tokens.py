"""ID tokens of the stand-in provider, right ones and wrong ones.

Signed here by hand, so that what we check them with is not what made them.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class Wrong(StrEnum):
    """What is wrong with a token: a mark on it, then its signature, then the whole of it."""

    ISS = "iss"
    AUD = "aud"
    OTHERS_TOO = "others_too"  # for us and for somebody else, without saying who asked
    AZP = "azp"
    NONCE = "nonce"
    NO_NONCE = "no_nonce"
    EXPIRED = "expired"
    NO_EXPIRY = "no_expiry"
    FUTURE = "future"
    NOT_YET = "not_yet"
    AT_HASH = "at_hash"
    AT_HASH_KIND = "at_hash_kind"
    NO_SUBJECT = "no_subject"
    ALG_NONE = "alg_none"
    PUBLIC_KEY_AS_SECRET = "public_key_as_secret"
    OTHER_KEY = "other_key"  # under the name of the one that is published
    UNKNOWN_KEY = "unknown_key"
    ALTERED = "altered"
    NO_TOKEN = "no_token"
    NO_JWT = "no_jwt"


@dataclass(frozen=True)
class Key:
    """A key of the provider, known by its `kid`."""

    kid: str
    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        repr=False,
    )

    def public(self) -> dict[str, Any]:
        """As it stands among the published keys."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": _base64(numbers.n.to_bytes(256)),
            "e": _base64(numbers.e.to_bytes(3)),
        }

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def as_secret(self, data: bytes) -> bytes:
        """HS256 with what everybody may read."""
        pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hmac.digest(pem, data, "sha256")


@cache
def first_key() -> Key:
    """What every provider of this process begins with: making one takes a while."""
    return Key("key-1")


def id_token(claims: Mapping[str, Any], access_token: str, key: Key, wrong: Wrong | None) -> str:
    """A token with these claims, and with what is asked for gone wrong."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    body = _spoiled({**claims, "at_hash": _base64(half)}, wrong)
    match wrong:
        case Wrong.ALG_NONE:
            return _compact({"alg": "none"}, body) + "."
        case Wrong.PUBLIC_KEY_AS_SECRET:
            data = _compact({"alg": "HS256", "kid": key.kid}, body)
            return f"{data}.{_base64(key.as_secret(data.encode()))}"
        case Wrong.NO_JWT:
            return "not-a-token"
    signer = Key(key.kid) if wrong is Wrong.OTHER_KEY else key
    kid = "key-nobody-knows" if wrong is Wrong.UNKNOWN_KEY else key.kid
    header = {"alg": "RS256", "kid": kid, "typ": "JWT"}
    data = _compact(header, body)
    signature = _base64(signer.sign(data.encode()))
    if wrong is Wrong.ALTERED:
        data = _compact(header, {**body, "preferred_username": "root"})
    return f"{data}.{signature}"


def _spoiled(claims: dict[str, Any], wrong: Wrong | None) -> dict[str, Any]:
    now = int(time.time())
    changes: dict[Wrong | None, dict[str, Any]] = {
        Wrong.ISS: {"iss": "https://somebody-else.example"},
        Wrong.AUD: {"aud": "another-system"},
        Wrong.OTHERS_TOO: {"aud": [claims["aud"], "another-system"]},
        Wrong.AZP: {"azp": "another-system"},
        Wrong.NONCE: {"nonce": "of-another-sign-in"},
        Wrong.NO_NONCE: {"nonce": None},
        Wrong.EXPIRED: {"iat": now - 700, "exp": now - 100},
        Wrong.NO_EXPIRY: {"exp": None},
        Wrong.FUTURE: {"iat": now + 300, "exp": now + 600},
        Wrong.NOT_YET: {"nbf": now + 300},
        Wrong.AT_HASH: {"at_hash": _base64(b"another token...")},
        Wrong.AT_HASH_KIND: {"at_hash": ["no text"]},
        Wrong.NO_SUBJECT: {"sub": None},
    }
    spoiled = {**claims, **changes.get(wrong, {})}
    return {name: value for name, value in spoiled.items() if value is not None}


def _compact(header: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, body))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
