"""The line to the provider: JSON over HTTP, no proxy, no redirect, and no detail in an error.

Addresses and bodies hold codes and secrets, so the text of a network library's exception is not
passed on.
"""

from collections.abc import Mapping
from typing import Any

import requests

from channels._oidc.options import Options
from publisher.signin import SignInFailed


class Line:
    def __init__(self, options: Options) -> None:
        self._title = options.title
        self._times = (options.connect_timeout, options.read_timeout)
        self._authorities = str(options.ca_file) if options.ca_file else True

    def get(self, url: str) -> dict[str, Any]:
        """The object there; SignInFailed if there is none."""
        status, found = self._call("GET", url)
        if status != requests.codes.ok:
            raise SignInFailed(f"{self._title}出了故障（HTTP {status}），请稍后再试")
        return found

    def post(self, url: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
        """Status and object of the answer to a form; one that is no answer is SignInFailed."""
        return self._call("POST", url, headers=headers, data=body)

    def _call(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        with requests.Session() as session:
            session.trust_env = False  # a proxy or a .netrc would be a second, hidden setting
            session.verify = self._authorities
            try:
                answer = session.request(
                    method, url, timeout=self._times, allow_redirects=False, **more
                )
            except requests.exceptions.SSLError:
                raise SignInFailed(f"{self._title}的证书不可信，请管理员核对 ca_file") from None
            except requests.ConnectTimeout:
                raise SignInFailed(f"{self._title}连不上，请稍后再试") from None
            except requests.Timeout:
                raise SignInFailed(f"{self._title}没有回音，请稍后再试") from None
            except requests.RequestException as error:
                kind = type(error).__name__
                raise SignInFailed(f"{self._title}连不上（{kind}），请稍后再试") from None
        return answer.status_code, self._object(answer)

    def _object(self, answer: requests.Response) -> dict[str, Any]:
        refused = answer.status_code in {requests.codes.bad_request, requests.codes.unauthorized}
        if answer.status_code != requests.codes.ok and not refused:
            raise SignInFailed(f"{self._title}出了故障（HTTP {answer.status_code}），请稍后再试")
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise SignInFailed(f"{self._title}的回答看不懂；请管理员核对 issuer 的网址")
        return found
