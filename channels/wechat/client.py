"""WeChat's interface, made safe: wechatpy for the plumbing, our rules around it.

One connection a call: a kept-alive connection that has gone stale would turn a harmless call into
an unknown outcome, and no session is shared between threads. Redirects are not followed (they
would carry the token elsewhere), nothing is retried but the one call whose token was refused,
every call has time limits, a conversation has a most of calls, and no error holds an address, since
addresses hold the token.
"""

import json
import logging
import ssl
import threading
from collections.abc import Mapping
from typing import Any, Self, TypeVar

import requests
from pydantic import ValidationError
from urllib3.exceptions import NewConnectionError
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from channels.wechat import answers
from channels.wechat.errors import PREVIEW, TOKEN, TOKEN_REFUSED, Outage, Refusal
from channels.wechat.tokens import Tokens

PAGE = 20  # the most WeChat lists at a time

MOST_CALLS = 60
"""No conversation takes more calls: so there is an end to how long it can last. The largest that is
let in takes 47 (body.PICTURES), which leaves some for finding what is to be deleted.
"""

A = TypeVar("A", bound=answers.Answer)
Upload = tuple[str, bytes, str]
"""File name, bytes, media type; a file object would be sent empty the second time."""


def _holds_no_token(record: logging.LogRecord) -> bool:
    return "access_token=" not in record.getMessage()


for _name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_holds_no_token)


class _Conversation(threading.local):
    """What the present conversation of a thread has left."""

    calls = MOST_CALLS


class Wire(WeChatClient):  # type: ignore[misc] # wechatpy has no types
    """wechatpy's client with its token, retry, redirect and error handling replaced."""

    def __init__(
        self,
        base_url: str,
        app_id: str,
        app_secret: str,
        timeouts: tuple[float, float],
        person: str,
    ) -> None:
        super().__init__(app_id, secret="", timeout=timeouts, auto_retry=False)
        self._http = requests  # its `request` opens and closes a session of its own
        self.API_BASE_URL = f"{base_url}/cgi-bin/"
        self._app_secret = app_secret
        self._person = person
        self._tokens = Tokens(self._fetch_token)
        self._left = _Conversation()

    def begin(self) -> None:
        """What follows in this thread is a conversation of its own."""
        self._left.calls = MOST_CALLS

    @property
    def access_token(self) -> str:
        return self._tokens.get()

    def fetch_access_token(self) -> None:
        """The way of wechatpy kills the token of everyone else and knows no time limit."""
        raise NotImplementedError

    def _request(self, method: str, url_or_endpoint: str, **options: Any) -> dict[str, Any]:
        token = self._tokens.get()
        try:
            return self._call(method, url_or_endpoint, token, options)
        except Refusal as refusal:
            if refusal.code not in TOKEN_REFUSED:
                raise
        self._tokens.refused(token)
        return self._call(method, url_or_endpoint, self._tokens.get(), options)

    def _call(
        self, method: str, endpoint: str, token: str, options: dict[str, Any]
    ) -> dict[str, Any]:
        params = {**options.get("params", {}), "access_token": token}
        answer = self._exchange(method, endpoint, {**options, "params": params}, token)
        self._tokens.accepted()
        return answer

    def _fetch_token(self, force: bool) -> str:  # noqa: FBT001 - the shape of FetchToken
        wanted = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._app_secret,
            "force_refresh": force,
        }
        # An access_token of None keeps wechatpy from asking for one, and requests from sending it.
        options = {"data": wanted, "params": {"access_token": None}}
        answer = self._exchange("post", TOKEN, options, "")
        return parsed(TOKEN, answers.Token, answer).access_token

    def _exchange(
        self, method: str, endpoint: str, options: dict[str, Any], token: str
    ) -> dict[str, Any]:
        """One call over the network. What it raises is raised outside the handler: a chained
        exception of the network library would carry the address, and with it the token.
        """
        if not self._left.calls:
            raise Outage(endpoint, f"往来已达 {MOST_CALLS} 次上限", sent=False)
        self._left.calls -= 1
        try:
            answer = super()._request(method, endpoint, allow_redirects=False, **options)
        except WeChatClientException as error:
            failure = Outage(endpoint, f"HTTP {error.response.status_code}", sent=True)
        except requests.RequestException as error:
            failure = _outage(endpoint, error)
        else:
            return self._unless_refused(endpoint, answer, token)
        raise failure

    def _handle_result(self, res: requests.Response, *_: object, **__: object) -> Any:
        """By itself, wechatpy hands over whatever came; here only JSON passes, and codes wait."""
        try:
            return json.loads(res.content.decode("utf-8"), strict=False)
        except (ValueError, RecursionError):
            return None

    def _unless_refused(self, endpoint: str, answer: Any, token: str) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise Outage(endpoint, "答复不是 JSON", sent=True)
        code = answer.get("errcode", 0)
        if not str(code).lstrip("-").isdecimal():
            raise Outage(endpoint, "答复的错误码不是数字", sent=True)
        if int(code) != 0:
            message = str(answer.get("errmsg", ""))
            for secret in filter(None, (self._app_secret, self._person, token)):
                message = message.replace(secret, "***")
            raise Refusal(endpoint, int(code), message[:300])
        return answer


