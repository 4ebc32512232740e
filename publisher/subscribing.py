"""Subscribing: what staff do about the people who want messages; the same by every door.

Phones are personal data: they come in as typed and never come out but masked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.planning import EVERYTHING
from publisher.privacy import scan
from publisher.store.knowing import Known
from publisher.store.subscribers import Subscribers
from publisher.store.subscribing import Imported, Wish
from publisher.subscriber_file import Problem, Row, read_subscribers
from publisher.vault import Vault, mask, normal_phone

LATELY = timedelta(days=30)
_LONGEST_WHY = 200


class SubscriberProblem(Exception):
    """What was asked for cannot be done; one Chinese sentence. `field`: number or why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribing:
    """The subscribers of one city. `topics`: what they can ask for."""

    store: Subscribers
    vault: Vault
    topics: frozenset[str]

    def read(self, data: bytes) -> tuple[list[Row], list[Problem]]:
        """The lines of a CSV file; with any problem, nothing of it is to be taken."""
        return read_subscribers(data, self.topics | {EVERYTHING})

    def take(self, rows: Iterable[Row], *, by: str, now: datetime, again: bool = False) -> Imported:
        """Add or update all of them, or none. `again`: who had been stopped and asks anew, too."""
        wishes = (Wish(self.vault.index(row.phone), row.phone, row.topics) for row in rows)
        return self.store.take(wishes, self.vault.seal, by=by, now=now, again=again)

    def stop(self, number: str, *, by: str, now: datetime) -> str:
        """Send a number nothing more from now on; the number, masked. Raises SubscriberProblem."""
        phone = _phone(number)
        if not self.store.stop(self.vault.index(phone), shown=mask(phone), by=by, now=now):
            raise SubscriberProblem("number", f"订户里没有 {mask(phone)} 这个号码，请核对")
        return mask(phone)

    def look_up(self, number: str, *, why: str, by: str, now: datetime) -> tuple[str, Known | None]:
        """What is known of one number, and the number masked. Who looked, and why, is written down,
        whatever is found. Raises SubscriberProblem.
        """
        phone, why = _phone(number), why.strip()
        if not why or len(why) > _LONGEST_WHY or not why.isprintable():
            sentence = f"请写明查询的原因，不超过 {_LONGEST_WHY} 个字，如：本人来电询问"
            raise SubscriberProblem("why", sentence)
        if scan(why):
            raise SubscriberProblem("why", "原因里不要写手机号、证件号，请删去")
        detail = f"{mask(phone)}，原因：{why}"
        found = self.store.look_up(
            self.vault.index(phone), detail=detail, by=by, since=now - LATELY, now=now
        )
        return mask(phone), found


def _phone(typed: str) -> str:
    if phone := normal_phone(typed):
        return phone
    if not typed.strip():
        raise SubscriberProblem("number", "请填写手机号")
    raise SubscriberProblem("number", f"手机号格式不对：{mask(typed)}（应为 11 位大陆手机号）")
