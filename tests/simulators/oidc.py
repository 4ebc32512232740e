"""A stand-in for the city's account system: an OpenID provider that is strict about every field.

    python -m tests.simulators.oidc --port 18820 --redirect http://127.0.0.1:8080/login/back

Whoever comes chooses a user on its page; `user` lets that one in without asking. `wrong` spoils
each ID token from then on, `plan` plays faults on the wire as in every simulator.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import secrets
import signal
import ssl
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from tests.simulators.oidc_tokens import Key, Wrong, first_key, id_token
from tests.simulators.server import Request, Response, Simulator

_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Client:
    """A system that may let people sign in here."""

    id: str = "xinji-publisher"
    secret: str = field(default="demo secret/+密", repr=False)
    redirect_uris: tuple[str, ...] = ("http://127.0.0.1:1/login/back",)


@dataclass(frozen=True)
class _Code:
    """What a code was given for."""

    user: str
    redirect_uri: str
    nonce: str
    challenge: str
    until: float


class OidcSimulator(Simulator):
    """`users` are the claims of each, by login name."""

    def __init__(
        self, port: int = 0, client: Client | None = None, certificate: Path | None = None
    ) -> None:
        """`certificate`: key and certificate of localhost; with it, all goes over TLS."""
        super().__init__(port)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self._server.server_address[1]}"
        self.client = client or Client()
        self.users: dict[str, dict[str, Any]] = {
            name: {"preferred_username": name, "email": f"{name}@xinji.example"}
            for name in ("zhangmin", "liqiang", "wangfang")
        }
        self.user: str | None = None
        self.wrong: Wrong | None = None
        self.metadata: dict[str, Any] = {}
        """Laid over what it says of itself."""
        self.other_keys: list[Any] = []
        """Published beside its own."""
        self.elsewhere = ""
        """Where it sends those off to who come with a code."""
        self.key = first_key()
        self.signed_in: list[dict[str, Any]] = []
        self._codes: dict[str, _Code] = {}

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is published no more."""
        with self.lock:
            self.key = Key(f"key-{secrets.token_hex(4)}")

    def handle(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/.well-known/openid-configuration"):
                return Response.of_json(self._metadata())
            case ("GET", "/jwks"):
                return Response.of_json({"keys": [*self.other_keys, self.key.public()]})
            case ("GET", "/authorize"):
                return self._authorize(request.query)
            case ("POST", "/authorize"):
                chosen = _fields(request.body)
                return self._authorize(chosen, chosen.get("user"))
            case ("POST", "/token"):
                return self._token(request)
            case _:
                return Response(b"not found", 404, "text/plain")

    def code_response(self, request: Request, code: str) -> Response:
        del request
        return _error(code)

    def ledger(self) -> list[dict[str, Any]]:
        with self.lock:
            return list(self.signed_in)

    def page(self) -> str:
        with self.lock:
            rows = "".join(
                f"<li>{escape(one['user'])}，{escape(one['at'])}</li>" for one in self.signed_in
            )
        return f"{_HEAD}<h1>统一身份认证（模拟）</h1><p>登录过的人：</p><ul>{rows}</ul></html>"

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def _authorize(self, asked: Mapping[str, str], chosen: str | None = None) -> Response:
        if (
            asked.get("client_id") != self.client.id
            or asked.get("redirect_uri") not in self.client.redirect_uris
        ):
            return Response("没有登记过的系统或地址".encode(), 400, "text/plain; charset=utf-8")
        back = {"state": asked.get("state", ""), "iss": self.url}
        if problem := _problem(asked):
            return _redirect(asked["redirect_uri"], back | {"error": problem})
        if chosen == "":
            return _redirect(asked["redirect_uri"], back | {"error": "access_denied"})
        user = chosen or self.user
        if user not in self.users:
            return Response(self._login_page(asked).encode(), content_type=_HTML)
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(
            user=user,
            redirect_uri=asked["redirect_uri"],
            nonce=asked["nonce"],
            challenge=asked["code_challenge"],
            until=time.monotonic() + 60,
        )
        return _redirect(asked["redirect_uri"], back | {"code": code})

    def _login_page(self, asked: Mapping[str, str]) -> str:
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in asked.items()
            if name != "user"
        )
        buttons = "".join(
            f'<p><button name="user" value="{escape(user)}">{escape(user)}</button></p>'
            for user in self.users
        )
        return (
            f"{_HEAD}<h1>统一身份认证（模拟）</h1><p>选择以谁的身份登录：</p>"
            f'<form method="post" action="/authorize">{hidden}{buttons}'
            '<p><button name="user" value="">取消</button></p></form></html>'
        )

    def _token(self, request: Request) -> Response:
        if self.elsewhere:
            return Response(b"{}", 307, headers={"Location": f"{self.elsewhere}/token"})
        form = _fields(request.body)
        if not self._is_client(request.headers, form):
            return _error("invalid_client", 401)
        if form.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type")
        code = self._codes.pop(form.get("code", ""), None)  # it is good for one try
        if (
            code is None
            or code.until < time.monotonic()
            or form.get("redirect_uri") != code.redirect_uri
            or _challenge(form.get("code_verifier", "")) != code.challenge
        ):
            return _error("invalid_grant")
        self.signed_in.append({"user": code.user, "at": time.strftime("%H:%M:%S")})
        return self._given(code)

    def _given(self, code: _Code) -> Response:
        now = int(time.time())
        access_token = secrets.token_urlsafe(24)
        claims = {
            "iss": self.url,
            "sub": f"sub-{code.user}",
            "aud": self.client.id,
            "iat": now,
            "exp": now + 300,
            "nonce": code.nonce,
            **self.users[code.user],
        }
        given = {"access_token": access_token, "token_type": "Bearer", "expires_in": 300}
        if self.wrong is not Wrong.NO_TOKEN:
            given["id_token"] = id_token(claims, access_token, self.key, self.wrong)
        return Response.of_json(given)

    def _is_client(self, headers: Mapping[str, str], form: Mapping[str, str]) -> bool:
        ways = self.metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_post" in ways:
            name, secret = form.get("client_id", ""), form.get("client_secret", "")
        else:
            name, secret = _basic(headers.get("authorization", ""))
        return name == self.client.id and hmac.compare_digest(
            secret.encode(), self.client.secret.encode()
        )


def _problem(asked: Mapping[str, str]) -> str:
    """What is wrong with a request to sign somebody in, by its standard name; nothing: ''."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    pkce = (
        asked.get("code_challenge_method") == "S256" and len(asked.get("code_challenge", "")) == 43
    )
    return "" if pkce and asked.get("nonce") and asked.get("state") else "invalid_request"


def _basic(header: str) -> tuple[str, str]:
    kind, _, rest = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if kind == "Basic" else ("", "")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _error(code: str, status: int = 400) -> Response:
    body = json.dumps({"error": code, "error_description": "<b>no</b>"}).encode()
    return Response(body, status)


def _redirect(address: str, answer: Mapping[str, str]) -> Response:
    return Response(b"", 302, _HTML, headers={"Location": f"{address}?{urlencode(answer)}"})


_HEAD = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>统一身份认证（模拟）</title>'
)


def main() -> None:
    """Run in the foreground until SIGTERM, or until whoever started it closes our stdin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--redirect", action="append", required=True)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    client = Client(redirect_uris=tuple(chosen.redirect))
    with OidcSimulator(chosen.port, client) as simulator:
        sys.stdout.write(json.dumps({"url": simulator.url}) + "\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
