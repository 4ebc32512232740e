"""What leaves for 云MAS, and what each of its answers and failures is taken for."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from publisher.channel import (
    OutcomeUnknown,
    PermanentError,
    Recipient,
    TemporaryError,
)
from publisher.model import ReasonClass, Status
from tests.channels.sms_sending import (
    SECRET,
    TO,
    channel_for,
    last_call,
    refused,
    sending,
)
from tests.contract.rig_sms import PHONES, SUBMIT
from tests.factories import an_item
from tests.simulators.server import Fault
from tests.simulators.yunmas import Account, YunMasSimulator


@pytest.fixture
def platform() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


def test_every_citizen_gets_the_text_once(platform: YunMasSimulator, tmp_path: Path) -> None:
    receipt = sending(channel_for(platform, tmp_path))
    assert receipt.status is Status.ACCEPTED
    assert receipt.reference.isdigit()
    assert len(receipt.reference) == 22
    text = "【辛集市政府】您订阅的新信息：测试。详见https://www.xinji.example/2026/00001.html"
    assert [(entry["phone"], entry["text"]) for entry in platform.ledger()] == [
        (phone, text) for phone in PHONES
    ]


def test_the_call_is_as_documented_and_holds_no_secret(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    sending(channel_for(platform, tmp_path))
    assert last_call(platform) == {
        "ecName": "辛集市人民政府办公室",
        "apId": "xinji",
        "mobiles": "13900001001,13900001002",
        "content": "您订阅的新信息：测试。详见https://www.xinji.example/2026/00001.html",
        "sign": "AbCdEfGhI",
        "addSerial": "",
        "mac": "768ad389d7bf6a7cebececaa66d0e3ae",  # by md5sum, not by our code
    }


def test_the_extension_code_is_signed_too(tmp_path: Path) -> None:
    account = Account("EC", "ap", "S3cret", "SIGN01")
    with YunMasSimulator(account=account) as platform:
        channel = channel_for(platform, tmp_path, add_serial="01")
        channel.send(channel.render([an_item()]), "b1", TO)
        assert last_call(platform)["addSerial"] == "01"
        assert len(platform.ledger()) == 2


def test_where_the_platform_adds_no_signature_we_do(tmp_path: Path) -> None:
    with YunMasSimulator(account=Account(adds_sign=False)) as platform:
        sending(channel_for(platform, tmp_path))
        assert last_call(platform)["content"].startswith("【辛集市政府】您订阅的")
        assert platform.ledger()[0]["text"].count("【") == 1


def test_both_spellings_of_the_batch_name_are_read(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    for path in ("/sms/submit", "/sms/norsubmit"):
        assert len(sending(channel_for(platform, tmp_path, submit_path=path)).reference) == 22


WIRE_FAULTS = {
    Fault.REFUSE: (OutcomeUnknown, 0),  # 503 without a word when to come back: in doubt
    Fault.ERROR: (OutcomeUnknown, 0),
    Fault.DROP: (OutcomeUnknown, 0),
    Fault.HANG: (OutcomeUnknown, 2),
    Fault.RESET: (OutcomeUnknown, 2),
    Fault.LATE_ERROR: (OutcomeUnknown, 2),
    Fault.NONSENSE: (OutcomeUnknown, 2),
    Fault.TRUNCATED: (OutcomeUnknown, 2),
}


@pytest.mark.parametrize("fault", WIRE_FAULTS)
def test_a_call_that_left_us_is_in_doubt_and_never_repeated(
    platform: YunMasSimulator, tmp_path: Path, fault: Fault
) -> None:
    expected, out = WIRE_FAULTS[fault]
    platform.plan(fault, SUBMIT)
    assert type(refused(channel_for(platform, tmp_path))) is expected
    assert len(platform.calls) == 1
    assert len(platform.ledger()) == out


def test_a_slow_answer_within_the_time_out_is_an_answer(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    platform.plan(Fault.DELAY, SUBMIT, seconds=0.3)
    assert sending(channel_for(platform, tmp_path, read_timeout=5)).status is Status.ACCEPTED


def test_a_platform_that_is_not_there_got_nothing(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    channel = channel_for(platform, tmp_path)
    platform.__exit__()
    error = refused(channel)
    assert type(error) is TemporaryError
    assert "base_url" in error.reason


def test_a_host_that_does_not_resolve_got_nothing(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    channel = channel_for(platform, tmp_path, base_url="https://yunmas.invalid")
    assert type(refused(channel)) is TemporaryError


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret_key": "other"}, "IllegalMac"),
        ({"ec_name": "别的单位"}, "InvalidUsrOrPwd"),
        ({"ap_id": "other"}, "InvalidUsrOrPwd"),
        ({"sign_code": "other"}, "IllegalSignId"),
    ],
)
def test_a_wrong_setting_is_refused_by_the_platform(
    platform: YunMasSimulator, tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    error = refused(channel_for(platform, tmp_path, **changes))
    assert (type(error), error.raw) == (PermanentError, code)


def test_a_used_up_day_waits(tmp_path: Path) -> None:
    with YunMasSimulator(daily=3) as platform:
        channel = channel_for(platform, tmp_path)
        sending(channel)
        error = refused(channel)
        assert (type(error), error.kind) == (TemporaryError, ReasonClass.QUOTA)
        sending(channel, TO[:1])
        assert len(platform.ledger()) == 3


@pytest.mark.parametrize(
    ("recipients", "kind", "named"),
    [
        ((), ReasonClass.INTERNAL, "没有收件人"),
        ((Recipient(7, "1390000100"),), ReasonClass.ADDRESS, "订户 7 "),
        ((Recipient(7, "13900001001,13900001002"),), ReasonClass.ADDRESS, "订户 7 "),
        ((*TO, Recipient(9, PHONES[0])), ReasonClass.ADDRESS, "订户 9 "),
    ],
)
def test_a_list_the_platform_would_refuse_whole_does_not_leave(
    platform: YunMasSimulator,
    tmp_path: Path,
    recipients: Sequence[Recipient],
    kind: ReasonClass,
    named: str,
) -> None:
    error = refused(channel_for(platform, tmp_path), recipients)
    assert (type(error), error.kind) == (PermanentError, kind)
    assert named in error.reason
    assert platform.calls == []


def test_no_more_numbers_than_the_setting_says(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path, max_numbers=2)
    sending(channel)
    assert "max_numbers" in refused(channel, (*TO, Recipient(3, "13900001003"))).reason
    assert len(platform.calls) == 1


def test_a_rendition_is_what_is_sent_and_what_is_shown(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    channel = channel_for(platform, tmp_path)
    rendition = channel.render([an_item(title="测试")])
    meta = json.loads(rendition.file("meta.json").data)
    assert rendition.files[0].name == "message.txt"
    assert rendition.files[0].data.decode() == "【辛集市政府】" + meta["text"]
    assert (meta["parts"], meta["units"]) == (1, 61)
    assert SECRET not in repr(channel) + repr(vars(channel)) + repr(channel._options)
