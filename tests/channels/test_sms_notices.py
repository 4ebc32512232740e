"""Corrections and withdrawals by SMS: goldens read by eye, and that they fit whatever they tell."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.characters import normalise
from channels.sms.compose import compose
from channels.sms.message import Wording
from publisher.channel import PermanentError
from publisher.model import Action, Item, Notice, ReasonClass, Status, Trace
from tests.channels.test_sms_wording import GOLDEN as WORDING
from tests.channels.test_sms_wording import TITLES, attempt, refused, titled, wording
from tests.factories import NOW, an_item

GOLDEN = WORDING / "notices"


def later(action: Action, reason: str, *, sent_as: str = "", **changes: Any) -> list[Item]:
    """A correction or withdrawal of an item that people have under its title, or another one."""
    item = an_item(**changes)
    notice = (Notice(action=action, reason=reason, at=NOW),) if reason else ()
    short = "" if sent_as else item.revision.short_title
    trace = Trace(
        key="b1",
        position=0,
        status=Status.DELIVERED,
        title=sent_as or item.revision.title,
        short_title=short,
    )
    return [replace(item, action=action, notices=notice, traces=(trace,))]


WRONG = "表2中的补助金额有误"
LONG = (
    "经核实，表2中的补助金额有误，应为每户一万八千元；第七条适用范围应包括新城镇和旧城镇；"
    "咨询电话已变更为市住房和城乡建设局村镇建设科。"
)

CASES: dict[str, tuple[list[Item], Wording]] = {
    "correct": (later(Action.CORRECT, f"{WRONG}。", title=TITLES[0]), wording()),
    "correct_long_reason": (
        later(Action.CORRECT, LONG, title=TITLES[2], short_title="绿化办法解读"),
        wording(max_parts=2, opt_out="拒收请回复R"),
    ),
    "correct_minor": (later(Action.CORRECT, "", title=TITLES[0]), wording()),
    "correct_other_title": (
        later(Action.CORRECT, WRONG, sent_as=TITLES[2], title=TITLES[0], short_title="新短标题"),
        wording(),
    ),
    "withdraw": (later(Action.WITHDRAW, WRONG, title=TITLES[2]), wording()),
    "withdraw_cut": (later(Action.WITHDRAW, WRONG, title=TITLES[0]), wording(max_parts=1)),
    "withdraw_one_part": (
        later(Action.WITHDRAW, WRONG, title="危房改造公示"),
        wording(max_parts=1),
    ),
    "withdraw_urgent": (
        later(Action.WITHDRAW, "预警已解除", title="暴雨橙色预警", urgent=True, summary="暴雨"),
        wording(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    message = compose(*CASES[case])
    facts = {"parts": message.parts, "units": message.units, "notes": message.notes}
    shown = f"{message.visible}\n--\n{json.dumps(facts, ensure_ascii=False)}\n"
    assert shown == (GOLDEN / f"{case}.txt").read_text(encoding="utf-8")


def test_goldens_are_all_used() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(CASES)


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_it_names_the_title_that_is_in_the_phones(action: Action) -> None:
    """A minor correction has changed the short title since, and reached nobody."""
    (item,) = later(action, WRONG, title=TITLES[2], short_title="旧短标题")
    mended = replace(item, revision=replace(item.revision, short_title="新短标题"))
    message = compose([mended], wording(max_parts=2))
    assert "《旧短标题》" in message.text
    assert "短信用的是当时发出的标题“旧短标题”" in message.notes
    (bare,) = later(action, WRONG, title="危房改造公示")
    mended = replace(bare, revision=replace(bare.revision, short_title="后加的短标题"))
    assert "《危房改造公示》" in compose([mended], wording(max_parts=2)).text


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_what_comes_later_goes_alone(action: Action) -> None:
    error = refused([*titled(TITLES[0]), *later(action, WRONG)], wording())
    assert (error.kind, "单独发" in error.reason) == (ReasonClass.INTERNAL, True)


def test_a_notice_that_has_no_room_at_all_is_the_settings_fault() -> None:
    far = replace(later(Action.WITHDRAW, WRONG)[0], url=f"https://x.cn/{'a' * 60}")
    assert refused([far], wording(max_parts=1)).field == "url"


@given(
    st.text(min_size=1, max_size=200),
    st.text(max_size=200),
    st.sampled_from([Action.CORRECT, Action.WITHDRAW]),
    st.integers(1, 3),
)
def test_whatever_title_and_reason_a_notice_fits(
    title: str, reason: str, action: Action, most: int
) -> None:
    (item,) = later(action, reason, sent_as=f"题{title}")
    message = compose([item], wording(max_parts=most))
    assert message.parts <= most
    assert message.text.endswith(item.url)
    assert message.text == normalise(message.text)
    assert "《题" in message.text
    shortened = normalise(reason).rstrip("，。；！？ ") not in message.text or "…》" in message.text
    assert not shortened or message.notes


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
@pytest.mark.parametrize("most", [1, 2])
def test_a_title_that_was_let_in_is_never_cut(most: int, action: Action) -> None:
    length = 1
    while not isinstance(attempt(titled("题" * (length + 1)), wording(most)), PermanentError):
        length += 1
    (item,) = later(action, LONG, title="题" * length)
    assert f"《{item.revision.title}》" in compose([item], wording(most)).text
