"""Signatures: what is genuine and fresh is believed, and nothing else."""

import ast
import base64
import hashlib
import hmac
import re
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import signature
from publisher.signature import Forged, new_secret, sign, verify
from tests.factories import ROOT

SECRET = "whsec_" + base64.b64encode(b"a secret of the two sides").decode()
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
BODY = '{"id":"k1","events":[{"title":"通知"}]}'.encode()


def test_what_is_signed_is_believed_and_its_id_told() -> None:
    assert verify(SECRET, sign(SECRET, "k1", BODY, NOW), BODY, NOW) == "k1"


def test_it_is_the_signature_of_standard_webhooks() -> None:
    """Written out with the library alone, so that a receiver in any language can do it."""
    headers = sign(SECRET, "k1", BODY, NOW)
    assert headers["webhook-timestamp"] == "1795397400"
    signed = b"k1.1795397400." + BODY
    mac = hmac.new(b"a secret of the two sides", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


@pytest.mark.parametrize("late", [timedelta(seconds=301), timedelta(days=-1)])
def test_a_replay_outside_the_window_is_refused(late: timedelta) -> None:
    headers = sign(SECRET, "k1", BODY, NOW)
    with pytest.raises(Forged, match="replay"):
        verify(SECRET, headers, BODY, NOW + late)
    assert verify(SECRET, headers, BODY, NOW + late, timedelta(days=2)) == "k1"


def test_an_old_call_with_a_new_time_is_refused() -> None:
    headers = sign(SECRET, "k1", BODY, NOW) | {"webhook-timestamp": "1795397999"}
    with pytest.raises(Forged, match="signature"):
        verify(SECRET, headers, BODY, NOW + timedelta(minutes=10))


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "k2"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,中文"},
        {"webhook-signature": "v0," + "A" * 44},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "１７９５"},
        {"webhook-timestamp": "9" * 400},
    ],
)
def test_headers_that_were_touched_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Forged):
        verify(SECRET, sign(SECRET, "k1", BODY, NOW) | changes, BODY, NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_headers_that_are_missing_are_refused(name: str) -> None:
    headers = sign(SECRET, "k1", BODY, NOW)
    del headers[name]
    with pytest.raises(Forged, match=name):
        verify(SECRET, headers, BODY, NOW)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_altered_byte_is_refused(place: int, change: int) -> None:
    body = bytearray(BODY)
    body[place] ^= change
    with pytest.raises(Forged):
        verify(SECRET, sign(SECRET, "k1", BODY, NOW), bytes(body), NOW)


def test_headers_come_in_any_case_and_with_several_signatures() -> None:
    """While a secret is being changed, both are signed with."""
    headers = {name.title(): value for name, value in sign(SECRET, "k1", BODY, NOW).items()}
    headers["Webhook-Signature"] = "v1,AAAA " + headers["Webhook-Signature"] + " v2,whatever"
    assert verify(SECRET, headers, BODY, NOW) == "k1"


def test_another_secret_is_refused_and_no_two_are_alike() -> None:
    with pytest.raises(Forged):
        verify(new_secret(), sign(SECRET, "k1", BODY, NOW), BODY, NOW)
    assert new_secret() != new_secret()
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32


def test_a_receiver_can_copy_the_file() -> None:
    assert signature.__file__
    with open(signature.__file__, encoding="utf-8") as file:  # noqa: PTH123 - the module says str
        tree = ast.parse(file.read())
    for one in ast.walk(tree):
        names = [alias.name for alias in one.names] if isinstance(one, ast.Import) else []
        names += [one.module or ""] if isinstance(one, ast.ImportFrom) else []
        assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names)


def test_the_receiver_of_the_manual_takes_each_call_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.setitem(sys.modules, "signature", signature)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE taken (key TEXT PRIMARY KEY)")
        noted: list[Any] = []
        headers = sign(SECRET, "k1", BODY, datetime.now(UTC))
        for given in (headers, headers, headers | {"webhook-id": "k2"}):
            names["answer"] = names["hook"](given, BODY, SECRET, database, noted.append)
        assert noted == [{"title": "通知"}]
        assert names["answer"] == 401
        assert names["hook"](headers, BODY, SECRET, database, noted.append) == 204
