"""What a failed WeChat call means: one table of codes (errors.csv), one translation.

A numbered answer is a certain refusal, with two exceptions that matter only at the submit call,
the point of no return: "system busy" (the work may have been begun), and "no such draft" (the
draft was there a moment ago, so somebody or something has published or deleted it). The table
marks them `unknown` in the column at_submit. An outage counts as unknown at submit unless the
request surely never left; before submit nothing the public can see has happened, whatever the
outage was. Of a test sent to one person the preview call is the same point.
"""

import csv
import re
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources

from publisher.channel import DeliveryError, OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import ReasonClass

SUBMIT = "freepublish/submit"
PREVIEW = "message/mass/preview"
TOKEN = "stable_token"  # noqa: S105 - the name of an endpoint
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
SECRET_WRONG = 40125
IP_NOT_LISTED = 40164
NO_MEDIA = 40007
NO_PUBLICATION = 53502
NO_ARTICLE = 53600

# class in errors.csv -> (may it pass by itself, whose move it is)
CLASSES = {
    "busy": (True, ReasonClass.PROVIDER),
    "token": (True, ReasonClass.PERMISSION),
    "quota": (True, ReasonClass.QUOTA),
    "staff": (False, ReasonClass.PERMISSION),
    "content": (False, ReasonClass.CONTENT),
    "provider": (False, ReasonClass.PROVIDER),
    "internal": (False, ReasonClass.INTERNAL),
}

_IP = re.compile(r"invalid ip ([0-9a-fA-F.:]+)")
_LOOK = {
    SUBMIT: "文章可能已经发布，请到微信公众平台“发表记录”核对",
    PREVIEW: "预览可能已经发出，请看测试接收人的微信",
}
"""The calls that cannot be taken back, and where a person sees whether they were carried out."""


class Refusal(Exception):
    """WeChat answered with an error code. `message` is its own text, already free of secrets."""

    def __init__(self, endpoint: str, code: int, message: str) -> None:
        super().__init__(f"{endpoint}: {code}")
        self.endpoint = endpoint
        self.code = code
        self.message = message


class Outage(Exception):
    """No usable answer. `sent` is false only where the request surely never left."""

    def __init__(self, endpoint: str, trouble: str, *, sent: bool) -> None:
        super().__init__(f"{endpoint}: {trouble}")
        self.endpoint = endpoint
        self.trouble = trouble
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Code:
    """One row of errors.csv."""

    kind: str
    meaning: str
    field: str = ""
    wait: timedelta | None = None
    unknown_at_submit: bool = False


def _load() -> dict[int, Code]:
    text = resources.files(__package__).joinpath("errors.csv").read_text("utf-8")
    return {
        int(row["code"]): Code(
            kind=row["class"],
            meaning=row["meaning"],
            field=row["field"],
            wait=timedelta(seconds=int(row["wait"])) if row["wait"] else None,
            unknown_at_submit=row["at_submit"] == "unknown",
        )
        for row in csv.DictReader(text.splitlines())
    }


CODES = _load()


def delivery_error(failure: Refusal | Outage) -> DeliveryError:
    """Say in the words of the channel contract what this failure means for the delivery."""
    if isinstance(failure, Outage):
        return _from_outage(failure, "文章没有发出")
    return _from_refusal(failure)


def recall_error(failure: Refusal | Outage) -> DeliveryError:
    """The same for taking back what is out, which may be repeated whatever became of the call."""
    if isinstance(failure, Outage):
        return _from_outage(failure, "撤回还没有完成")
    return _from_refusal(failure)


def cannot_ask(failure: Refusal | Outage) -> TemporaryError:
    """The same for a read-only question: it stays unanswered, and may be asked again."""
    error = delivery_error(failure)
    return TemporaryError(
        f"暂时不能向微信查询：{error.reason}",
        error.kind,
        error.raw,
        error.retry_after if isinstance(error, TemporaryError) else None,
    )


def _from_outage(outage: Outage, so_far: str) -> DeliveryError:
    raw = f"{outage.endpoint}: {outage.trouble}"
    if outage.endpoint in _LOOK and outage.sent:
        look = _LOOK[outage.endpoint]
        return OutcomeUnknown(
            f"请求已发出，但没有得到微信的答复（{outage.trouble}）。{look}", raw=raw
        )
    return TemporaryError(f"与微信的通信没有成功（{outage.trouble}），{so_far}", raw=raw)


def _from_refusal(refusal: Refusal) -> DeliveryError:
    code = _code_of(refusal)
    known = CODES.get(code)
    raw = f"{refusal.endpoint}: {refusal.code} {refusal.message}".strip()
    if known is None:
        reason = f"微信拒绝了请求，错误码 {code}，不在已知之列。请按错误码到微信公众平台文档查询"
        return PermanentError(reason, ReasonClass.PROVIDER, raw)
    reason = f"{_named_ip(refusal) or known.meaning}（微信错误码 {code}）"
    if known.unknown_at_submit and refusal.endpoint in _LOOK:
        return OutcomeUnknown(f"{reason}。{_LOOK[refusal.endpoint]}", raw=raw)
    passes, kind = CLASSES[known.kind]
    if passes:
        return TemporaryError(reason, kind, raw, known.wait)
    return PermanentError(reason, kind, raw, known.field)


def _code_of(refusal: Refusal) -> int:
    """40001 means a stale token everywhere but at the token's own source: there, a wrong secret."""
    if refusal.endpoint == TOKEN and refusal.code in TOKEN_REFUSED:
        return SECRET_WRONG
    return refusal.code


def _named_ip(refusal: Refusal) -> str:
    found = _IP.search(refusal.message)
    if refusal.code != IP_NOT_LISTED or found is None:
        return ""
    return CODES[IP_NOT_LISTED].meaning.replace("出口 IP", f"出口 IP {found[1]} ", 1)
