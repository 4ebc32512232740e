"""SMS through China Mobile's 云MAS: one text to many subscribers, receipts pulled afterwards.

The platform has no idempotency key and cannot be asked whether a batch went out. A batch whose
answer was lost stays unknown until its receipts give away its name, or a person settles it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from channels.sms.compose import compose
from channels.sms.gateway import Gateway
from channels.sms.message import Message, Wording
from channels.sms.options import Options
from channels.sms.receipts import read
from publisher.channel import (
    NOTHING,
    Channel,
    File,
    House,
    PermanentError,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Shelf,
)
from publisher.model import Item, ReasonClass, Status

__all__ = ["Options", "SmsChannel", "build"]


class SmsChannel:
    """Subscribers' phones, reached through one interface account."""

    repeatable = False
    idempotent = False
    addressed = True
    recall = Recall.FOLLOW_UP
    remains = "收到的短信仍在市民手机里，收不回"
    groupings: tuple[str, ...] = ("each", "digest", "bundle")
    most_items = 999  # the digest says how many there are in at most three digits

    def __init__(self, name: str, options: Options, house: House) -> None:
        self.name = name
        self.most_recipients = options.max_numbers
        # One call; twice its limits, since the sending of its body has none.
        limits = options.connect_timeout + options.read_timeout
        self.longest_call = 2 * timedelta(seconds=limits)
        self._options = options
        self._gateway = Gateway(options)
        self._wording = Wording(
            sign=options.visible_sign,
            max_parts=options.max_parts,
            opt_out=options.opt_out,
            site_url=house.site_url,
        )

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        del shelf  # nothing stands in a phone that a new message could replace
        message = compose(list(items), self._wording)
        return Rendition(
            files=(
                File("message.txt", "text/plain; charset=utf-8", message.visible.encode()),
                File("meta.json", "application/json", _meta(message)),
            ),
            notes=message.notes,
        )

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        del key  # the platform takes no name of ours; it gives its own
        self._check_recipients(recipients)
        group = self._gateway.submit(
            self._content(rendition), [recipient.address for recipient in recipients]
        )
        return Receipt(Status.ACCEPTED, reference=group, raw="success")

    def check(self, receipt: Receipt) -> Receipt:
        reports, unreadable = read(self._gateway.pull())
        if not reports and not unreadable:
            return receipt
        reason = f"有{unreadable}条回执看不懂，未采用" if unreadable else receipt.reason
        return replace(receipt, reports=tuple(reports), reason=reason)

    def _content(self, rendition: Rendition) -> str:
        """What is submitted: with the signature only where the platform does not add it."""
        if not self._options.platform_adds_sign:
            return rendition.file("message.txt").data.decode()
        text: str = json.loads(rendition.file("meta.json").data)["text"]
        return text

    def _check_recipients(self, recipients: Sequence[Recipient]) -> None:
        """One bad number makes the platform refuse the whole call, so none may leave here."""
        most = self._options.max_numbers
        if not recipients:
            raise PermanentError("这一批没有收件人", ReasonClass.INTERNAL)
        if len(recipients) > most:
            raise PermanentError(
                f"这一批有{len(recipients)}个号码，超过 max_numbers（{most}）", ReasonClass.INTERNAL
            )
        seen: set[str] = set()
        for recipient in recipients:
            if not re.fullmatch(r"1[3-9][0-9]{9}", recipient.address):
                raise PermanentError(
                    f"订户 {recipient.id} 的手机号格式不对，请核对后重发", ReasonClass.ADDRESS
                )
            if recipient.address in seen:
                raise PermanentError(
                    f"订户 {recipient.id} 的手机号与同批另一订户重复", ReasonClass.ADDRESS
                )
            seen.add(recipient.address)


def build(name: str, options: Options, house: House) -> Channel:
    return SmsChannel(name, options, house)


def _meta(message: Message) -> bytes:
    facts = {"parts": message.parts, "text": message.text, "units": message.units}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
