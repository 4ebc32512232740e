"""A test message: to one phone, marked, and of no more parts than the real one."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from channels.sms import Options, SmsChannel
from config.settings import describe
from publisher.channel import Bubbles, Rendition
from publisher.model import Action
from tests.channels.sms_sending import channel_for, last_call
from tests.channels.test_sms_options import GOOD
from tests.factories import an_item, later
from tests.simulators.yunmas import Account, YunMasSimulator

PHONE = "13900002001"


def arrived(channel: SmsChannel, rendition: Rendition, platform: YunMasSimulator) -> str:
    """What stands on the test phone afterwards."""
    channel.trial(rendition, "t1")
    assert [entry["phone"] for entry in platform.ledger()] == [PHONE]
    return str(platform.ledger()[-1]["text"])


@pytest.mark.parametrize("platform_adds_sign", [True, False])
def test_the_mark_stands_behind_the_signature(tmp_path: Path, *, platform_adds_sign: bool) -> None:
    with YunMasSimulator(account=Account(adds_sign=platform_adds_sign)) as platform:
        channel = channel_for(platform, tmp_path, test_phone=PHONE)
        rendition = channel.render([an_item(title="测试")])
        text = arrived(channel, rendition, platform)
    assert text == "【辛集市政府】（测试）" + visible(rendition).removeprefix("【辛集市政府】")


def visible(rendition: Rendition) -> str:
    return rendition.file("message.txt").data.decode()


def test_the_mark_gives_way_where_it_would_make_one_part_more(tmp_path: Path) -> None:
    with YunMasSimulator() as platform:
        channel = channel_for(platform, tmp_path, test_phone=PHONE, max_parts=1)
        room = 70 - len(visible(channel.render([an_item(title="题", summary="短。", urgent=True)])))
        for spare, marked in ((4, True), (3, False)):
            item = an_item(title="题", summary="短" * (1 + room - spare) + "。", urgent=True)
            rendition = channel.render([item])
            assert len(visible(rendition)) == 70 - spare
            receipt = channel.trial(rendition, "t1")
            assert ("（测试）" in last_call(platform)["content"]) is marked
            assert ("没有加" in receipt.reason) is not marked


def test_staff_read_the_ends_of_the_number_only(tmp_path: Path) -> None:
    with YunMasSimulator() as platform:
        assert channel_for(platform, tmp_path, test_phone=PHONE).trial_to == "139****2001"


@pytest.mark.parametrize("phone", ["1390000200", "0311-83220000", "13900002001,13900002002", "１"])
def test_a_wrong_test_phone_is_told_and_not_repeated(phone: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(GOOD | {"test_phone": phone})
    told = describe(caught.value, "channels.sms.options")
    assert told.startswith("channels.sms.options.test_phone：test_phone 应是一个 11 位手机号")
    assert phone not in told + str(caught.value)


def test_the_phone_shows_nowhere() -> None:
    options = Options.model_validate(GOOD | {"test_phone": PHONE})
    assert PHONE not in repr(options) + str(options)


@pytest.mark.parametrize(
    ("title", "facts"),
    [("短", {"parts": 1}), ("关于辛集市政务公开标准化规范化试点工作的通知" * 2, {"parts": 2})],
)
def test_a_bubble_counts_as_the_platform_charges(
    tmp_path: Path, title: str, facts: dict[str, Any]
) -> None:
    with YunMasSimulator() as platform:
        channel = channel_for(platform, tmp_path)
    items = [an_item(title=title, field="安全生产", topics=("应急", "安全生产"))]
    rendition = channel.render(items)
    (pane,) = channel.preview(items, rendition)
    assert isinstance(pane, Bubbles)
    (bubble,) = pane.bubbles
    assert bubble.text == visible(rendition)
    assert bubble.parts == facts["parts"]
    assert bubble.characters == len(bubble.text)
    assert bubble.to == ("安全生产", "应急", "全部信息")


def test_a_correction_is_for_those_who_got_the_first(tmp_path: Path) -> None:
    with YunMasSimulator() as platform:
        channel = channel_for(platform, tmp_path)
    items = [later(an_item(title="通知"), Action.CORRECT, "数据有误")]
    (pane,) = channel.preview(items, channel.render(items))
    assert isinstance(pane, Bubbles)
    assert pane.bubbles[0].to == ("收到过原短信的订户",)
