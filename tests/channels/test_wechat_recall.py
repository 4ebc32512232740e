"""Withdrawing and correcting: what is out is deleted and seen to be gone, whatever breaks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from channels.wechat.takeback import REMAINS
from publisher.channel import DeliveryError, OutcomeUnknown, PermanentError, Receipt, TemporaryError
from publisher.model import Action, Item, ReasonClass, Status, Trace
from tests.channels.wechat_items import (
    a_budget,
    a_covered_item,
    a_posting,
    a_withdrawal,
    ordered,
    p,
)
from tests.channels.wechat_world import KEY, World, a_channel, a_world
from tests.simulators.server import Fault
from tests.simulators.wechat import Account

LATER = "b20261124-0001"
AT_ONCE = Account(polls=0)
REASON = "经核实，表中教育支出数据有误"
GOLDEN = Path(__file__).parent / "golden" / "wechat"


def trace(item: Item, receipt: Receipt, position: int = 0, key: str = KEY) -> Trace:
    title, url = item.revision.title, receipt.urls[position] if receipt.urls else ""
    return Trace(
        key=key,
        position=position,
        status=receipt.status,
        reference=receipt.reference,
        url=url,
        title=title,
    )


def publish(world: World, items: Sequence[Item], key: str = KEY) -> Receipt:
    done = world.channel.check(world.channel.send(world.channel.render(items), key))
    assert done.status is Status.DELIVERED
    return done


def carry_out(world: World, item: Item, key: str = LATER) -> Receipt:
    return world.channel.send(world.channel.render([item]), key)


def fails(world: World, item: Item, key: str = LATER) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        carry_out(world, item, key)
    return caught.value


def standing(world: World) -> list[str]:
    return [one["title"] for one in world.simulator.ledger() if not one["deleted"]]


@pytest.mark.parametrize("forgets", [False, True])
def test_a_withdrawal_deletes_and_looks_back(forgets: bool) -> None:
    with a_world(Account(polls=0, forgets=forgets)) as world:
        item = a_budget()
        out = publish(world, [item])
        withdrawn = ordered(Action.WITHDRAW, item, trace(item, out))
        receipt = carry_out(world, withdrawn)
        assert receipt.status is Status.DELIVERED
        assert receipt.reference == f"{out.reference}#1"
        assert receipt.reason == f"已删除文章《{item.revision.title}》；{REMAINS}"
        assert standing(world) == []
        assert world.simulator.api_calls()[-1] == "freepublish/getarticle"
        assert carry_out(world, withdrawn, "b3") == receipt, "once more does no harm"
        assert world.simulator.api_calls().count("freepublish/delete") == 1


def test_of_several_only_the_one_is_deleted() -> None:
    with a_world(AT_ONCE) as world:
        items = [a_posting(), a_budget(), a_covered_item(3)]
        out = publish(world, items)
        carry_out(world, ordered(Action.WITHDRAW, items[1], trace(items[1], out, 1)))
        assert standing(world) == [items[0].revision.title, items[2].revision.title]
        carry_out(world, ordered(Action.WITHDRAW, items[0], trace(items[0], out, 0)), "b3")
        carry_out(world, ordered(Action.WITHDRAW, items[2], trace(items[2], out, 2)), "b4")
        assert standing(world) == []


def test_a_place_that_does_not_exist_is_not_called_gone() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        out = publish(world, [item])
        wrong = replace(trace(item, out), position=3)
        error = fails(world, ordered(Action.WITHDRAW, item, wrong))
        assert isinstance(error, PermanentError)
        assert "只有 1 篇，没有第 4 篇" in error.reason
        assert len(standing(world)) == 1


@pytest.mark.parametrize("path", ["getarticle", "freepublish/delete"])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.LATE_ERROR, Fault.REFUSE])
def test_a_broken_withdrawal_is_tried_again(fault: Fault, path: str) -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        withdrawn = ordered(Action.WITHDRAW, item, trace(item, publish(world, [item])))
        world.simulator.plan(fault, path)
        error = fails(world, withdrawn)
        assert isinstance(error, TemporaryError)
        assert "撤回还没有完成" in error.reason
        assert carry_out(world, withdrawn).status is Status.DELIVERED
        assert standing(world) == []


def test_deletes_of_the_day_used_up() -> None:
    with a_world(Account(polls=0, daily={"freepublish/delete": 0})) as world:
        item = a_budget()
        error = fails(world, ordered(Action.WITHDRAW, item, trace(item, publish(world, [item]))))
        assert isinstance(error, TemporaryError)
        assert error.kind is ReasonClass.QUOTA
        assert len(standing(world)) == 1


def lost(world: World, item: Item) -> Trace:
    """The trace of a publication whose answer never came."""
    world.simulator.plan(Fault.RESET, "submit")
    with pytest.raises(OutcomeUnknown):
        world.channel.send(world.channel.render([item]), KEY)
    return Trace(key=KEY, position=0, status=Status.UNKNOWN, title=item.revision.title)


def test_what_went_out_unheard_is_found_by_its_cover() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, lost(world, item)))
        assert receipt.status is Status.DELIVERED
        assert standing(world) == []


def test_what_may_still_appear_is_not_called_gone() -> None:
    with a_world(Account(polls=None)) as world:
        item = a_budget()
        withdrawn = ordered(Action.WITHDRAW, item, lost(world, item))
        world.simulator.library.drafts.clear()  # taken up by WeChat, not out yet
        for _ in range(2):
            error = fails(world, withdrawn)
            assert isinstance(error, TemporaryError)
            assert "可能稍后才出现。请到微信公众平台“发表记录”核对" in error.reason
            assert "自动" not in error.reason, "after the last try nothing happens by itself"
        world.simulator.finish()
        assert len(standing(world)) == 1
        assert carry_out(world, withdrawn).status is Status.DELIVERED
        assert standing(world) == []


def test_what_never_got_as_far_as_a_cover_needs_no_deleting() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        never = Trace(key=KEY, position=0, status=Status.UNKNOWN)
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, never))
        assert (receipt.status, receipt.reference) == (Status.DELIVERED, "")
        assert receipt.reason == "没有已发布的文章需要删除"


def test_what_is_still_being_published_is_deleted_when_it_is_out() -> None:
    with a_world(Account(polls=None)) as world:
        item = a_budget()
        accepted = world.channel.send(world.channel.render([item]), KEY)
        withdrawn = ordered(Action.WITHDRAW, item, trace(item, accepted))
        world.simulator.library.drafts.clear()
        assert "正在发布" in fails(world, withdrawn).reason
        world.simulator.finish()
        carry_out(world, withdrawn)
        assert standing(world) == []


@pytest.mark.parametrize("verdict", [3, 4, 5])
def test_what_was_refused_or_is_gone_needs_no_deleting(verdict: int) -> None:
    with a_world(Account(polls=0, verdict=verdict)) as world:
        item = a_budget()
        accepted = world.channel.send(world.channel.render([item]), KEY)
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, trace(item, accepted)))
        assert receipt.reason.startswith("没有已发布的文章需要删除")
        assert world.simulator.library.drafts == {}, "a refused draft does not stay behind"


def test_a_withdrawal_takes_the_draft_but_no_draft_that_holds_others() -> None:
    with a_world(Account(polls=None)) as world:
        item = a_budget()
        withdrawn = ordered(Action.WITHDRAW, item, lost(world, item))
        world.channel.send(world.channel.render([a_budget(), a_posting()]), "other")
        other = ordered(Action.WITHDRAW, item, replace(withdrawn.traces[0], key="other"))
        for each in (withdrawn, other):
            assert isinstance(fails(world, each), TemporaryError)
        (left,) = world.simulator.library.drafts.values()
        assert len(left.articles) == 2


def test_a_resend_tidies_what_an_earlier_try_left_unless_it_may_be_at_work() -> None:
    with a_world(Account(polls=0, verdict=4)) as world:
        item = a_budget()
        accepted = world.channel.send(world.channel.render([item]), KEY)
        for status, left in ((Status.UNKNOWN, 2), (Status.FAILED, 2)):
            again = replace(item, traces=(replace(trace(item, accepted), status=status),))
            receipt = carry_out(world, again, f"again-{status}")
            assert receipt.status is Status.ACCEPTED
            assert len(world.simulator.library.drafts) == left
        assert receipt.reason == "已清理草稿箱中的旧草稿 1 篇"


def test_a_correction_deletes_the_old_and_opens_with_a_notice() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        corrected = ordered(Action.CORRECT, item, trace(item, publish(world, [item])))
        receipt = carry_out(world, corrected)
        assert receipt.status is Status.ACCEPTED
        assert receipt.reason.startswith(f"已删除文章《{item.revision.title}》；{REMAINS}")
        assert world.channel.check(receipt).status is Status.DELIVERED
        old, new = world.simulator.ledger()
        assert (old["deleted"], new["deleted"]) == (True, False)
        before, notice, after = new["html"].partition(
            "更正说明：</strong>本文已于2026年11月24日更正，以本文为准。更正原因：" + REASON + "。"
        )
        assert notice
        assert "<p" not in before.removesuffix("<strong>").rpartition("<p")[0]
        assert "来源：辛集市财政局" in after


def test_a_minor_correction_says_nothing_to_citizens() -> None:
    with a_world() as world:
        minor = replace(a_budget(), action=Action.CORRECT)
        rendition = world.channel.render([minor])
        assert "更正" not in rendition.file("articles.json").data.decode()
        assert rendition.notes[-1] == "没有此前发布的文章要删除"


def test_a_correction_may_break_anywhere_and_be_done_again_with_a_new_key() -> None:
    steps = ["freepublish/delete", "getarticle", "add_material", "draft/add", "draft/get"]
    for number, step in enumerate(steps):
        with a_world(AT_ONCE) as world:
            item = a_budget()
            corrected = ordered(Action.CORRECT, item, trace(item, publish(world, [item])))
            world.simulator.plan(Fault.RESET, step)
            assert isinstance(fails(world, corrected), TemporaryError)
            world.channel.check(carry_out(world, corrected, f"again-{number}"))
            assert standing(world) == ["辛集市2025年预算草案报告（摘要）"], step


def test_no_new_article_as_long_as_the_old_one_may_be_out() -> None:
    with a_world(Account(polls=0, daily={"freepublish/delete": 0})) as world:
        item = a_budget()
        corrected = ordered(Action.CORRECT, item, trace(item, publish(world, [item])))
        fails(world, corrected)
        assert len(world.simulator.press.all) == 1


def test_staff_see_what_will_be_deleted_and_nothing_of_the_text() -> None:
    with a_world(AT_ONCE) as world:
        item = a_covered_item(1, p("不可再示人的正文。"), summary="也不可再示人的摘要。")
        out = publish(world, [item])
        unheard = Trace(key="b2", position=0, status=Status.UNKNOWN)
        rendition = world.channel.render(
            [ordered(Action.WITHDRAW, item, trace(item, out), unheard)]
        )
        assert [file.name for file in rendition.files] == ["withdrawal.html", "recall.json"]
        page = rendition.files[0].data.decode()
        for said in (item.number, REASON, out.url, "按封面查找", REMAINS):
            assert said in page
        assert all("不可再示人" not in file.data.decode() for file in rendition.files)
        planned = json.loads(rendition.file("recall.json").data)
        assert [one["key"] for one in planned["delete"]] == [KEY, "b2"]
        assert rendition.notes == (f"先删除此前发布的《{item.revision.title}》",)


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_golden(suffix: str) -> None:
    files = {
        file.name.rpartition(".")[2]: file.data.decode()
        for file in a_channel().render([a_withdrawal()]).files
    }
    assert files[suffix] == (GOLDEN / f"withdrawal.{suffix}").read_text("utf-8")
