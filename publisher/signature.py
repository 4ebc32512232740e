"""Signatures of what we post to other systems, as «Standard Webhooks» has them.

This file needs nothing but Python's standard library: a receiver may copy it as it is.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)
_PREFIX = "whsec_"
_VERSION = "v1"


class Forged(ValueError):
    """A post that is not to be believed; the text says why."""


def new_secret() -> str:
    """A fresh secret for two sides to share."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, key: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that go with a body. `key` stays the same when the same body is posted again."""
    at = str(int(now.timestamp()))
    return {
        "webhook-id": key,
        "webhook-timestamp": at,
        "webhook-signature": f"{_VERSION},{_signature(secret, key, at, body)}",
    }


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    window: timedelta = WINDOW,
) -> str:
    """The id of a post that is genuine and fresh; Forged otherwise.

    `body`: the bytes as they came. Whoever has taken this id before answers 2xx and does nothing:
    the sender had not heard the first answer, or somebody plays an old post again.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        key, at = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split()
    except KeyError as missing:
        raise Forged(f"no header {missing}") from None
    if not (at.isascii() and at.isdigit() and len(at) < 12):
        raise Forged("the timestamp is no number of seconds")
    if abs(now.timestamp() - int(at)) > window.total_seconds():
        raise Forged("too old, or from the future: a replay, or a clock that is wrong")
    wanted = f"{_VERSION},{_signature(secret, key, at, body)}".encode()
    if not any(hmac.compare_digest(wanted, one.encode()) for one in signatures):
        raise Forged("the signature does not fit")
    return key


def _signature(secret: str, key: str, at: str, body: bytes) -> str:
    try:
        shared = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("the secret is whsec_ and then base64") from None
    signed = f"{key}.{at}.".encode() + body
    return base64.b64encode(hmac.digest(shared, signed, hashlib.sha256)).decode()
