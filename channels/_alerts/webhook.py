"""Alerts to an address: a WeCom group robot (企业微信群机器人), or JSON for anything else.

The address holds the robot's key, so it stands in no log and no error, and neither does the text
of a network library's exception.
"""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from publisher.alert import Alert, AlertFailed, Hook

_MOST_BYTES = 2048
"""Of one text of a WeCom group robot, as UTF-8."""
_TOO_OFTEN = 45009
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Seconds = Annotated[float, Field(gt=0, le=60)]


class Options(BaseModel):
    """`json` posts {"headline": …, "lines": […], "more": …, "text": …} and wants a 2xx answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr
    format: Literal["wecom", "json"] = "wecom"
    connect_timeout: Seconds = 5.0
    read_timeout: Seconds = 10.0

    @field_validator("url")
    @classmethod
    def _safe_address(cls, value: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(value.get_secret_value())
        except ValueError:
            raise ValueError("url 不是网址") from None
        clear = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or clear):
            raise ValueError("url 必须是 https 网址：地址里带着密钥（只有本机测试可用 http）")
        return value


class Webhook:
    def __init__(self, options: Options) -> None:
        self._options = options

    def tell(self, alert: Alert) -> int:
        if self._options.format == "wecom":
            alert = alert.within(_MOST_BYTES)
            _taken(self._post({"msgtype": "text", "text": {"content": alert.text()}}))
        else:
            self._post(
                {
                    "headline": alert.headline,
                    "lines": alert.lines,
                    "more": alert.more,
                    "text": alert.text(),
                }
            )
        return len(alert.lines)

    def _post(self, body: dict[str, Any]) -> requests.Response:
        times = (self._options.connect_timeout, self._options.read_timeout)
        with requests.Session() as session:
            session.trust_env = False  # a proxy would be a second, hidden address
            try:
                answer = session.post(
                    self._options.url.get_secret_value(),
                    json=body,
                    timeout=times,
                    allow_redirects=False,
                )
            except requests.ConnectTimeout:
                raise AlertFailed("提醒地址连不上") from None
            except requests.Timeout:
                raise AlertFailed("提醒地址没有回音") from None
            except requests.RequestException as error:
                raise AlertFailed(f"提醒送不出去（{type(error).__name__}）") from None
        if not requests.codes.ok <= answer.status_code < requests.codes.multiple_choices:
            raise AlertFailed(f"提醒地址回答 HTTP {answer.status_code}")
        return answer


def _taken(answer: requests.Response) -> None:
    """Raise AlertFailed unless the robot says that it has taken the text."""
    try:
        code = answer.json()["errcode"]
    except (ValueError, KeyError, TypeError):
        raise AlertFailed("提醒地址的回答看不懂；请核对 url 是不是群机器人的地址") from None
    if code == _TOO_OFTEN:
        raise AlertFailed("群机器人说发得太频繁（45009），稍后再试")
    if code != 0:
        raise AlertFailed(f"群机器人没有收下提醒（errcode {code}）")


def build(options: Options) -> Hook:
    return Webhook(options)
