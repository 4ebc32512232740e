"""The simulated 云MAS refuses what the real one refuses, and can be run by itself."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.simulators.yunmas import Account, YunMasSimulator

ROOT_MODULE = "tests.simulators.yunmas"


@pytest.fixture
def platform() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


def a_call(**changes: str | None) -> dict[str, str]:
    """A correct submit with some fields changed (None: left out), signed after the change."""
    account = Account()
    facts: dict[str, str | None] = {
        "ecName": account.ec_name,
        "apId": account.ap_id,
        "mobiles": "13900001001",
        "content": "你好<b>",
        "sign": account.sign_code,
        "addSerial": "",
    }
    call = {key: value for key, value in (facts | changes).items() if value is not None}
    fields = [call.get(key, "") for key in ("mobiles", "content", "sign", "addSerial")]
    signed = "".join([call["ecName"], call["apId"], account.secret_key, *fields])
    return {"mac": hashlib.md5(signed.encode()).hexdigest()} | call  # noqa: S324 - their scheme


def post(platform: YunMasSimulator, fields: object, path: str = "/sms/submit") -> requests.Response:
    body = base64.b64encode(json.dumps(fields).encode())
    return requests.post(platform.url + path, data=body, timeout=5)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "success"),
        ({"addSerial": None}, "InvalidUsrOrPwd"),
        ({"ecName": "x"}, "InvalidUsrOrPwd"),
        ({"apId": "x"}, "InvalidUsrOrPwd"),
        ({"mac": "0" * 32}, "IllegalMac"),
        ({"sign": "x"}, "IllegalSignId"),
        ({"sign": ""}, "NoSignId"),
        ({"mobiles": ""}, "NoMobile"),
        ({"mobiles": "12345678901"}, "InvalidMobile"),
        ({"mobiles": "13900001001,13900001001"}, "DupMobile"),
        ({"mobiles": ",".join(str(13900000000 + n) for n in range(5001))}, "TooManyMobiles"),
        ({"content": ""}, "NoContent"),
        ({"content": "字" * 501}, "ExceedMaxContentLength"),
    ],
)
def test_a_call_is_checked_field_by_field(
    platform: YunMasSimulator, changes: dict[str, str | None], code: str
) -> None:
    answer = post(platform, a_call(**changes)).json()
    assert answer["rspcod"] == code
    assert answer["success"] is (code == "success")
    assert len(platform.ledger()) == (code == "success")


def test_nonsense_and_unknown_paths(platform: YunMasSimulator) -> None:
    assert post(platform, ["a", "list"]).json()["rspcod"] == "InvalidMessage"
    assert post(platform, a_call(), "/sms/other").status_code == 404
    assert requests.get(f"{platform.url}/sms/submit", timeout=5).status_code == 404
    assert platform.ledger() == []


def test_receipts_are_for_the_account_only(platform: YunMasSimulator) -> None:
    wrong = {"ecName": Account().ec_name, "apId": "xinji", "secretKey": "guess"}
    assert post(platform, wrong, "/sms/report").json()["rspcod"] == "InvalidUsrOrPwd"


def test_phones_that_do_not_exist_get_nothing_but_are_accepted(platform: YunMasSimulator) -> None:
    post(platform, a_call(mobiles="13900000000,13900000006,13900000008"))
    assert [entry["phone"][-4:] for entry in platform.ledger()] == ["0006", "0008"]
    assert platform.accepted.total() == 3


def test_the_page_shows_bubbles_and_no_number(platform: YunMasSimulator) -> None:
    assert "还没有短信" in requests.get(platform.url, timeout=5).text
    post(platform, a_call())
    page = requests.get(platform.url, timeout=5)
    page.encoding = "utf-8"
    assert "【辛集市政府】你好&lt;b&gt;" in page.text
    assert "139****1001" in page.text
    assert "13900001001" not in page.text


@pytest.mark.parametrize("ending", ["SIGTERM", "stdin"])
def test_it_runs_in_the_foreground_until_told(ending: str) -> None:
    command = [sys.executable, "-m", ROOT_MODULE, "--report-after", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        assert "云MAS模拟器" in requests.get(url, timeout=5).content.decode()
        if ending == "SIGTERM":
            process.terminate()
        else:
            process.stdin.close()
        assert process.wait(10) == 0
