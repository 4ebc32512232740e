"""The ID token: believed only if every mark on it is right."""

from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
)

from channels._oidc.options import Options
from channels._oidc.provider import Provider
from publisher.signin import SignInFailed

_SIGNATURES = tuple(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512))
"""Signatures that only the provider can make: no `none`, and no HS*, for which its public key
could be passed off as the secret."""
_LEEWAY = 60
"""Seconds by which its clock and ours may differ."""
_LONGEST_NAME = 128
_WRONG = {
    "iss": "签发者不是设置里的 issuer",
    "aud": "不是发给本系统的，请管理员核对 client_id",
    "azp": "不是发给本系统的，请管理员核对 client_id",
    "nonce": "不是这一次登录的",
    "at_hash": "与同时给的访问凭证对不上",
    "exp": "已经过期，请管理员核对两边的时钟",
    "nbf": "还没有生效，请管理员核对两边的时钟",
    "iat": "签发时间不对，请管理员核对两边的时钟",
}


def login_name(answer: dict[str, Any], nonce: str, options: Options, provider: Provider) -> str:
    """Who the answer of the token endpoint is about. Raises SignInFailed on any doubt."""
    token = _signed(answer.get("id_token"), options, provider)
    access_token = answer.get("access_token")
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": options.issuer},
            "aud": {"essential": True, "value": options.client_id},
        },
        params={
            "nonce": nonce,
            "client_id": options.client_id,
            "access_token": access_token if isinstance(access_token, str) else None,
        },
    )
    try:
        claims.validate(leeway=_LEEWAY)
    except ExpiredTokenError:
        raise _untrusted(options, _WRONG["exp"]) from None
    except MissingClaimError as error:
        raise _untrusted(options, f"缺少 {error.claim}") from None
    except ClaimError as error:
        raise _untrusted(options, _WRONG.get(error.claim, f"{error.claim} 不对")) from None
    except (JoseError, TypeError, ValueError):
        raise _untrusted(options, "内容看不懂") from None
    return _name(token.claims, options)


def _signed(token: object, options: Options, provider: Provider) -> jwt.Token:
    """The token, if the provider has signed it; it may have changed its key since we asked."""
    if not isinstance(token, str):
        raise _untrusted(options, "没有 id_token，请管理员核对 scopes")
    try:
        try:
            return jwt.decode(token, provider.keys(), algorithms=_SIGNATURES)
        except InvalidKeyIdError:
            return jwt.decode(token, provider.keys(fresh=True), algorithms=_SIGNATURES)
    except (JoseError, TypeError, ValueError):
        raise _untrusted(options, "签名不是它的") from None


def _name(claims: dict[str, Any], options: Options) -> str:
    name = claims.get(options.claim)
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise SignInFailed(
            f"{options.title}没有给出登录名（{options.claim}），请管理员核对 claim 和 scopes"
        )
    if options.claim == "email" and claims.get("email_verified") is False:
        raise SignInFailed(f"{options.title}没有核实过这个邮箱，不能用它登录")
    return name


def _untrusted(options: Options, why: str) -> SignInFailed:
    return SignInFailed(f"{options.title}给的登录凭证不可信：{why}")
