"""What a person says is out, and what neither a number nor a cover leads to."""

from dataclasses import replace

import pytest

from channels.wechat.article import title_of
from channels.wechat.takeback import REMAINS
from publisher.channel import TemporaryError
from publisher.model import Action, Item, Status, Trace
from tests.channels.test_wechat_recall import AT_ONCE, LATER, carry_out, publish, standing, trace
from tests.channels.wechat_items import a_budget, a_posting, ordered
from tests.channels.wechat_world import KEY, a_world
from tests.simulators.wechat import Account

BY_HAND = "posted-by-hand"
"""The key under which the tests publish what a person posts: no cover of it is ours."""


def confirmed(item: Item, reference: str = "", status: Status = Status.DELIVERED) -> Trace:
    """The trace of what a person found to be out, or has posted."""
    revision = item.revision
    return Trace(
        key=KEY,
        position=0,
        status=status,
        reference=reference,
        title=revision.title,
        short_title=revision.short_title,
    )


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.AWAITING])
def test_the_only_article_of_its_title_is_deleted_and_looked_for_again(status: Status) -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        publish(world, [a_posting(), item], BY_HAND)
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, confirmed(item, status=status)))
        assert receipt.status is Status.DELIVERED
        assert receipt.reason == f"已删除文章《{title_of(item.revision)}》；{REMAINS}"
        assert receipt.reference.endswith("#2")
        assert standing(world) == [a_posting().revision.title]
        assert world.simulator.api_calls()[-1] == "freepublish/getarticle"


def test_what_is_not_found_is_left_to_a_person() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, confirmed(item)))
        assert receipt.status is Status.AWAITING
        assert receipt.reason == (
            f"请到公众平台手工删除《{item.revision.short_title}》，删后在本系统确认"
        )


def test_of_two_nobody_but_a_person_can_say_which() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        for key in (BY_HAND, "once-more"):
            publish(world, [item], key)
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, confirmed(item)))
        assert receipt.status is Status.AWAITING
        assert len(standing(world)) == 2


def test_the_same_title_made_from_another_page_is_left_alone() -> None:
    with a_world(AT_ONCE) as world:
        item = a_posting()
        publish(world, [replace(item, url="https://www.xinji.example/2025/00002.html")], BY_HAND)
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, confirmed(item)))
        assert receipt.status is Status.AWAITING
        assert len(standing(world)) == 1


def test_an_article_that_is_known_is_not_taken_for_the_one_that_is_not() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        known = trace(item, publish(world, [item], "b2"), key="b2")
        receipt = carry_out(world, ordered(Action.WITHDRAW, item, confirmed(item), known))
        assert receipt.status is Status.AWAITING
        assert "手工删除" in receipt.reason.partition("；")[0]
        assert "已删除文章" in receipt.reason
        assert standing(world) == []


def test_a_correction_goes_out_and_leaves_the_old_one_to_a_person() -> None:
    with a_world(AT_ONCE) as world:
        item = a_posting()
        receipt = carry_out(world, ordered(Action.CORRECT, item, confirmed(item)))
        assert receipt.status is Status.AWAITING
        assert "手工删除《" in receipt.reason
        assert receipt.reason.endswith("更正后的文章已提交发布，请看到它后再确认")
        assert standing(world) == [item.revision.title]
        done = replace(confirmed(item, receipt.reference), key=LATER)
        assert carry_out(world, ordered(Action.WITHDRAW, item, done), "b3").status is (
            Status.DELIVERED
        )
        assert standing(world) == []


@pytest.mark.parametrize(("verdict", "status"), [(3, Status.AWAITING), (5, Status.DELIVERED)])
def test_what_wechat_refused_and_a_person_posted(verdict: int, status: Status) -> None:
    with a_world(Account(polls=0, verdict=verdict)) as world:
        item = a_budget()
        accepted = world.channel.send(world.channel.render([item]), KEY)
        by_hand = confirmed(item, accepted.reference)
        assert carry_out(world, ordered(Action.WITHDRAW, item, by_hand)).status is status


def test_looking_again_at_what_a_person_deleted() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        withdrawn = ordered(Action.WITHDRAW, item, confirmed(item))
        done = Trace(key=LATER, position=0, status=Status.DELIVERED)
        assert world.channel.verify(withdrawn, done) == ""
        publish(world, [item], BY_HAND)
        assert "还能看到" in world.channel.verify(withdrawn, done)


def test_what_a_person_posted_cannot_be_looked_at_and_is_not_called_lost() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        with pytest.raises(TemporaryError, match="由人确认已发"):
            world.channel.verify(item, confirmed(item))


def test_staff_see_how_it_will_be_looked_for() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        page = world.channel.render([ordered(Action.WITHDRAW, item, confirmed(item))]).files[0]
        assert "发送时按封面和标题查找，找不到就请人手工删除" in page.data.decode()
