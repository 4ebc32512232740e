"""A small channel over real HTTP, written as an outside party would write one.

The engine's tests use it because its world can be told to do anything; that it needs no line in
the core is itself a test (docs/adding-a-channel.md).
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict

from publisher.channel import (
    NOTHING,
    Channel,
    File,
    House,
    OutcomeUnknown,
    PermanentError,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Report,
    Shelf,
    TemporaryError,
)
from publisher.model import Action, Item, ReasonClass, Status
from tests.simulators.server import Request, Response, Simulator


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str
    repeatable: bool = False
    idempotent: bool = False
    addressed: bool = False
    asynchronous: bool = False
    timeout: float = 0.9
    longest_title: int = 200
    most_items: int = 100
    recall: Recall = Recall.FOLLOW_UP


class Postbox:
    remains = "信已在收信人手里"
    groupings: tuple[str, ...] = ("each", "window", "bundle", "digest")
    most_items = 1000
    most_recipients = 10_000
    longest_call = timedelta(minutes=2)  # more than any call takes: tests turn the clock instead

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self.options = options
        self.repeatable = options.repeatable
        self.idempotent = options.idempotent
        self.addressed = options.addressed
        self.recall = options.recall

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        del shelf  # letters list nothing
        if len(items) > self.options.most_items:
            raise PermanentError("一次放不下这么多条", field="grouping")
        for item in items:
            if len(item.revision.title) > self.options.longest_title:
                raise PermanentError("标题太长，请填写 short_title", field="short_title")
        shown = [_line(one) for one in items]
        return Rendition((File("letter.txt", "text/plain", "\n".join(shown).encode()),))

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        answer = self._call(
            "letters",
            {
                "key": key,
                "text": rendition.files[0].data.decode(),
                "to": [one.address for one in recipients],
            },
        )
        status = Status.ACCEPTED if self.options.asynchronous else Status.DELIVERED
        return Receipt(status, reference=answer["reference"])

    def check(self, receipt: Receipt) -> Receipt:
        answer = self._call("state", {"reference": receipt.reference})
        if self.addressed:
            reports = tuple(
                Report(receipt.reference, phone, Status(status))
                for phone, status in answer["reports"].items()
            )
            return Receipt(receipt.status, receipt.reference, reports=reports)
        return Receipt(Status(answer["status"]), receipt.reference)

    def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = requests.post(
                f"{self.options.base_url}/{path}", json=body, timeout=self.options.timeout
            )
        except requests.ConnectTimeout:
            raise TemporaryError("邮箱连不上") from None
        except requests.ConnectionError as error:
            if "NewConnectionError" in repr(error):
                raise TemporaryError("邮箱连不上") from None
            raise OutcomeUnknown("邮箱中途断开") from None
        except requests.RequestException:
            raise OutcomeUnknown("邮箱没有回音") from None
        if answer.status_code == 503:
            raise TemporaryError("邮箱忙", retry_after=timedelta(seconds=30))
        if answer.status_code == 429:
            raise TemporaryError("邮箱额度用完", ReasonClass.QUOTA)
        if answer.status_code == 422:
            raise PermanentError("邮箱不收", ReasonClass.PROVIDER)
        if answer.status_code != 200:
            raise OutcomeUnknown("邮箱出错")
        try:
            found: dict[str, Any] = answer.json()
        except ValueError:
            raise OutcomeUnknown("邮箱的回答看不懂") from None
        return found


def _line(item: Item) -> str:
    """One item as a letter tells it; what is not news says what it is, why, and of which letter."""
    line = f"{item.id} {item.revision.title} {item.url}"
    if item.action is Action.PUBLISH:
        return line
    why = "；".join(notice.reason for notice in item.notices)
    return f"{line} {item.action} {why} {' '.join(one.reference or '?' for one in item.traces)}"


class PostboxWithLookup(Postbox):
    def lookup(self, key: str) -> Receipt | None:
        answer = self._call("lookup", {"key": key})
        return Receipt(Status.DELIVERED, answer["reference"]) if answer["reference"] else None


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return Postbox(name, options)


class PostboxSimulator(Simulator):
    """Keeps every letter; the same key twice is two letters unless it is told to know keys."""

    def __init__(self, *, knows_keys: bool = False) -> None:
        super().__init__()
        self.knows_keys = knows_keys
        self.letters: list[dict[str, Any]] = []
        self.states: dict[str, str] = {}
        self.reports: dict[str, dict[str, str]] = {}

    def handle(self, request: Request) -> Response:
        body = json.loads(request.body)
        match request.path:
            case "/letters":
                return self._letter(body)
            case "/state":
                reference = body["reference"]
                return Response.of_json(
                    {
                        "status": self.states.get(reference, Status.ACCEPTED),
                        "reports": self.reports.pop(reference, {}),
                    }
                )
            case _:
                known = [one["reference"] for one in self.letters if one["key"] == body["key"]]
                return Response.of_json({"reference": known[0] if known else ""})

    def _letter(self, body: dict[str, Any]) -> Response:
        known = [one for one in self.letters if one["key"] == body["key"]]
        if self.knows_keys and known:
            return Response.of_json({"reference": known[0]["reference"]})
        body["reference"] = f"L{len(self.letters) + 1}"
        self.letters.append(body)
        return Response.of_json({"reference": body["reference"]})

    def code_response(self, request: Request, code: str) -> Response:
        del request
        return Response(b"{}", int(code))

    def ledger(self) -> list[dict[str, Any]]:
        return list(self.letters)

    def page(self) -> str:
        return "<!doctype html><title>邮箱</title>"
