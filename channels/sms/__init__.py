"""SMS through China Mobile's 云MAS: one text to many subscribers, receipts pulled afterwards.

The platform has no idempotency key and cannot be asked whether a batch went out. A batch whose
answer was lost stays unknown until its receipts give away its name, or a person settles it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from channels.sms.compose import compose
from channels.sms.gateway import Gateway
from channels.sms.message import Message, Wording
from channels.sms.options import PHONE, Options
from channels.sms.preview import bubbles
from channels.sms.receipts import read
from channels.sms.trial import MARK, marked
from publisher.channel import (
    NOTHING,
    Channel,
    File,
    House,
    Pane,
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
        phone = options.test_phone.get_secret_value()
        self.trial_to = f"{phone[:3]}****{phone[-4:]}" if phone else ""
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

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        return (bubbles(_visible(rendition), items),)

    def trial(self, rendition: Rendition, key: str) -> Receipt:
        """The message to the test phone alone, marked as a test where there is room for it."""
        del key  # as in send
        phone = self._options.test_phone.get_secret_value()
        if not phone:
            raise PermanentError(
                "还没有测试手机号：请在短信渠道的设置里填写 test_phone",
                ReasonClass.INTERNAL,
                field="test_phone",
            )
        text, visible = _text(rendition), _visible(rendition)
        wanted = marked(text, visible)
        sign = "" if self._options.platform_adds_sign else visible.removesuffix(text)
        group = self._gateway.submit(sign + wanted, [phone])
        reason = "测试短信已交给云MAS，请看测试手机"
        if wanted == text:
            reason += f"；加“{MARK}”会多算一条，所以没有加"
        return Receipt(Status.ACCEPTED, reference=group, reason=reason, raw="success")

    def _content(self, rendition: Rendition) -> str:
        """What is submitted: with the signature only where the platform does not add it."""
        platform_adds_sign = self._options.platform_adds_sign
        return _text(rendition) if platform_adds_sign else _visible(rendition)

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
            if not PHONE.fullmatch(recipient.address):
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


def _visible(rendition: Rendition) -> str:
    return rendition.file("message.txt").data.decode()


def _text(rendition: Rendition) -> str:
    text: str = json.loads(rendition.file("meta.json").data)["text"]
    return text
