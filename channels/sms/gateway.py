"""The wire to 云MAS: base64 of JSON by POST, one fresh connection a call, nothing ever repeated.

Whether something may have gone out is decided by one fact: whether a byte of the body was handed
to the connection. A fresh connection for every call keeps a stale one from blurring it.
"""

import base64
import hashlib
import io
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from channels.sms.answers import REFUSALS, group_of, word
from channels.sms.options import Options
from publisher.channel import DeliveryError, OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import ReasonClass

_MAY_BE_OUT = "短信可能已经发出，请等回执或向客户经理核实"


class Gateway:
    """One interface account of the platform."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def submit(self, content: str, phones: Sequence[str]) -> str:
        """Hand over one text for these phones; return the platform's name for the batch."""
        response = self._post(self._options.submit_path, self._submission(content, phones))
        if response.status_code != requests.codes.ok:
            raise _refused_by_status(response)
        return group_of(_json(response))

    def pull(self) -> list[object]:
        """Take the receipts that are waiting. The platform hands each out once."""
        secret = self._options.secret_key.get_secret_value()
        account = {
            "ecName": self._options.ec_name,
            "apId": self._options.ap_id,
            "secretKey": secret,
        }
        try:
            response = self._post(self._options.report_path, account)
        except DeliveryError as error:
            kind, raw = error.kind, error.raw
        else:
            answer = _json(response)
            if response.status_code == requests.codes.ok and isinstance(answer, list):
                return answer
            code = word(answer.get("rspcod")) if isinstance(answer, dict) else ""
            kind = REFUSALS[code].kind if code in REFUSALS else ReasonClass.PROVIDER
            raw = code or f"HTTP {response.status_code}"
        raise TemporaryError("现在取不到云MAS的短信回执，稍后再取", kind, raw)

    def _submission(self, content: str, phones: Sequence[str]) -> dict[str, str]:
        """The fields as documented. The secret goes into the mac only, never into the body."""
        options = self._options
        fields = {
            "ecName": options.ec_name,
            "apId": options.ap_id,
            "mobiles": ",".join(phones),
            "content": content,
            "sign": options.sign_code,
            "addSerial": options.add_serial,
        }
        return fields | {"mac": mac(fields, options.secret_key.get_secret_value())}

    def _post(self, path: str, fields: Mapping[str, str]) -> requests.Response:
        options = self._options
        body = _Body(base64.b64encode(json.dumps(fields, ensure_ascii=False).encode()))
        with _session(options.fingerprint) as session:
            try:
                return session.post(
                    options.base_url + path,
                    data=body,
                    headers={"Content-Type": "application/json", "Connection": "close"},
                    timeout=(options.connect_timeout, options.read_timeout),
                    allow_redirects=False,
                )
            except (OSError, HTTPError) as error:
                failure = _no_answer(error, started=body.started)
        # Outside the handler, so that the library's exception is not even the new one's context.
        raise failure


def mac(fields: Mapping[str, str], secret: str) -> str:
    """MD5 over the documented fields in the documented order: the platform's scheme, not ours."""
    before, after = ("ecName", "apId"), ("mobiles", "content", "sign", "addSerial")
    text = "".join([*(fields[key] for key in before), secret, *(fields[key] for key in after)])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class _Body(io.BytesIO):
    """A request body that knows whether its first byte was asked for."""

    started = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.started = True
        return super().read(size)


class _Pinned(HTTPAdapter):
    """Trusts one certificate by its fingerprint, whoever signed it, and no other."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, assert_fingerprint=self._fingerprint, **more)

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        del verify  # no authority vouches for this server; the fingerprint is checked instead
        return super().build_connection_pool_key_attributes(request, verify=False, cert=cert)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        del verify
        check: Any = super().cert_verify  # requests' stubs leave it untyped
        check(conn, url, verify=False, cert=cert)


def _session(fingerprint: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _Pinned(fingerprint) if fingerprint else HTTPAdapter(max_retries=0))
    session.mount("http://", HTTPAdapter(max_retries=0))
    return session


def _no_answer(error: BaseException, *, started: bool) -> DeliveryError:
    if started:
        return OutcomeUnknown(f"云MAS没有答复或连接中断：{_MAY_BE_OUT}")
    if _certificate_refused(error):
        return PermanentError(
            "云MAS服务器的证书核对不上，没有发送：请向客户经理核实后填写 fingerprint",
            ReasonClass.PERMISSION,
        )
    return TemporaryError("连不上云MAS，没有发送：请检查网络和 base_url")


def _certificate_refused(error: BaseException) -> bool:
    return any(
        isinstance(one, ssl.SSLCertVerificationError) or "ingerprint" in str(one)
        for one in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps: requests and urllib3 keep the inner one in args or `reason`."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException) and inner is not error:
            yield from _causes(inner)


def _refused_by_status(response: requests.Response) -> DeliveryError:
    status = response.status_code
    raw = f"HTTP {status}"
    wait = response.headers.get("Retry-After", "")
    if status == 429 or (status == 503 and wait):
        seconds = timedelta(seconds=int(wait)) if _seconds(wait) else None
        return TemporaryError("云MAS请稍后再来", ReasonClass.QUOTA, raw, retry_after=seconds)
    if 400 <= status < 500 and status != 408:
        return PermanentError(
            "云MAS接口拒绝访问：请核对 base_url、submit_path 和出口 IP 白名单",
            ReasonClass.PERMISSION,
            raw,
        )
    return OutcomeUnknown(f"云MAS服务器出错：{_MAY_BE_OUT}", raw=raw)


def _seconds(wait: str) -> bool:
    """Seconds only: a date would need a clock, which an adapter does not read."""
    return wait.isascii() and wait.isdigit() and len(wait) < 6


def _json(response: requests.Response) -> object:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None
