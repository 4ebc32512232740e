"""Sending through a simulated 云MAS, and seeing that no error tells a secret."""

import base64
import json
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from channels.sms import SmsChannel
from publisher.channel import (
    DeliveryError,
    Receipt,
    Recipient,
)
from tests.contract.rig_sms import PHONES, options_for
from tests.factories import a_house, an_item
from tests.simulators.yunmas import YunMasSimulator

OK = {"msgGroup": "1123035304001000000001", "rspcod": "success", "success": True}
SECRET = "demo-secret-key"
TO = tuple(Recipient(number, phone) for number, phone in enumerate(PHONES, 1))


def channel_for(platform: YunMasSimulator, folder: Path, **changes: object) -> SmsChannel:
    return SmsChannel("sms", options_for(platform, **changes), a_house(folder))


def sending(channel: SmsChannel, recipients: Sequence[Recipient] = TO) -> Receipt:
    rendition = channel.render([an_item(title="测试")])
    return channel.send(rendition, "b1", recipients)


def refused(channel: SmsChannel, recipients: Sequence[Recipient] = TO) -> DeliveryError:
    """The error a send ends with, after seeing that nothing secret hangs on it anywhere."""
    with pytest.raises(DeliveryError) as caught:
        sending(channel, recipients)
    assert_tells_nothing(caught.value)
    return caught.value


def assert_tells_nothing(error: DeliveryError) -> None:
    said = [error.reason, error.raw, repr(error), *traceback.format_exception(error)]
    linked: BaseException | None = error
    while linked is not None:
        # A network library's exception holds the request, and that holds every number.
        assert isinstance(linked, DeliveryError)
        said += [str(linked), repr(linked), repr(vars(linked))]
        linked = linked.__context__ or linked.__cause__
    for secret in (SECRET, *PHONES):
        assert not any(secret in text for text in said)


def last_call(platform: YunMasSimulator) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(base64.b64decode(platform.calls[-1].body))
    return fields
