"""Why something was not done: one sentence, the fields that are wrong, and which codes say so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from publisher.intake import Problem, Refused
from publisher.operations import NotPossible
from publisher.web.office.refused import refuse

T = TypeVar("T")


class Wrong(BaseModel):
    """哪一项不对，怎样改。"""

    field: str = Field(description="哪一项；空表示整个请求", examples=["doc_number"])
    sentence: str = Field(description="哪里不对、怎样改", examples=["不能空着，请填写"])


class NotDone(BaseModel):
    """没有办成：一句话，以及逐项的说明。"""

    sentence: str = Field(examples=["有 1 处不对，请改正后再提交"])
    problems: list[Wrong] = Field(default=[], description="逐项的说明；没有具体的项时为空")


class Refusal(Exception):
    """The answer is no, with this code."""

    def __init__(
        self,
        status: int,
        sentence: str,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.problems = tuple(problems)
        self.headers = headers or {}


def wrong(problems: Sequence[Problem], status: int = 422) -> Refusal:
    """What is wrong with the fields of a request."""
    return Refusal(status, f"有 {len(problems)} 处不对，请改正后再提交", problems)


@contextmanager
def plain_refusals() -> Iterator[None]:
    """What the core refuses, in the codes of HTTP: a field is wrong, or it cannot be done now."""
    try:
        yield
    except Refused as refused:
        raise wrong(refused.problems) from None
    except NotPossible as error:
        if error.fields:
            raise wrong([Problem(field, str(error)) for field in error.fields]) from None
        raise Refusal(409, str(error)) from None


def _answer(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for it alone
    problems = ({"field": one.field, "sentence": one.sentence} for one in error.problems)
    answer = refuse(request, error.status, error.sentence, *problems)
    answer.headers.update(error.headers)
    return answer


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {Refusal: _answer}

_MEANINGS = {
    400: "表单读不懂",
    401: "没有带令牌，或令牌不对、已到期、已作废",
    403: "这个令牌没有所需的权限",
    404: "没有这个条目、渠道或文件",
    409: "现在不能这样办（例如编号已经收过别的内容）；或带同一 Idempotency-Key 的请求还在办",
    413: "请求太大",
    415: "Content-Type 不对",
    422: "内容不合要求，逐项说明哪里不对、怎样改；或 Idempotency-Key 已用于别的请求",
    500: "程序出了错",
    503: "数据库暂时用不了，稍后原样再发即可",
}
Documented = dict[int | str, dict[str, Any]]


def refusals(*codes: int) -> Documented:
    """For the contract: these codes, and those that any request may meet with."""
    documented: Documented = {
        code: {"model": NotDone, "description": _MEANINGS[code]}
        for code in sorted({401, 500, 503, *codes})
    }
    documented[401]["headers"] = {
        "WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}
    }
    return documented


READING = refusals(403, 404, 422)
WRITING = refusals(403, 404, 409, 413, 415, 422)
