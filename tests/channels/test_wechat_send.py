"""The whole conversation: send, check, look up, and sending again after a certain failure."""

import json
from dataclasses import replace

import pytest
import requests

from publisher.channel import (
    OutcomeUnknown,
    PermanentError,
    Recall,
    Receipt,
    TemporaryError,
)
from publisher.model import ReasonClass, Status
from tests.channels.wechat_items import a_budget, a_covered_item, a_posting
from tests.channels.wechat_world import KEY, a_world
from tests.simulators.server import Fault
from tests.simulators.wechat import Account

PREPARING = [
    "stable_token",
    "material/batchget_material",
    "material/add_material",
    "media/uploadimg",
    "draft/add",
    "draft/get",
]


def test_from_item_to_open_page() -> None:
    with a_world() as world:
        rendition = world.channel.render([a_budget()])
        receipt = world.channel.send(rendition, KEY)
        assert world.simulator.api_calls() == [*PREPARING, "freepublish/submit"]
        assert receipt == Receipt(
            Status.ACCEPTED, reference="100000001", raw="publish_id=100000001"
        )
        assert world.channel.check(receipt) == receipt, "still being published"
        done = world.channel.check(receipt)
        (published,) = world.simulator.ledger()
        assert (done.status, done.url) == (Status.DELIVERED, published["url"])
        (publication,) = world.simulator.press.all.values()
        assert done.reference == publication.article_id, "what deleting and looking again need"
        assert f"publish_id={receipt.reference}" in done.raw
        page = requests.get(done.url, timeout=3).text
        assert "一、2024年预算执行情况" in page
        assert page.count(f'<img src="{world.simulator.url}/mmbiz/') == 1
        assert world.simulator.library.drafts == {}, "publishing uses the draft up"


def test_uploaded_bytes_are_those_of_the_rendition() -> None:
    with a_world() as world:
        rendition = world.channel.render([a_budget()])
        world.channel.send(rendition, KEY)
        (cover,) = world.simulator.library.materials.values()
        (picture,) = world.simulator.library.pictures.values()
        assert (cover.name, cover.data) == (f"{KEY}-1.png", rendition.file("cover-1.png").data)
        assert picture.data == rendition.file("image-1-1.jpg").data


def test_a_bundle_is_one_draft_with_several_articles() -> None:
    with a_world(Account(polls=0)) as world:
        rendition = world.channel.render([a_budget(), a_posting()])
        done = world.channel.check(world.channel.send(rendition, KEY))
        first, second = world.simulator.ledger()
        assert [first["title"], second["title"]] == [
            "辛集市2025年预算草案报告（摘要）",
            "辛集市2026年第四季度困难群众补助公示",
        ]
        assert done.url == first["url"]
        assert done.urls == (first["url"], second["url"])
        assert len(world.simulator.press.all) == 1


@pytest.mark.parametrize("step", PREPARING)
def test_a_second_try_leaves_nothing_twice(step: str) -> None:
    """Whatever broke before the submit: the answer was lost, the work was done."""
    with a_world() as world:
        rendition = world.channel.render([a_budget()])
        world.simulator.plan(Fault.LATE_ERROR, step)
        with pytest.raises(TemporaryError):
            world.channel.send(rendition, KEY)
        assert not world.simulator.press.all
        world.channel.send(rendition, KEY)
        assert len(world.simulator.library.materials) == 1
        assert len(world.simulator.library.drafts) == 1
        assert len(world.simulator.press.all) == 1


def test_another_key_is_another_draft() -> None:
    with a_world() as world:
        world.channel.send(world.rendition(), KEY)
        world.channel.send(world.rendition(), "b20261123-0002")
        assert len(world.simulator.library.drafts) == 2


def test_a_draft_that_lost_its_pictures_is_not_submitted() -> None:
    with a_world(Account(shows_pictures=False)) as world:
        with pytest.raises(PermanentError) as caught:
            world.channel.send(world.channel.render([a_budget()]), KEY)
        assert caught.value.field == "body"
        assert "1 张图，草稿为" in caught.value.reason
        assert "0 张图" in caught.value.reason
        assert "freepublish/submit" not in world.simulator.api_calls()


def test_a_draft_with_another_title_is_not_submitted() -> None:
    with a_world() as world:
        rendition = world.rendition()
        world.simulator.plan(Fault.LATE_ERROR, "draft/get")
        with pytest.raises(TemporaryError):
            world.channel.send(rendition, KEY)
        (draft,) = world.simulator.library.drafts.values()
        draft.articles[0]["title"] = "被人改过的标题"
        with pytest.raises(PermanentError, match="被人改过的标题"):
            world.channel.send(rendition, KEY)
        assert not world.simulator.press.all


@pytest.mark.parametrize(
    ("verdict", "status", "said"),
    [
        (2, Status.FAILED, "原创校验没有通过，文章没有发布（第 1 篇）"),
        (3, Status.FAILED, "微信发布失败"),
        (4, Status.FAILED, "平台审核没有通过"),
        (5, Status.FAILED, "全部删除"),
        (6, Status.FAILED, "全部封禁"),
        (77, Status.ACCEPTED, ""),
    ],
)
def test_how_publishing_may_end(verdict: int, status: Status, said: str) -> None:
    with a_world(Account(polls=0, verdict=verdict)) as world:
        receipt = world.channel.check(world.channel.send(world.rendition(), KEY))
        assert receipt.status is status
        assert said in receipt.reason
        assert bool(said) is (f"publish_status={verdict}" in receipt.raw)


