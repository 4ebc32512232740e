"""A channel that takes everything at once: what is left over is the engine.

With a `url` it posts there, one request a batch; without one it goes nowhere at all.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import requests
from pydantic import BaseModel, ConfigDict

from publisher.channel import (
    NOTHING,
    Channel,
    File,
    House,
    OutcomeUnknown,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Shelf,
)
from publisher.model import Item, Status


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""


class Nowhere:
    repeatable = False
    idempotent = False
    addressed = False
    recall = Recall.FOLLOW_UP
    remains = ""
    groupings: tuple[str, ...] = ("each", "bundle", "digest")
    most_items = 1000
    most_recipients = 0
    longest_call = timedelta(seconds=10)

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._url = url
        self.began: list[float] = []
        """When each send began, by the monotonic clock."""

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        del shelf
        text = "\n".join(item.id for item in items)
        return Rendition((File("letter.txt", "text/plain", text.encode()),))

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        del recipients
        self.began.append(time.perf_counter())
        if self._url:
            self._post(rendition, key)
        return Receipt(Status.DELIVERED, reference=key)

    def check(self, receipt: Receipt) -> Receipt:
        return receipt

    def _post(self, rendition: Rendition, key: str) -> None:
        body = {"title": key, "message": rendition.files[0].data.decode()}
        try:
            requests.post(self._url, json=body, timeout=5).raise_for_status()
        except requests.RequestException:
            raise OutcomeUnknown("没有回音") from None


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return Nowhere(name, options.url)
