"""Once: a request that comes again with its Idempotency-Key is done once and answered twice."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from publisher.access import Right, System
from publisher.accounts import AccountError
from publisher.accounts.replies import First, InProgress, Kept, OtherRequest, Replies
from publisher.courier import Clock
from publisher.intake import Problem
from publisher.web.api.bodies import FormBody, JsonBody, digest_of
from publisher.web.api.refusing import Refusal, plain_refusals, wrong
from publisher.web.office.forms import Typed
from publisher.web.office.gate import city_of, system

KEY = "Idempotency-Key"
_SOON = "5"
"""Seconds after which it is worth asking again."""

Key = Annotated[
    str | None,
    Header(
        alias=KEY,
        description="防止重复：同一令牌、同一个键、同样的请求，24 小时内只办一次；"
        "再发得到原来的回答（带 Idempotency-Replayed: true）",
        json_schema_extra={"pattern": "^[!-~]{1,255}$"},
    ),
]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as it is answered."""

    status: int
    answer: BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One request of one system, done at most once if it has a key.

    Whoever is killed between the deed and the answer leaves a key that is free in ten minutes;
    what is done then for a second time is known by its own guard: an item by its content, an order
    by the item's state, a delivery by its attempts, a file by its bytes.
    """

    replies: Replies
    system: System
    key: str | None
    request: str
    clock: Clock

    def __call__(self, do: Callable[[], Done]) -> Response:
        """Do it, or say again what came of it. A refusal is not kept: it may be mended."""
        if self.key is None:
            return _told(*self._done(do))
        match self._begin(self.key):
            case Kept(status, body):
                return _told(status, body, again=True)
            case InProgress():
                sentence = f"带同一 {KEY} 的请求还在办，请稍后原样再发"
                raise Refusal(409, sentence, headers={"Retry-After": _SOON})
            case OtherRequest():
                sentence = "已用于另一个内容不同的请求，请换一个新的"
                raise wrong([Problem(KEY, sentence)])
            case First() as first:
                return self._first(first, do)

    def _first(self, first: First, do: Callable[[], Done]) -> Response:
        try:
            status, body = self._done(do)
        except BaseException:
            self.replies.drop(first)
            raise
        self.replies.finish(first, status, body)
        return _told(status, body)

    def _begin(self, key: str) -> First | Kept | InProgress | OtherRequest:
        try:
            return self.replies.begin(self.system, key, self.request, self.clock())
        except AccountError as error:
            raise wrong([Problem(KEY, str(error))]) from None

    def _done(self, do: Callable[[], Done]) -> tuple[int, str]:
        with plain_refusals():
            done = do()
        return done.status, done.answer.model_dump_json()


def _told(status: int, body: str, *, again: bool = False) -> Response:
    answer = Response(body, status, media_type="application/json")
    if status == 201 and (place := json.loads(body).get("href")):
        answer.headers["Location"] = place
    if again:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that a system asks to be done."""

    system: System
    once: Once


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInJson(Asked):
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByForm(Asked):
    form: Typed


def in_json(right: Right) -> Callable[..., AskedInJson]:
    """A dependency: the token is looked at before a byte of the body is."""

    def asked(
        request: Request,
        by_token: Annotated[System, Depends(system(right))],
        body: JsonBody,
        key: Key = None,
    ) -> AskedInJson:
        return AskedInJson(
            system=by_token, once=_once(request, by_token, key, digest_of(body)), body=body
        )

    return asked


def by_form(right: Right) -> Callable[..., AskedByForm]:
    """The same for a form with files."""

    def asked(
        request: Request,
        by_token: Annotated[System, Depends(system(right))],
        form: FormBody,
        key: Key = None,
    ) -> AskedByForm:
        return AskedByForm(
            system=by_token, once=_once(request, by_token, key, digest_of(form)), form=form
        )

    return asked


def _once(request: Request, by_token: System, key: str | None, digest: str) -> Once:
    city = city_of(request)
    what = f"{request.method} {request.url.path}?{request.url.query} {digest}"
    return Once(
        replies=city.accounts.replies,
        system=by_token,
        key=key,
        request=sha256(what.encode("utf-8", "surrogatepass")).hexdigest(),
        clock=city.clock,
    )
