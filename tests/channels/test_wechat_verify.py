"""Looking again at what was published or deleted, and looking up what is gone."""

from dataclasses import replace

import pytest

from publisher.channel import TemporaryError
from publisher.model import Action, Status, Trace
from tests.channels.test_wechat_recall import AT_ONCE, LATER, carry_out, publish, trace
from tests.channels.wechat_items import a_budget, a_posting, ordered
from tests.channels.wechat_world import KEY, a_world
from tests.simulators.server import Fault


def test_looking_again() -> None:
    with a_world(AT_ONCE) as world:
        items = [a_posting(), a_budget()]
        out = publish(world, items)
        mine = trace(items[1], out, 1)
        by_number = replace(mine, reference="100000001")
        for one in (mine, by_number, replace(mine, reference="")):
            assert world.channel.verify(items[1], one) == ""
        withdrawn = ordered(Action.WITHDRAW, items[1], mine)
        done = carry_out(world, withdrawn)
        gone = Trace(key=LATER, position=0, status=Status.DELIVERED, reference=done.reference)
        for one in (gone, replace(gone, reference="张三在后台已删除")):
            assert world.channel.verify(withdrawn, one) == ""
        assert "已不在公众号里" in world.channel.verify(items[1], mine)
        (publication,) = world.simulator.press.all.values()
        publication.deleted = frozenset()
        for one in (gone, replace(gone, reference="张三在后台已删除")):
            assert "还能看到" in world.channel.verify(withdrawn, one)
        publication.articles[1]["title"] = "被人改过"
        assert "变成了“被人改过”" in world.channel.verify(items[1], mine)
        publication.status = 6
        assert "被平台封禁" in world.channel.verify(items[1], mine)


@pytest.mark.parametrize("code", ["-1", "45009", "48001"])
def test_what_cannot_be_looked_at_is_not_lost(code: str) -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        mine = trace(item, publish(world, [item]))
        world.simulator.plan(Fault.CODE, "getarticle", code=code)
        with pytest.raises(TemporaryError, match="暂时不能向微信查询"):
            world.channel.verify(item, mine)


def test_lookup_says_when_what_was_out_is_gone() -> None:
    with a_world(AT_ONCE) as world:
        item = a_budget()
        carry_out(world, ordered(Action.WITHDRAW, item, trace(item, publish(world, [item]))))
        found = world.channel.lookup(KEY)
        assert found is not None
        assert (found.status, "已被全部删除" in found.reason) == (Status.FAILED, True)
        assert world.channel.lookup(LATER) is None, "a withdrawal may always go again"
