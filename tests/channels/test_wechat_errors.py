"""Every code of the table, on the wire: its class, its words for staff, and whose move it is."""

import re

import pytest

from channels.wechat.errors import CLASSES, CODES, TOKEN_REFUSED
from publisher.channel import DeliveryError, OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import ReasonClass
from tests.channels.wechat_world import KEY, World, a_world
from tests.simulators.server import Fault
from tests.simulators.wechat import Account

FIELDS = {"", "short_title", "summary", "body", "images", "url", "department"}


def refused(world: World, path: str, code: int) -> DeliveryError:
    world.simulator.plan(Fault.CODE, path, code=str(code), times=-1)
    with pytest.raises(DeliveryError) as caught:
        world.channel.send(world.rendition(), KEY)
    assert not world.simulator.press.all
    return caught.value


@pytest.mark.parametrize("code", CODES)
def test_before_the_submit(code: int) -> None:
    known = CODES[code]
    passes, kind = CLASSES[known.kind]
    with a_world() as world:
        error = refused(world, "draft/add", code)
    assert type(error) is (TemporaryError if passes else PermanentError)
    assert error.kind is kind
    assert f"（微信错误码 {code}）" in error.reason
    assert error.raw.startswith(f"draft/add: {code} ")
    if isinstance(error, PermanentError):
        assert error.field == known.field
    if isinstance(error, TemporaryError):
        assert error.retry_after == known.wait


@pytest.mark.parametrize("code", CODES)
def test_at_the_submit(code: int) -> None:
    known = CODES[code]
    passes, _ = CLASSES[known.kind]
    sure = TemporaryError if passes else PermanentError
    with a_world() as world:
        error = refused(world, "submit", code)
    assert type(error) is (OutcomeUnknown if known.unknown_at_submit else sure)


def test_what_is_unknown_at_the_submit_is_what_the_page_says() -> None:
    assert {code for code, known in CODES.items() if known.unknown_at_submit} == {-1, -1000, 40007}


@pytest.mark.parametrize("path", ["draft/add", "submit"])
def test_a_code_nobody_has_listed(path: str) -> None:
    with a_world() as world:
        error = refused(world, path, 87654)
    assert isinstance(error, PermanentError)
    assert error.kind is ReasonClass.PROVIDER
    assert "87654" in error.reason


@pytest.mark.parametrize("code", TOKEN_REFUSED)
def test_at_the_tokens_own_source_a_bad_credential_is_a_wrong_secret(code: int) -> None:
    with a_world() as world:
        error = refused(world, "stable_token", code)
        assert world.simulator.api_calls() == ["stable_token"]
    assert isinstance(error, PermanentError)
    assert error.kind is ReasonClass.PERMISSION
    assert "app_secret" in error.reason


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"app_secret": "wrong"}, "AppSecret 不正确"), ({"app_id": "wx0"}, "AppID 不正确")],
)
def test_wrong_credentials(wrong: dict[str, str], said: str) -> None:
    with a_world(**wrong) as world, pytest.raises(PermanentError, match=said) as caught:
        world.channel.send(world.rendition(), KEY)
    assert caught.value.kind is ReasonClass.PERMISSION


def test_the_address_that_is_not_listed_is_named() -> None:
    with a_world(Account(ip_listed=False)) as world, pytest.raises(PermanentError) as caught:
        world.channel.send(world.rendition(), KEY)
    assert "203.0.113.7" in caught.value.reason
    assert "IP白名单" in caught.value.reason
    assert caught.value.kind is ReasonClass.PERMISSION


def test_the_table_reads_well() -> None:
    for code, known in CODES.items():
        assert known.kind in CLASSES, code
        assert known.field in FIELDS, code
        assert (known.kind == "content") is bool(known.field), code
        assert known.kind not in {"quota", "busy"} or known.wait, code
        assert re.search(r"[\u4e00-\u9fff]", known.meaning), code
        assert not known.meaning.endswith(("。", "，")), code
        assert known.kind != "staff" or "请" in known.meaning, f"{code} does not say what to do"
    assert {known.kind for known in CODES.values()} == set(CLASSES)