def test_check_only_reads() -> None:
    with a_world(Account(polls=None)) as world:
        receipt = world.channel.send(world.rendition(), KEY)
        before = len(world.simulator.calls)
        for _ in range(3):
            assert world.channel.check(receipt) is receipt
        assert world.simulator.api_calls()[before:] == ["freepublish/get"] * 3


@pytest.mark.parametrize("code", ["-1", "45009", "48001", "53502", "99999"])
def test_a_question_that_is_refused_stays_open(code: str) -> None:
    with a_world() as world:
        receipt = world.channel.send(world.rendition(), KEY)
        for path in ("/get", "/batchget"):
            world.simulator.plan(Fault.CODE, f"freepublish{path}", code=code)
        with pytest.raises(TemporaryError, match="暂时不能向微信查询"):
            world.channel.check(receipt)
        with pytest.raises(TemporaryError, match="暂时不能向微信查询"):
            world.channel.lookup(KEY)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.LATE_ERROR, Fault.NONSENSE])
def test_lookup_finds_what_went_out_unheard(fault: Fault) -> None:
    with a_world(Account(polls=0)) as world:
        world.simulator.plan(fault, "submit")
        with pytest.raises(OutcomeUnknown, match="可能已经发布"):
            world.channel.send(world.rendition(), KEY)
        found = world.channel.lookup(KEY)
        assert found is not None
        assert found.status is Status.DELIVERED
        assert found.url == world.simulator.ledger()[0]["url"]
        assert world.channel.lookup("b20261123-0002") is None


def test_lookup_is_not_taken_in_by_a_key_that_begins_alike() -> None:
    with a_world(Account(polls=0)) as world:
        world.channel.send(world.rendition(), f"{KEY}-1")
        assert world.channel.lookup(KEY) is None


def test_lookup_cannot_tell_while_the_draft_waits() -> None:
    with a_world(Account(polls=None)) as world:
        world.simulator.plan(Fault.RESET, "submit")
        with pytest.raises(OutcomeUnknown):
            world.channel.send(world.rendition(), KEY)
        with pytest.raises(OutcomeUnknown, match="草稿仍在草稿箱中"):
            world.channel.lookup(KEY)
        world.simulator.finish()
        found = world.channel.lookup(KEY)
        assert found is not None
        assert found.status is Status.DELIVERED


def test_lookup_cannot_tell_when_the_draft_is_gone_and_nothing_is_out() -> None:
    with a_world(Account(polls=None)) as world:
        world.channel.send(world.rendition(), KEY)
        world.simulator.library.drafts.clear()
        with pytest.raises(OutcomeUnknown, match="草稿已不在草稿箱中"):
            world.channel.lookup(KEY)


def test_lookup_turns_pages() -> None:
    with a_world(Account(polls=0)) as world:
        world.channel.send(world.rendition(), KEY)
        for serial in range(25):
            world.channel.send(world.rendition(), f"later-{serial}")
        found = world.channel.lookup(KEY)
        assert found is not None
        assert found.url == world.simulator.ledger()[0]["url"]


def test_lookup_does_not_claim_to_have_seen_all_of_a_huge_library() -> None:
    with a_world() as world:
        world.channel.send(world.rendition(), KEY)
        (cover,) = world.simulator.library.materials.values()
        for serial in range(200):
            copy = replace(cover, media_id=f"m{serial}", name=f"图{serial}.png")
            world.simulator.library.materials[copy.media_id] = copy
        with pytest.raises(OutcomeUnknown, match="素材库图片过多"):
            world.channel.lookup(KEY)


def test_a_draft_used_up_by_somebody_else_is_not_called_a_failure() -> None:
    with a_world() as world:
        world.simulator.plan(Fault.CODE, "submit", code="40007")
        with pytest.raises(OutcomeUnknown, match="草稿或封面已不在"):
            world.channel.send(world.rendition(), KEY)


def test_daily_allowance() -> None:
    with a_world(Account(daily={"freepublish/submit": 1})) as world:
        world.channel.send(world.rendition(), KEY)
        with pytest.raises(TemporaryError) as caught:
            world.channel.send(world.rendition(), "b20261123-0002")
        assert caught.value.kind is ReasonClass.QUOTA
        assert caught.value.retry_after is not None
        world.simulator.advance(86_400)
        world.channel.send(world.rendition(), "b20261123-0002")
        assert len(world.simulator.press.all) == 2


def test_lost_certification_names_the_mend() -> None:
    with a_world(Account(certified=False)) as world:
        with pytest.raises(PermanentError, match="认证") as caught:
            world.channel.send(world.rendition(), KEY)
        assert caught.value.kind is ReasonClass.PERMISSION


def test_comments_without_the_privilege() -> None:
    with a_world(comments=True) as world, pytest.raises(PermanentError, match="comments"):
        world.channel.send(world.rendition(), KEY)


def test_what_the_channel_says_of_itself() -> None:
    with a_world() as world:
        channel = world.channel
        assert (channel.repeatable, channel.idempotent, channel.addressed) == (False,) * 3
        assert channel.recall is Recall.DELETES
        assert channel.name == "wechat"


def test_nothing_is_sent_for_a_rendition_of_something_else() -> None:
    """The payload on the wire is the frozen one, not one made anew."""
    with a_world(Account(polls=0)) as world:
        rendition = world.channel.render([a_covered_item(title="冻结时的标题")])
        world.channel.send(rendition, KEY)
        frozen = json.loads(rendition.file("articles.json").data)["articles"][0]
        (entry,) = world.simulator.ledger()
        assert (entry["title"], entry["html"]) == ("冻结时的标题", frozen["content"])
