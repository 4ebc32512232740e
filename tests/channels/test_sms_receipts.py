"""Receipts: what each code says of a phone, and how they are pulled."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.sms.receipts import FAILED, ON_THE_WAY, read, verdict
from publisher.channel import Receipt, Recipient, Report, TemporaryError
from publisher.model import ReasonClass, Status
from tests.channels.canned import canned, http
from tests.channels.sms_sending import (
    TO,
    assert_tells_nothing,
    channel_for,
    last_call,
    refused,
    sending,
)
from tests.contract.rig_sms import PHONES
from tests.simulators.server import Fault
from tests.simulators.yunmas import YunMasSimulator

GROUP = "0826112130001000330441"
DELIVERED, FAILED_, UNDER_WAY = Status.DELIVERED, Status.FAILED, Status.ACCEPTED


@pytest.fixture
def platform() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


def a_receipt(error: object = "DELIVRD", status: object = "CM:0000", **more: object) -> object:
    facts = {"errorCode": error, "reportStatus": status, "mobile": PHONES[0], "msgGroup": GROUP}
    return facts | more


@pytest.mark.parametrize(
    ("receipt", "expected", "code"),
    [
        (a_receipt(), DELIVERED, "DELIVRD"),
        (a_receipt("", "DELIVRD"), DELIVERED, "DELIVRD"),
        (a_receipt("CM:0000", "DELIVRD"), DELIVERED, "DELIVRD"),
        (a_receipt("CM:0000", "CM:0000"), UNDER_WAY, "CM:0000 平台已受理"),
        (a_receipt("", "CM:3000"), UNDER_WAY, "CM:3000 网关已接收"),
        (a_receipt("MK:0001", "MK:0001"), FAILED_, "MK:0001 空号"),
        (a_receipt("EXPIRED"), FAILED_, "EXPIRED 关机或不在服务区，已过期"),
        (a_receipt("CM:8004", "CM:8004"), FAILED_, "CM:8004 已退订，不要再发"),
        (a_receipt("CM:4006"), FAILED_, "CM:4006 没有登记异网签名"),
        (a_receipt("IB:0063"), FAILED_, "IB:0063 运营商网络原因"),
        (a_receipt("IB:0008"), FAILED_, "IB:0008 超过运营商限量"),
        (a_receipt("CM:2007"), FAILED_, "CM:2007 未收录的代码，需人工核对"),
        (a_receipt("delivrd"), FAILED_, "delivrd 未收录的代码，需人工核对"),
    ],
)
def test_codes(receipt: object, expected: Status, code: str) -> None:
    assert read([receipt]) == ([Report(GROUP, PHONES[0], expected, code)], 0)


def test_only_delivrd_is_delivered() -> None:
    for code in (*FAILED, *ON_THE_WAY):
        assert verdict(code)[0] is not DELIVERED
    assert not set(FAILED) & set(ON_THE_WAY)


def test_a_receipt_may_name_several_phones_in_several_ways() -> None:
    one = a_receipt(mobile=["13900001001", "8613900001002", "+8613900001003", 13900001004])
    other = a_receipt(msgGroup=None, mgsGroup="g2")
    reports, unreadable = read([one, other])
    assert [report.address[-4:] for report in reports] == ["1001", "1002", "1003", "1004", "1001"]
    assert reports[-1].reference == "g2"
    assert unreadable == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "DELIVRD",
        [],
        {},
        a_receipt(mobile=None),
        a_receipt(mobile="0311-83220000"),
        a_receipt(msgGroup=""),
        a_receipt(msgGroup=17),
        a_receipt("", ""),
        a_receipt({"code": 1}, None),
    ],
)
def test_what_cannot_be_read_is_counted_and_hides_nothing(nonsense: object) -> None:
    reports, unreadable = read([nonsense, a_receipt()])
    assert ([report.address for report in reports], unreadable) == ([PHONES[0]], 1)


def test_nothing_new_is_the_same_receipt(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path)
    receipt = sending(channel)
    assert channel.check(receipt) is receipt


def test_reports_come_once_and_carry_the_batch(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path)
    receipt = sending(channel)
    platform.finish()
    checked = channel.check(receipt)
    assert checked.reports == tuple(
        Report(receipt.reference, phone, DELIVERED, "DELIVRD") for phone in PHONES
    )
    assert (checked.status, checked.reference) == (receipt.status, receipt.reference)
    assert not any(phone in repr(checked) for phone in PHONES)
    assert channel.check(receipt) is receipt


def test_reports_of_other_batches_come_along(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path)
    first, second = sending(channel, TO[:1]), sending(channel, TO[1:])
    platform.finish()
    references = {report.reference for report in channel.check(second).reports}
    assert references == {first.reference, second.reference}


FATES: dict[str, list[list[tuple[Status, str]]]] = {
    "0000": [[(FAILED_, "MK:0001 空号")]],
    "0001": [[(FAILED_, "MN:0001 空号")]],
    "0002": [[(FAILED_, "DB:0102 停机或暂停服务")]],
    "0003": [[(FAILED_, "EXPIRED 关机或不在服务区，已过期")]],
    "0004": [[(FAILED_, "UNDELIV 停机或暂停服务")]],
    "0005": [[(FAILED_, "CM:8004 已退订，不要再发")]],
    "0006": [[]],
    "0007": [[(DELIVERED, "DELIVRD")], [(DELIVERED, "DELIVRD")]],
    "0008": [[(FAILED_, "MK:0005 停机或暂停服务")], [(DELIVERED, "DELIVRD")]],
    "0009": [[(DELIVERED, "DELIVRD")]],
}


@pytest.mark.parametrize("ending", FATES)
def test_the_fate_of_a_number_comes_back_pull_by_pull(
    platform: YunMasSimulator, tmp_path: Path, ending: str
) -> None:
    channel = channel_for(platform, tmp_path)
    receipt = sending(channel, [Recipient(1, f"1390000{ending}")])
    early = channel.check(receipt).reports
    assert bool(early) is (ending == "0009")
    platform.finish()
    pulls = [early] if early else []
    pulls += [channel.check(receipt).reports for _ in range(len(FATES[ending]) - len(pulls))]
    assert [[(report.status, report.code) for report in pull] for pull in pulls] == FATES[ending]
    assert channel.check(receipt) is receipt


def test_the_secret_goes_out_only_to_pull(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path)
    channel.check(Receipt(UNDER_WAY, GROUP))
    assert last_call(platform) == {
        "ecName": "辛集市人民政府办公室",
        "apId": "xinji",
        "secretKey": "demo-secret-key",
    }


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.DELAY])
def test_what_cannot_be_asked_now_is_asked_later(
    platform: YunMasSimulator, tmp_path: Path, fault: Fault
) -> None:
    channel = channel_for(platform, tmp_path)
    receipt = sending(channel)
    platform.finish()
    platform.plan(fault, "/sms/report", code="InvalidUsrOrPwd")
    with pytest.raises(TemporaryError) as caught:
        channel.check(receipt)
    assert_tells_nothing(caught.value)
    if fault is Fault.CODE:
        assert caught.value.kind is ReasonClass.PERMISSION


def test_a_platform_that_is_gone_is_asked_later(platform: YunMasSimulator, tmp_path: Path) -> None:
    channel = channel_for(platform, tmp_path)
    platform.__exit__()
    refused(channel)
    with pytest.raises(TemporaryError) as caught:
        channel.check(Receipt(UNDER_WAY, GROUP))
    assert_tells_nothing(caught.value)


def test_staff_learn_of_receipts_that_could_not_be_read(
    platform: YunMasSimulator, tmp_path: Path
) -> None:
    body = json.dumps([a_receipt(), {"strange": PHONES[1]}]).encode()
    with canned(http("200 OK", body)) as (url, _):
        checked = channel_for(platform, tmp_path, base_url=url).check(Receipt(UNDER_WAY, GROUP))
    assert len(checked.reports) == 1
    assert checked.reason == "有1条回执看不懂，未采用"
