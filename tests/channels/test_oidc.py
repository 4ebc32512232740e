"""Sign-in with OpenID Connect: the right person gets in, and every doubt keeps out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from publisher.signin import SignIn, SignInFailed
from tests.simulators.oidc import OidcSimulator
from tests.simulators.oidc_tokens import Wrong
from tests.support.signing_in import BACK, asked_for, log_in, refused, rule, sign_in_with, visit


@pytest.fixture
def provider() -> Iterator[OidcSimulator]:
    with OidcSimulator() as simulator:
        simulator.user = "zhangmin"
        yield simulator


@pytest.fixture
def sign_in(provider: OidcSimulator) -> SignIn:
    return sign_in_with(provider)


def test_who_is_chosen_at_the_provider_is_who_comes_in(
    provider: OidcSimulator, sign_in: SignIn
) -> None:
    provider.user = None
    begun = sign_in.begin(BACK)
    assert sign_in.finish(begun, visit(begun.url, "liqiang"), BACK) == "liqiang"
    assert [one["user"] for one in provider.ledger()] == ["liqiang"]
    assert sign_in.title == "统一身份认证"


def test_the_login_name_is_taken_from_the_claim_that_the_city_names(
    provider: OidcSimulator,
) -> None:
    assert log_in(sign_in_with(provider, claim="email")) == "zhangmin@xinji.example"


def test_a_secret_goes_into_the_form_where_the_provider_wants_it_there(
    provider: OidcSimulator,
) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert log_in(sign_in_with(provider)) == "zhangmin"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Wrong.ISS, "签发者"),
        (Wrong.AUD, "不是发给本系统的"),
        (Wrong.OTHERS_TOO, "缺少 azp"),
        (Wrong.AZP, "不是发给本系统的"),
        (Wrong.NONCE, "不是这一次登录的"),
        (Wrong.NO_NONCE, "缺少 nonce"),
        (Wrong.EXPIRED, "过期"),
        (Wrong.NO_EXPIRY, "缺少 exp"),
        (Wrong.FUTURE, "签发时间"),
        (Wrong.NOT_YET, "还没有生效"),
        (Wrong.AT_HASH, "访问凭证"),
        (Wrong.AT_HASH_KIND, "内容看不懂"),
        (Wrong.NO_SUBJECT, "缺少 sub"),
        (Wrong.ALG_NONE, "签名不是它的"),
        (Wrong.PUBLIC_KEY_AS_SECRET, "签名不是它的"),
        (Wrong.OTHER_KEY, "签名不是它的"),
        (Wrong.ALTERED, "签名不是它的"),
        (Wrong.NO_TOKEN, "没有 id_token"),
        (Wrong.NO_JWT, "签名不是它的"),
    ],
)
def test_a_token_with_anything_wrong_lets_nobody_in(
    provider: OidcSimulator, sign_in: SignIn, wrong: Wrong, reason: str
) -> None:
    provider.wrong = wrong
    sentence = refused(sign_in)
    assert sentence.startswith("统一身份认证给的登录凭证不可信：")
    assert reason in sentence


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 129, 7, None, ["zhangmin"]])
def test_a_login_name_that_is_none_lets_nobody_in(
    provider: OidcSimulator, sign_in: SignIn, name: Any
) -> None:
    provider.users["zhangmin"]["preferred_username"] = name
    assert "preferred_username" in refused(sign_in)


def test_a_mail_address_that_nobody_has_checked_lets_nobody_in(provider: OidcSimulator) -> None:
    provider.users["zhangmin"]["email_verified"] = False
    assert "没有核实" in refused(sign_in_with(provider, claim="email"))


def test_an_answer_to_a_sign_in_of_somebody_else_is_refused(sign_in: SignIn) -> None:
    mine, theirs = sign_in.begin(BACK), sign_in.begin(BACK)
    with pytest.raises(SignInFailed, match="不是从本系统的登录页开始的"):
        sign_in.finish(mine, visit(theirs.url), BACK)
    with pytest.raises(SignInFailed, match="不是从本系统的登录页开始的"):
        sign_in.finish(mine, {"code": "x"}, BACK)


def test_a_code_planted_with_our_own_state_fails_on_the_verifier(sign_in: SignIn) -> None:
    mine, theirs = sign_in.begin(BACK), sign_in.begin(BACK)
    planted = {**visit(theirs.url), "state": mine.state}
    with pytest.raises(SignInFailed, match="用过或过期"):
        sign_in.finish(mine, planted, BACK)


def test_a_token_of_another_sign_in_fails_on_the_nonce(sign_in: SignIn) -> None:
    mine, theirs = sign_in.begin(BACK), sign_in.begin(BACK)
    answer = visit(theirs.url)
    mixed = replace(theirs, nonce=mine.nonce)
    with pytest.raises(SignInFailed, match="不是这一次登录的"):
        sign_in.finish(mixed, answer, BACK)


def test_a_code_is_good_once_and_for_one_address(sign_in: SignIn) -> None:
    begun = sign_in.begin(BACK)
    answer = visit(begun.url)
    assert sign_in.finish(begun, answer, BACK) == "zhangmin"
    with pytest.raises(SignInFailed, match="用过或过期"):
        sign_in.finish(begun, answer, BACK)
    begun = sign_in.begin(BACK)
    with pytest.raises(SignInFailed, match="用过或过期"):
        sign_in.finish(begun, visit(begun.url), BACK + "/elsewhere")


@pytest.mark.parametrize("issuer", ["https://somebody-else.example", None])
def test_an_answer_of_another_provider_or_of_nobody_is_refused(
    provider: OidcSimulator, sign_in: SignIn, issuer: str | None
) -> None:
    begun = sign_in.begin(BACK)
    answer = visit(begun.url)
    assert answer.pop("iss") == provider.url
    if issuer:
        answer["iss"] = issuer
    with pytest.raises(SignInFailed, match="回答不是统一身份认证给的"):
        sign_in.finish(begun, answer, BACK)
    assert asked_for(provider, "/token") == 0


def test_a_provider_that_never_names_itself_need_not(provider: OidcSimulator) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = None
    sign_in = sign_in_with(provider)
    begun = sign_in.begin(BACK)
    answer = visit(begun.url)
    del answer["iss"]
    assert sign_in.finish(begun, answer, BACK) == "zhangmin"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied"}, "取消了登录"),
        ({"error": "temporarily_unavailable"}, r"（temporarily_unavailable）"),
        ({"error": "<script>请拨打"}, "没有让登录，"),
        ({}, "没有给出登录的结果"),
    ],
)
def test_the_providers_no_is_told_plainly(
    provider: OidcSimulator, sign_in: SignIn, answer: dict[str, str], reason: str
) -> None:
    begun = sign_in.begin(BACK)
    with pytest.raises(SignInFailed, match=reason) as failure:
        sign_in.finish(begun, {"state": begun.state, "iss": provider.url, **answer}, BACK)
    assert "script" not in str(failure.value)


def test_who_cancels_there_is_told_so(provider: OidcSimulator, sign_in: SignIn) -> None:
    provider.user = None
    begun = sign_in.begin(BACK)
    with pytest.raises(SignInFailed, match="取消了登录"):
        sign_in.finish(begun, visit(begun.url, ""), BACK)


def test_a_secret_that_is_wrong_is_for_the_administrator(provider: OidcSimulator) -> None:
    sentence = refused(sign_in_with(provider, client_secret="the-wrong-secret"))
    assert "不认本系统（invalid_client）" in sentence


def test_nothing_secret_stands_where_it_is_shown(provider: OidcSimulator, sign_in: SignIn) -> None:
    begun = sign_in.begin(BACK)
    shown = repr(begun) + repr(rule(provider)) + repr(sign_in)
    for secret in (begun.state, begun.nonce, begun.verifier, provider.client.secret):
        assert secret not in shown
