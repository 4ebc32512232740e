"""A stand-in for China Mobile's 云MAS, HTTPS pull variant: strict about every field.

What becomes of a phone is decided by its last four digits (FATES), so that a test can ask for it:
    python -m tests.simulators.yunmas --port 18810
"""

import argparse
import base64
import hashlib
import json
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path
from typing import Any

from tests.simulators.server import Request, Response, Simulator

DELIVERED = ("DELIVRD",)
FATES: Mapping[str, Sequence[str]] = {
    "0000": ("MK:0001",),
    "0001": ("MN:0001",),
    "0002": ("DB:0102",),
    "0003": ("EXPIRED",),
    "0004": ("UNDELIV",),
    "0005": ("CM:8004",),
    "0006": (),  # arrives, but no receipt ever comes
    "0007": ("DELIVRD", "DELIVRD"),
    "0008": ("MK:0005", "DELIVRD"),
    "0009": ("DELIVRD",),  # the receipt is there before the submit is answered
}
_EARLY = "0009"
MAX_NUMBERS = 5000
MAX_CONTENT = 500


@dataclass(frozen=True, slots=True)
class Account:
    """One interface account as the platform knows it."""

    ec_name: str = "辛集市人民政府办公室"
    ap_id: str = "xinji"
    secret_key: str = field(default="demo-secret-key", repr=False)
    sign_code: str = "AbCdEfGhI"
    visible_sign: str = "辛集市政府"
    adds_sign: bool = True


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A receipt that can be pulled from `ready` on (monotonic; infinite until `finish`)."""

    ready: float
    receipt: dict[str, str]


class YunMasSimulator(Simulator):
    """`daily` is how many numbers the account may reach (None: no limit)."""

    def __init__(
        self,
        port: int = 0,
        account: Account | None = None,
        report_after: float | None = None,
        daily: int | None = None,
    ) -> None:
        super().__init__(port)
        self.account = account or Account()
        self.report_after = report_after
        self.left = daily
        self.accepted: Counter[str] = Counter()
        self._received: list[dict[str, Any]] = []
        self._waiting: list[_Waiting] = []
        self._groups = 0

    def handle(self, request: Request) -> Response:
        fields = _fields(request.body)
        match (request.method, request.path):
            case ("POST", "/sms/submit"):
                return self._submit(fields, "mgsGroup")
            case ("POST", "/sms/norsubmit"):
                return self._submit(fields, "msgGroup")
            case ("POST", "/sms/report"):
                return self._report(fields)
            case _:
                return Response(b"not found", 404, "text/plain")

    def code_response(self, request: Request, code: str) -> Response:
        key = "mgsGroup" if request.path.endswith("/submit") else "msgGroup"
        return Response.of_json({key: "", "rspcod": code, "success": False})

    def ledger(self) -> list[dict[str, Any]]:
        """One entry for each message that a phone received, whether or not a receipt says so."""
        with self.lock:
            return list(self._received)

    def finish(self) -> None:
        """Let every receipt that will ever come be there now."""
        with self.lock:
            self._waiting = [_Waiting(0.0, waiting.receipt) for waiting in self._waiting]

    def memory(self) -> dict[str, Any]:
        receipts = [waiting.receipt for waiting in self._waiting]
        return {
            "accepted": self.accepted,
            "received": self._received,
            "receipts": receipts,
            "groups": self._groups,
        }

    def recall(self, memory: dict[str, Any]) -> None:
        self.accepted = memory["accepted"]
        self._received = memory["received"]
        self._waiting = [_Waiting(0.0, receipt) for receipt in memory["receipts"]]
        self._groups = memory["groups"]

    def page(self) -> str:
        with self.lock:
            return _page(self._received, self.accepted.total())

    def _submit(self, fields: dict[str, Any] | None, key: str) -> Response:
        refusal = _refusal(fields, self.account)
        phones = str((fields or {}).get("mobiles", "")).split(",")
        if not refusal and self.left is not None and len(phones) > self.left:
            refusal = "dailyMaxNumZero"
        if refusal or fields is None:
            return Response.of_json(
                {key: "", "rspcod": refusal or "InvalidMessage", "success": False}
            )
        group = self._new_group()
        if self.left is not None:
            self.left -= len(phones)
        for phone in phones:
            self._take(phone, fields["content"], group)
        return Response.of_json({key: group, "rspcod": "success", "success": True})

    def _take(self, phone: str, content: str, group: str) -> None:
        self.accepted[phone] += 1
        codes = FATES.get(phone[-4:], DELIVERED)
        if not codes or "DELIVRD" in codes:
            sign = f"【{self.account.visible_sign}】" if self.account.adds_sign else ""
            self._received.append(
                {"phone": phone, "text": sign + content, "at": _beijing("%H:%M:%S")}
            )
        ready = float("inf") if self.report_after is None else time.monotonic() + self.report_after
        for code in codes:
            receipt = _receipt(phone, code, group)
            self._waiting.append(_Waiting(0.0 if phone.endswith(_EARLY) else ready, receipt))

    def _report(self, fields: dict[str, Any] | None) -> Response:
        """Hand out what is ready, each once, and no phone twice in one pull."""
        asked = (fields or {}).get("ecName"), (fields or {}).get("apId")
        secret = (fields or {}).get("secretKey")
        if asked != (self.account.ec_name, self.account.ap_id) or secret != self.account.secret_key:
            return Response.of_json({"rspcod": "InvalidUsrOrPwd", "success": False})
        handed: dict[tuple[str, str], dict[str, str]] = {}
        later: list[_Waiting] = []
        for waiting in self._waiting:
            phone_and_group = waiting.receipt["mobile"], waiting.receipt["msgGroup"]
            if waiting.ready <= time.monotonic() and phone_and_group not in handed:
                handed[phone_and_group] = waiting.receipt
            else:
                later.append(waiting)
        self._waiting = later
        return Response.of_json(list(handed.values()))

    def _new_group(self) -> str:
        """22 digits: month to second, 001, and a running number."""
        self._groups += 1
        return f"{_beijing('%m%d%H%M%S')}001{self._groups:09d}"


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.b64decode(body, validate=True))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _refusal(fields: dict[str, Any] | None, account: Account) -> str:
    """The platform's word for what is wrong with a submit; empty if nothing is."""
    if fields is None or not all(isinstance(value, str) for value in fields.values()):
        return "InvalidMessage"
    if "addSerial" not in fields:
        return "InvalidUsrOrPwd"  # misleading, and exactly what the real one says
    if (fields.get("ecName"), fields.get("apId")) != (account.ec_name, account.ap_id):
        return "InvalidUsrOrPwd"
    signed = [account.ec_name, account.ap_id, account.secret_key]
    signed += [fields.get(key, "") for key in ("mobiles", "content", "sign", "addSerial")]
    if fields.get("mac") != hashlib.md5("".join(signed).encode()).hexdigest():  # noqa: S324 - the platform's scheme
        return "IllegalMac"
    if fields.get("sign") != account.sign_code:
        return "IllegalSignId" if fields.get("sign") else "NoSignId"
    return _wrong_numbers(fields.get("mobiles", "")) or _wrong_content(fields.get("content", ""))


