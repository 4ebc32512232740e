"""The provider: what it says of itself, and the keys it signs with. Both are kept for a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from channels._oidc.line import Line
from channels._oidc.options import Options, is_safe
from publisher.signin import SignInFailed

T = TypeVar("T")

_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SIGNS_FOR_ALL = frozenset({"RSA", "EC"})
"""Kinds of keys whose public half proves a signature; an `oct` key would be a shared secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What we use of the provider's discovery document."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_body: bool
    """Whether it takes our secret in the form only, not in a header."""
    names_itself: bool
    """Whether each of its answers says who gives it (RFC 9207)."""


class Provider:
    def __init__(self, options: Options, line: Line) -> None:
        self._options = options
        self._line = line
        self._metadata = _Kept(self._ask_metadata, options.keep)
        self._keys = _Kept(self._ask_keys, options.keep)

    def metadata(self) -> Metadata:
        return self._metadata.get()

    def keys(self, *, fresh: bool = False) -> KeySet:
        return self._keys.get(fresh=fresh)

    def _ask_metadata(self) -> Metadata:
        title, issuer = self._options.title, self._options.issuer
        found = self._line.get(get_well_known_url(issuer, external=True))
        if found.get("issuer") != issuer:
            raise SignInFailed(f"{title}自报的名字与设置里的 issuer 不一样，请管理员核对")
        for name in _ADDRESSES:
            if not is_safe(found.get(name)):
                raise SignInFailed(f"{title}没有给出可用的 {name}（要用 https），请管理员核对")
        ways = found.get("token_endpoint_auth_methods_supported")
        return Metadata(
            authorization_endpoint=found["authorization_endpoint"],
            token_endpoint=found["token_endpoint"],
            jwks_uri=found["jwks_uri"],
            secret_in_body=isinstance(ways, list)
            and "client_secret_post" in ways
            and "client_secret_basic" not in ways,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _ask_keys(self) -> KeySet:
        found = self._line.get(self.metadata().jwks_uri)
        try:
            usable: Any = [key for key in found["keys"] if _signs(key)]
            return KeySet.import_key_set({"keys": usable})
        except (JoseError, KeyError, TypeError, ValueError):
            title = self._options.title
            raise SignInFailed(f"{title}没有给出可用的公钥，请管理员核对") from None


def _signs(key: dict[str, Any]) -> bool:
    return key["kty"] in _SIGNS_FOR_ALL and key.get("use", "sig") == "sig"


class _Kept(Generic[T]):
    """Something asked for over the line, and asked for again when it is old.

    Two threads may ask at once: that does no harm, and neither waits for the other's slow answer.
    """

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._found: tuple[float, T] | None = None

    def get(self, *, fresh: bool = False) -> T:
        kept = self._found
        if not fresh and kept and time.monotonic() - kept[0] < self._seconds:
            return kept[1]
        found = self._ask()
        self._found = (time.monotonic(), found)
        return found
