"""The provider behind a sign-in: in trouble, with new keys, not what it says, set up wrongly."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.console import SignInRule
from config.settings import ConfigError
from publisher.adapters import find_sign_in
from publisher.signin import SignIn, SignInFailed
from tests.simulators.oidc import OidcSimulator
from tests.simulators.oidc_tokens import Wrong
from tests.simulators.server import Fault
from tests.support.certificate import self_signed
from tests.support.signing_in import BACK, asked_for, log_in, refused, sign_in_with


@pytest.fixture
def provider() -> Iterator[OidcSimulator]:
    with OidcSimulator() as simulator:
        simulator.user = "zhangmin"
        yield simulator


@pytest.fixture
def sign_in(provider: OidcSimulator) -> SignIn:
    return sign_in_with(provider)


@pytest.mark.parametrize("path", ["openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.ERROR, "HTTP 500"),
        (Fault.HANG, "没有回音"),
        (Fault.RESET, "连不上"),
        (Fault.NONSENSE, "看不懂"),
        (Fault.TRUNCATED, "看不懂"),
    ],
)
def test_a_provider_in_trouble_is_said_to_be_so_and_all_is_well_after(
    provider: OidcSimulator, sign_in: SignIn, path: str, fault: Fault, reason: str
) -> None:
    provider.plan(fault, path)
    assert reason in refused(sign_in)
    assert log_in(sign_in) == "zhangmin"


def test_a_provider_that_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        options = {"issuer": url, "client_id": "x", "client_secret": "y"}
        sign_in = find_sign_in(SignInRule(adapter="channels._oidc", options=options))
        assert sign_in
        assert "连不上" in refused(sign_in)


def test_metadata_and_keys_are_asked_for_once_and_again_when_old(provider: OidcSimulator) -> None:
    sign_in = sign_in_with(provider)
    for _ in range(3):
        log_in(sign_in)
    assert asked_for(provider, "/.well-known/openid-configuration") == 1
    assert asked_for(provider, "/jwks") == 1
    forgetful = sign_in_with(provider, keep=0)
    log_in(forgetful)
    log_in(forgetful)
    assert asked_for(provider, "/jwks") == 3


def test_a_new_key_is_fetched_when_it_is_first_met_and_only_then(
    provider: OidcSimulator, sign_in: SignIn
) -> None:
    log_in(sign_in)
    provider.rotate()
    assert log_in(sign_in) == "zhangmin"
    log_in(sign_in)
    assert asked_for(provider, "/jwks") == 2
    provider.wrong = Wrong.UNKNOWN_KEY
    assert "签名不是它的" in refused(sign_in)
    assert asked_for(provider, "/jwks") == 3, "asked once more, not for ever"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"issuer": "https://somebody-else.example"}, "issuer 不一样"),
        ({"token_endpoint": "http://sso.xinji.example/token"}, "token_endpoint"),
        ({"jwks_uri": None}, "jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
    ],
)
def test_a_discovery_document_that_cannot_be_trusted_is_not(
    provider: OidcSimulator, sign_in: SignIn, change: dict[str, Any], reason: str
) -> None:
    provider.metadata.update(change)
    assert reason in refused(sign_in)


def test_a_proxy_of_the_environment_sees_nothing(
    provider: OidcSimulator, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    begun = sign_in.begin(BACK)
    assert begun.url.startswith(f"{provider.url}/authorize?")


def test_a_certificate_counts_if_the_city_vouches_for_it(tmp_path: Path) -> None:
    certificate = tmp_path / "own.pem"
    self_signed(certificate, "localhost")
    with OidcSimulator(certificate=certificate) as provider:
        sign_in = sign_in_with(provider, ca_file=certificate)
        assert sign_in.begin(BACK).url.startswith(f"{provider.url}/authorize?")
        with pytest.raises(SignInFailed, match="证书不可信"):
            sign_in_with(provider).begin(BACK)


def test_a_redirect_is_not_followed_with_the_secret(
    provider: OidcSimulator, sign_in: SignIn
) -> None:
    with OidcSimulator() as elsewhere:
        provider.elsewhere = elsewhere.url
        assert "HTTP 307" in refused(sign_in)
        assert elsewhere.calls == []


def test_only_keys_that_prove_who_signed_are_taken(
    provider: OidcSimulator, sign_in: SignIn
) -> None:
    provider.other_keys = [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}, {"kty": "new"}]
    assert log_in(sign_in) == "zhangmin"
    provider.rotate()
    provider.other_keys = ["nonsense"]
    assert "没有给出可用的公钥" in refused(sign_in)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"issuer": "http://sso.xinji.example"}, "sign_in.options.issuer：.*https"),
        ({"issuer": "https://sso.xinji.example/?a=1"}, "sign_in.options.issuer"),
        ({"issuer": "https://[sso"}, "sign_in.options.issuer"),
        ({"client_secret": ""}, "sign_in.options.client_secret"),
        ({"client_id": ""}, "sign_in.options.client_id"),
        ({"scopes": ["profile"]}, "sign_in.options.scopes：.*openid"),
        ({"ca_file": "/nowhere/ca.pem"}, "sign_in.options.ca_file：没有文件"),
        ({"isuer": "x"}, "sign_in.options.isuer：不认识"),
    ],
)
def test_wrong_settings_stop_the_start(
    provider: OidcSimulator, options: dict[str, Any], path: str
) -> None:
    with pytest.raises(ConfigError, match=path):
        sign_in_with(provider, **options)


def test_a_city_may_have_passwords_only_but_no_unknown_way() -> None:
    assert find_sign_in(SignInRule()) is None
    with pytest.raises(ConfigError, match=r"sign_in\.adapter"):
        find_sign_in(SignInRule(adapter="channels._pigeon"))
