"""A preview on one follower's phone, and what WeChat still allows today."""

import json

import pytest
import requests
from pydantic import ValidationError

from channels.wechat import Options
from channels.wechat.quota import COUNTED
from config.settings import describe
from publisher.channel import OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import Status
from tests.channels.wechat_items import a_budget, a_covered_item
from tests.channels.wechat_world import KEY, a_world, everything_said
from tests.simulators.server import Fault
from tests.simulators.wechat import Account

STAFF, CITIZEN = Account().followers
NAME = Account().followers[STAFF]


@pytest.mark.parametrize(("recipient", "said"), [(STAFF, "touser"), (NAME, "towxname")])
def test_a_follower_is_reached_by_openid_or_by_name(recipient: str, said: str) -> None:
    with a_world(test_recipient=recipient) as world:
        rendition = world.rendition()
        receipt = world.channel.trial(rendition, KEY)
        (shown,) = world.simulator.previews.all
        sent = json.loads(world.simulator.calls[-1].body)
        page = requests.get(f"{world.simulator.url}/preview/0/0", timeout=3).text
    assert receipt.status is Status.DELIVERED
    assert shown.openid == STAFF
    assert sent == {said: recipient, "mpnews": {"media_id": receipt.reference}, "msgtype": "mpnews"}
    assert a_covered_item().revision.title in page
    assert world.channel.trial_to == f"尾号 {recipient[-4:]} 的微信用户"


def test_only_the_latest_test_lies_among_the_drafts() -> None:
    with a_world(test_recipient=STAFF) as world:
        drafts = world.simulator.library.drafts
        world.channel.trial(world.rendition(), "first")
        (first,) = drafts
        world.channel.trial(world.channel.render([a_budget()]), "second")
        assert first not in drafts
        assert len(drafts) == 1
        world.channel.send(world.rendition(), KEY)
        world.simulator.finish()
        assert len(drafts) == 1, "the test's own"
        assert [one["title"] for one in world.simulator.ledger()] == [
            a_covered_item().revision.title
        ]


def test_the_drafts_of_others_are_left_alone() -> None:
    with a_world(test_recipient=STAFF) as world:
        world.simulator.plan(Fault.CODE, "submit", code="53504")
        with pytest.raises(PermanentError):
            world.channel.send(world.rendition(), KEY)
        (waiting,) = world.simulator.library.drafts
        world.channel.trial(world.rendition(), "test")
        world.channel.trial(world.rendition(), "test")
        assert waiting in world.simulator.library.drafts
        assert len(world.simulator.library.drafts) == 2
        assert len(world.simulator.library.materials) == 2, "covers of a repeated test are reused"


def test_a_stranger_is_refused_and_not_named() -> None:
    stranger = "oXJ5nobody" + "x" * 18
    with a_world(test_recipient=stranger) as world:
        with pytest.raises(PermanentError, match="test_recipient") as caught:
            world.channel.trial(world.rendition(), KEY)
        assert not world.simulator.previews.all
    assert caught.value.raw.startswith("message/mass/preview: 40003 invalid openid ***")
    assert stranger not in everything_said(caught.value)


@pytest.mark.parametrize("code", ["-1", "40007"])
def test_a_test_that_may_have_been_begun_is_unknown(code: str) -> None:
    with a_world(test_recipient=STAFF) as world:
        world.simulator.plan(Fault.CODE, "preview", code=code)
        with pytest.raises(OutcomeUnknown, match="请看测试接收人的微信"):
            world.channel.trial(world.rendition(), KEY)


@pytest.mark.parametrize("recipient", ["o123", "张三", f"{STAFF}x", "13900002001", "a b c d e f"])
def test_a_wrong_recipient_is_told_and_not_repeated(recipient: str) -> None:
    account = Account()
    facts = {
        "base_url": "http://127.0.0.1:9",
        "app_id": account.app_id,
        "app_secret": account.app_secret,
        "account": account.name,
        "test_recipient": recipient,
    }
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(facts)
    told = describe(caught.value, "channels.wechat.options")
    assert told.startswith("channels.wechat.options.test_recipient：test_recipient 应是一位关注者")
    assert recipient not in told + str(caught.value)


def test_what_is_left_is_what_wechat_counts() -> None:
    with a_world() as world:
        world.channel.send(world.rendition(), KEY)
        submit, delete, *others = world.channel.quota()
    assert (submit.title, submit.used, submit.left, submit.limit) == ("发布文章", 1, 99, 100)
    assert (delete.title, delete.used, delete.left, delete.limit) == ("删除文章", 0, 10, 10)
    assert {quota.resets for quota in others} == {"每天"}
    assert len(others) + 2 == len(COUNTED)


@pytest.mark.parametrize("fault", [Fault.NONSENSE, Fault.HANG, Fault.ERROR, Fault.TRUNCATED])
def test_a_count_that_does_not_come_is_temporary(fault: Fault) -> None:
    with a_world() as world:
        world.simulator.plan(fault, "openapi/quota/get", skip=2)
        with pytest.raises(TemporaryError, match="暂时不能向微信查询"):
            world.channel.quota()


def test_an_account_that_may_not_ask_says_so() -> None:
    with a_world() as world:
        world.simulator.plan(Fault.CODE, "openapi/quota/get", code="48001")
        with pytest.raises(TemporaryError, match="48001"):
            world.channel.quota()
