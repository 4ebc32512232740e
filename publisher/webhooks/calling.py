"""Calling: one signed POST, and in our own words what came of it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import structlog

from publisher.courier import Clock
from publisher.postman import Answer, NoAnswer, Postman, UnsafeAddress, wait_of
from publisher.report import change_json
from publisher.seal import Seal, SealBroken, SealUnknown
from publisher.signature import sign
from publisher.store.calls import Call, Letter
from publisher.store.changes import Change

log = structlog.get_logger(__name__)

NO_KEY = "没有设置 webhooks.key：请技术人员用 openssl rand -base64 32 生成一个，写进配置"
_LONGEST_WAIT = timedelta(hours=1)
"""Whoever asks us to wait for longer is asked again after this all the same."""


@dataclass(frozen=True, slots=True)
class Made:
    """A call that was made, and how long the other side asks us to wait."""

    call: Call
    wait: timedelta | None = None

    @property
    def gone(self) -> bool:
        return self.call.code == HTTPStatus.GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever makes the calls of a city. `seal`: None where the settings have no key."""

    postman: Postman
    seal: Seal | None
    clock: Clock

    def deliver(self, letter: Letter) -> Made:
        """Tell it these changes. What goes wrong outside is in the answer; nothing is raised."""
        body = body_of(letter.key, letter.made_at, letter.changes)
        numbers = (letter.changes[0].id, letter.last, len(letter.changes))
        return self._call(letter.webhook_id, letter.url, letter.sealed, letter.key, body, numbers)

    def try_out(self, webhook_id: int, url: str, sealed: bytes, key: str) -> Call:
        """A call without any change, to see whether they get through."""
        body = body_of(key, self.clock(), (), trial=True)
        return self._call(webhook_id, url, sealed, key, body, (0, 0, 0)).call

    def _call(
        self,
        webhook_id: int,
        url: str,
        sealed: bytes,
        key: str,
        body: bytes,
        numbers: tuple[int, int, int],
    ) -> Made:
        at, begun = self.clock(), time.monotonic()
        answer: Answer | None = None
        reason = ""
        try:
            headers = sign(self._secret(webhook_id, sealed), key, body, at)
            headers |= {"Content-Type": "application/json", "User-Agent": "xinji-publisher"}
            answer = self.postman.post(url, headers, body)
        except (UnsafeAddress, NoAnswer, _NoSecret) as error:
            reason = str(error)
        except Exception as error:
            # One webhook's bad luck must not stop the others.
            kind = type(error).__name__  # its text may carry the address
            log.exception("webhook_bug", error=kind)
            reason = f"程序错误（{kind}），请技术人员看日志"
        first, last, many = numbers
        call = Call(
            key=key,
            first=first,
            last=last,
            many=many,
            at=at,
            milliseconds=round((time.monotonic() - begun) * 1000),
            code=answer.code if answer else None,
            reason=_why(answer.code) if answer else reason,
        )
        wait = wait_of(answer.retry_after, self.clock(), _LONGEST_WAIT) if answer else None
        return Made(call, wait)

    def _secret(self, webhook_id: int, sealed: bytes) -> str:
        if self.seal is None:
            raise _NoSecret(NO_KEY)
        try:
            return self.seal.open(sealed, place(webhook_id))
        except (SealBroken, SealUnknown):
            raise _NoSecret(
                "签名密钥解不开：配置 webhooks.key 与添加时的不同；改回原来的，或删去后重新添加"
            ) from None


class _NoSecret(Exception):
    """There is nothing to sign with; one Chinese sentence."""


def place(webhook_id: int) -> str:
    """Where a sealed secret belongs: moved to another webhook, it does not open."""
    return f"webhook.secret|{webhook_id}"


def body_of(
    key: str, made_at: datetime, changes: Sequence[Change], *, trial: bool = False
) -> bytes:
    """The body of a call: of the same changes always the same bytes."""
    told: dict[str, object] = {"id": key, "sent_at": _instant(made_at)}
    if trial:
        told["test"] = True
    told["events"] = [change_json(one) for one in changes]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


_WHY: Mapping[int, str] = {
    HTTPStatus.GONE: "对方回答不再接收（HTTP 410）",
    HTTPStatus.UNAUTHORIZED: "对方不认（HTTP 401）：请核对对方的签名密钥和时钟",
    HTTPStatus.FORBIDDEN: "对方不认（HTTP 403）：请核对对方的签名密钥和时钟",
    HTTPStatus.NOT_FOUND: "对方没有这个接收地址（HTTP 404），请核对网址",
    HTTPStatus.METHOD_NOT_ALLOWED: "对方没有这个接收地址（HTTP 405），请核对网址",
    HTTPStatus.TOO_MANY_REQUESTS: "对方请稍后再来（HTTP 429）",
}


def _why(code: int) -> str:
    """Why an answer does not count as taken; "" if it does."""
    match code // 100:
        case 2:
            return ""
        case 3:
            return f"对方要求跳转（HTTP {code}）；不跟随跳转，请把网址改成最终的地址"
        case _:
            return _WHY.get(code, f"对方回答 HTTP {code}")
