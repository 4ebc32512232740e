"""What each answer of 云MAS is taken for: refusals in its own words, and answers out of place."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.sms.answers import REFUSALS
from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    TemporaryError,
)
from publisher.model import ReasonClass
from tests.channels.canned import canned, http
from tests.channels.sms_sending import (
    OK,
    channel_for,
    refused,
)
from tests.contract.rig_sms import PHONES, SUBMIT
from tests.simulators.server import Fault
from tests.simulators.yunmas import YunMasSimulator


@pytest.fixture
def platform() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_the_table(platform: YunMasSimulator, tmp_path: Path, code: str) -> None:
    platform.plan(Fault.CODE, SUBMIT, code=code)
    error = refused(channel_for(platform, tmp_path))
    expected = REFUSALS[code]
    assert (type(error), error.kind, error.raw) == (expected.failure, expected.kind, code)
    assert platform.ledger() == []


@pytest.mark.parametrize(
    ("code", "failure", "kind"),
    [
        ("InvalidUsrOrPwd", PermanentError, ReasonClass.PERMISSION),
        ("ContainSensitiveWord", PermanentError, ReasonClass.CONTENT),
        ("InvalidMobile", PermanentError, ReasonClass.ADDRESS),
        ("TooManyMobiles", PermanentError, ReasonClass.INTERNAL),
        ("dailyMaxNumZero", TemporaryError, ReasonClass.QUOTA),
        ("PrepayBalanceZero", TemporaryError, ReasonClass.QUOTA),
        ("SenderNotStarted", TemporaryError, ReasonClass.PROVIDER),
        ("SameNumberAndContent", OutcomeUnknown, ReasonClass.PROVIDER),
        ("NeverHeardOf", PermanentError, ReasonClass.PROVIDER),
    ],
)
def test_whose_move_a_refusal_is(
    platform: YunMasSimulator,
    tmp_path: Path,
    code: str,
    failure: type[DeliveryError],
    kind: ReasonClass,
) -> None:
    platform.plan(Fault.CODE, SUBMIT, code=code)
    error = refused(channel_for(platform, tmp_path))
    assert (type(error), error.kind) == (failure, kind)


def test_a_word_that_names_a_citizen_is_not_kept(platform: YunMasSimulator, tmp_path: Path) -> None:
    platform.plan(Fault.CODE, SUBMIT, code=f"InvalidMobile:{PHONES[0]}")
    assert refused(channel_for(platform, tmp_path)).raw == ""


ANSWERS: dict[str, tuple[bytes, type[DeliveryError], str]] = {
    "contradiction": (http("200 OK", b'{"rspcod":"success","success":false}'), OutcomeUnknown, ""),
    "refused but success": (
        http("200 OK", b'{"rspcod":"IllegalMac","success":true}'),
        OutcomeUnknown,
        "IllegalMac",
    ),
    "no group": (http("200 OK", b'{"rspcod":"success","success":true}'), OutcomeUnknown, ""),
    "list": (http("200 OK", b"[]"), OutcomeUnknown, ""),
    "empty": (http("200 OK"), OutcomeUnknown, ""),
    "deep": (http("200 OK", b"[" * 100_000), OutcomeUnknown, ""),
    "not latin": (http("200 OK", b"\xff\xfe\x00"), OutcomeUnknown, ""),
    "not HTTP": (b"SSH-2.0-OpenSSH\r\n", OutcomeUnknown, ""),
    "hung up": (b"", OutcomeUnknown, ""),
    "accepted by 202": (http("202 Accepted", json.dumps(OK).encode()), OutcomeUnknown, "HTTP 202"),
    "redirect": (http("302 Found", b"", "Location: http://127.0.0.1:9/"), OutcomeUnknown, "302"),
    "401": (http("401 Unauthorized"), PermanentError, "HTTP 401"),
    "404": (http("404 Not Found"), PermanentError, "HTTP 404"),
    "408": (http("408 Request Timeout"), OutcomeUnknown, "HTTP 408"),
    "429": (http("429 Too Many Requests"), TemporaryError, "HTTP 429"),
    "500": (http("500 Oops"), OutcomeUnknown, "HTTP 500"),
    "503": (http("503 Busy"), OutcomeUnknown, "HTTP 503"),
    "503 until a date": (
        http("503 Busy", b"", "Retry-After: Fri, 27 Nov 2026 00:00:00 GMT"),
        TemporaryError,
        "HTTP 503",
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_answers_the_platform_should_not_give(
    platform: YunMasSimulator, tmp_path: Path, case: str
) -> None:
    answer, failure, raw = ANSWERS[case]
    with canned(answer) as (url, bodies):
        error = refused(channel_for(platform, tmp_path, base_url=url))
        assert type(error) is failure
        assert raw in error.raw
        assert len(bodies) == 1


def test_the_wait_asked_for_is_kept(platform: YunMasSimulator, tmp_path: Path) -> None:
    with canned(http("503 Busy", b"", "Retry-After: 120")) as (url, _):
        error = refused(channel_for(platform, tmp_path, base_url=url))
    assert isinstance(error, TemporaryError)
    assert error.retry_after == timedelta(minutes=2)
