"""One sign-in: off to the provider, and back with a code that we exchange."""

import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.common.security import generate_token
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from channels._oidc.id_token import login_name
from channels._oidc.line import Line
from channels._oidc.options import Options
from channels._oidc.provider import Metadata, Provider
from publisher.signin import Begun, SignInFailed

_OK = 200


class OidcSignIn:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._line = Line(options)
        self._provider = Provider(options, self._line)

    @property
    def title(self) -> str:
        return self._options.title

    def begin(self, redirect_uri: str) -> Begun:
        state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
        url = prepare_grant_uri(
            self._provider.metadata().authorization_endpoint,
            self._options.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=list(self._options.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Begun(url=url, state=state, nonce=nonce, verifier=verifier)

    def finish(self, begun: Begun, answer: Mapping[str, str], redirect_uri: str) -> str:
        metadata = self._provider.metadata()
        code = self._code(begun, answer, metadata)
        given = self._exchange(code, begun.verifier, redirect_uri, metadata)
        return login_name(given, begun.nonce, self._options, self._provider)

    def _code(self, begun: Begun, answer: Mapping[str, str], metadata: Metadata) -> str:
        """The code of an answer to what we began, from whom we asked."""
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignInFailed("这次登录不是从本系统的登录页开始的，请回到登录页重新登录")
        issuer = answer.get("iss", None if metadata.names_itself else self._options.issuer)
        if issuer != self._options.issuer:
            raise SignInFailed(f"回答不是{self.title}给的，请回到登录页重新登录")
        if error := answer.get("error"):
            raise self._refused(error)
        if not (code := answer.get("code")):
            raise SignInFailed(f"{self.title}没有给出登录的结果，请回到登录页重新登录")
        return code

    def _exchange(
        self, code: str, verifier: str, redirect_uri: str, metadata: Metadata
    ) -> dict[str, Any]:
        """What the provider gives for the code, to us and to nobody else."""
        secret = self._options.client_secret.get_secret_value()
        if metadata.secret_in_body:
            client = ClientAuth(self._options.client_id, secret, "client_secret_post")
        else:  # a header wants both form-encoded (RFC 6749, 2.3.1)
            client = ClientAuth(quote_plus(self._options.client_id), quote_plus(secret))
        url, headers, body = client.prepare(
            "POST",
            metadata.token_endpoint,
            {
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
            },
            prepare_token_request(
                "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier
            ),
        )
        status, given = self._line.post(url, headers, body)
        if status != _OK or "error" in given:
            raise self._refused(given.get("error"))
        return given

    def _refused(self, error: object) -> SignInFailed:
        """The provider's own no. What it says comes by the browser: a code at most is repeated."""
        match error:
            case "access_denied":
                return SignInFailed(f"{self.title}那边取消了登录，或不许登录本系统")
            case "invalid_grant":
                return SignInFailed("这次登录已经用过或过期了，请回到登录页重新登录")
            case "invalid_client" | "unauthorized_client":
                return SignInFailed(
                    f"{self.title}不认本系统（{error}），请管理员核对 client_id 和 client_secret"
                )
            case str() if re.fullmatch(r"[a-z_]{1,40}", error):
                return SignInFailed(f"{self.title}没有让登录（{error}），请稍后再试")
        return SignInFailed(f"{self.title}没有让登录，请稍后再试")