def _wrong_numbers(mobiles: str) -> str:
    phones = mobiles.split(",") if mobiles else []
    if not phones:
        return "NoMobile"
    if len(phones) > MAX_NUMBERS:
        return "TooManyMobiles"
    if not all(re.fullmatch(r"1[3-9][0-9]{9}", phone) for phone in phones):
        return "InvalidMobile"
    return "DupMobile" if len(set(phones)) < len(phones) else ""


def _wrong_content(content: str) -> str:
    if not content:
        return "NoContent"
    return "ExceedMaxContentLength" if len(content) > MAX_CONTENT else ""


def _receipt(phone: str, code: str, group: str) -> dict[str, str]:
    now = _beijing("%Y%m%d%H%M%S")
    return {
        "reportStatus": "CM:0000" if code == "DELIVRD" else code,
        "mobile": phone,
        "submitDate": now,
        "receiveDate": now,
        "errorCode": code,
        "msgGroup": group,
    }


_STYLE = """body{font:16px/1.6 sans-serif;background:#eef1f4;margin:2rem auto;max-width:72rem;
padding:0 1rem}.phones{display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fill,minmax(19rem,
1fr))}.phone{background:#fff;border:.5rem solid #27313a;border-radius:1.6rem;padding:1rem;
overflow-wrap:anywhere}h2{font-size:1rem;text-align:center;margin:0 0 .8rem}.bubble{
background:#e3f1e5;border-radius:.3rem 1rem 1rem 1rem;padding:.6rem .8rem;margin:.5rem 0 0}
time{font-size:.8rem;color:#56616b}"""


def _page(received: Sequence[Mapping[str, str]], accepted: int) -> str:
    """Every phone with what it received, newest first; numbers masked even here."""
    phones: dict[str, list[str]] = {}
    for message in reversed(received):
        bubble = f'<p class="bubble">{escape(message["text"])}</p><time>{message["at"]}</time>'
        phones.setdefault(message["phone"], []).append(bubble)
    cards = "".join(
        f'<section class="phone"><h2>{phone[:3]}****{phone[-4:]}</h2>{"".join(bubbles)}</section>'
        for phone, bubbles in phones.items()
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>云MAS模拟器</title>'
        f"<style>{_STYLE}</style><h1>云MAS模拟器：市民手机上的短信</h1>"
        f"<p>平台已受理 {accepted} 个号码，{len(phones)} 部手机收到 {len(received)} 条短信。"
        f"</p>{'' if cards else '<p>还没有短信。</p>'}<main class=phones>{cards}</main></html>"
    )


def _beijing(form: str) -> str:
    """The platform's clock, wherever the machine stands."""
    return datetime.now(timezone(timedelta(hours=8))).strftime(form)


def main() -> None:
    """Run in the foreground until SIGTERM, or until whoever started it closes our stdin."""
    account = Account()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--report-after", type=float, default=3.0)
    parser.add_argument("--daily", type=int, default=None)
    parser.add_argument("--remember", type=Path, default=None)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    simulator = YunMasSimulator(chosen.port, account, chosen.report_after, chosen.daily)
    if chosen.remember:
        simulator.remember(chosen.remember)
    with simulator:
        sys.stdout.write(json.dumps({"url": simulator.url}) + "\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
