"""Signing in at the stand-in provider, as a browser would go about it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from config.console import SignInRule
from publisher.adapters import find_sign_in
from publisher.signin import SignIn, SignInFailed
from tests.simulators.oidc import OidcSimulator

BACK = "http://127.0.0.1:1/login/back"


def rule(provider: OidcSimulator, **options: Any) -> SignInRule:
    """The [sign_in] of a city whose account system this is."""
    given = {
        "issuer": provider.url,
        "client_id": provider.client.id,
        "client_secret": provider.client.secret,
        "read_timeout": 0.4,
        **options,
    }
    return SignInRule(adapter="channels._oidc", options=given)


def sign_in_with(provider: OidcSimulator, **options: Any) -> SignIn:
    found = find_sign_in(rule(provider, **options))
    assert found
    return found


def visit(url: str, user: str | None = None) -> dict[str, str]:
    """Go there, choose a user if asked to, and bring back the answer that we are sent off with."""
    page = requests.get(url, allow_redirects=False, timeout=5)
    if user is not None:
        assert page.status_code == 200, "a page that asks who one is"
        asked = dict(parse_qsl(urlsplit(url).query))
        address = url.partition("?")[0]
        page = requests.post(address, {**asked, "user": user}, allow_redirects=False, timeout=5)
    assert page.status_code == 302, page.text
    where = page.headers["Location"]
    assert where.startswith(BACK)
    return dict(parse_qsl(urlsplit(where).query))


def log_in(sign_in: SignIn) -> str:
    """All the way, for a provider that asks nobody anything."""
    begun = sign_in.begin(BACK)
    return sign_in.finish(begun, visit(begun.url), BACK)


def refused(sign_in: SignIn) -> str:
    """Why nobody got in; the sentence gives no secret away."""
    with pytest.raises(SignInFailed) as failure:
        log_in(sign_in)
    sentence = str(failure.value)
    assert "secret" not in sentence.replace("client_secret", "")
    assert "://" not in sentence
    return sentence


def asked_for(provider: OidcSimulator, path: str) -> int:
    return sum(call.path == path for call in provider.calls)