class WeChat:
    """The calls this channel needs, with answers of known shape. Safe to share by threads."""

    def __init__(
        self,
        base_url: str,
        app_id: str,
        app_secret: str,
        timeouts: tuple[float, float],
        person: str = "",
    ) -> None:
        """`person` is the openid or name of whom we may write to: no error repeats it."""
        self._wire = Wire(base_url, app_id, app_secret, timeouts, person)
        self._secure = base_url.startswith("https:")

    def begin(self) -> Self:
        """The same, at the beginning of a conversation."""
        self._wire.begin()
        return self

    def upload_image(self, file: Upload) -> str:
        """Address at which an article may show the picture. WeChat answers with http for an
        address that it serves by https, and phones refuse the mix.
        """
        answer = self._post("media/uploadimg", answers.UploadedImage, files={"media": file})
        if self._secure:
            return answer.url.replace("http://", "https://", 1)
        return answer.url

    def add_cover(self, file: Upload) -> str:
        answer = self._wire.material.add("image", file)
        return parsed("material/add_material", answers.Stored, answer).media_id

    def materials(self, offset: int) -> answers.MaterialPage:
        answer = self._wire.material.batchget("image", offset, PAGE)
        return parsed("material/batchget_material", answers.MaterialPage, answer)

    def add_draft(self, articles: list[dict[str, Any]]) -> str:
        """Not by wechatpy's draft.add, which drops the fields it does not know."""
        return self._post("draft/add", answers.Stored, data={"articles": articles}).media_id

    def draft(self, media_id: str) -> answers.News:
        return parsed("draft/get", answers.News, self._wire.draft.get(media_id))

    def drafts(self, offset: int) -> answers.DraftPage:
        answer = self._wire.draft.batchget(offset, PAGE, no_content=1)
        return parsed("draft/batchget", answers.DraftPage, answer)

    def delete_draft(self, media_id: str) -> None:
        self._wire.draft.delete(media_id)

    def submit(self, media_id: str) -> str:
        """The point of no return."""
        answer = self._wire.freepublish.submit(media_id)
        return parsed("freepublish/submit", answers.Submitted, answer).publish_id

    def progress(self, publish_id: str) -> answers.Progress:
        answer = self._wire.freepublish.get(publish_id)
        return parsed("freepublish/get", answers.Progress, answer)

    def published(self, offset: int) -> answers.PublishedPage:
        answer = self._wire.freepublish.batchget(offset, PAGE, no_content=1)
        return parsed("freepublish/batchget", answers.PublishedPage, answer)

    def preview(self, media_id: str, addressee: Mapping[str, str]) -> None:
        """Show a draft to one person; what has been sent cannot be called back."""
        wanted = {"mpnews": {"media_id": media_id}, "msgtype": "mpnews"}
        self._wire.post(PREVIEW, data={**addressee, **wanted})

    def allowance(self, endpoint: str) -> answers.Allowance:
        """How often the endpoint may still be called today."""
        path = {"cgi_path": f"/cgi-bin/{endpoint}"}
        return self._post("openapi/quota/get", answers.Allowed, data=path).quota

    def article(self, article_id: str) -> answers.News:
        answer = self._wire.freepublish.getarticle(article_id)
        return parsed("freepublish/getarticle", answers.News, answer)

    def delete_article(self, article_id: str, index: int) -> None:
        """`index` counts from 1: 0 would take away all that was published together."""
        self._wire.freepublish.delete(article_id, index)

    def _post(self, endpoint: str, shape: type[A], **options: Any) -> A:
        return parsed(endpoint, shape, self._wire.post(endpoint, **options))


def parsed(endpoint: str, shape: type[A], answer: dict[str, Any]) -> A:
    """The answer in its shape. An answer of another shape leaves the outcome as open as none."""
    try:
        return shape.model_validate(answer)
    except ValidationError:
        failure = Outage(endpoint, "答复缺少应有的内容", sent=True)
    raise failure


def _outage(endpoint: str, error: requests.RequestException) -> Outage:
    cause = next((getattr(arg, "reason", None) for arg in error.args), None)
    if isinstance(error, requests.ConnectTimeout):
        return Outage(endpoint, "连接超时", sent=False)
    if isinstance(cause, NewConnectionError):
        return Outage(endpoint, "连接不上", sent=False)
    if isinstance(error, requests.exceptions.SSLError):
        refused = any(
            isinstance(arg, ssl.SSLCertVerificationError) for arg in getattr(cause, "args", ())
        )
        return Outage(endpoint, "对方的安全证书有问题", sent=not refused)
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return Outage(endpoint, "限定时间内没有答复", sent=True)
    return Outage(endpoint, "连接中断", sent=True)
