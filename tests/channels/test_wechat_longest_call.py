"""How long a conversation with WeChat can last: so many calls and no more, each with its limits."""

from datetime import timedelta

import pytest

from channels.wechat.body import PICTURES
from channels.wechat.client import MOST_CALLS
from publisher.channel import PermanentError, TemporaryError
from publisher.content import ImageBlock
from publisher.model import Action, Item, Status, Trace
from tests.channels.test_wechat_recall import AT_ONCE, carry_out, publish
from tests.channels.wechat_items import a_covered_item, a_picture, an_image, ordered
from tests.channels.wechat_world import a_channel, a_world
from tests.simulators.wechat import Account


def illustrated(pictures: int, serial: int = 1) -> Item:
    """An item with its own cover and so many pictures in its body."""
    names = [f"{serial}-{number}.png" for number in range(pictures)]
    item = a_covered_item(serial, *(ImageBlock(name, "示意图") for name in names))
    images = tuple(
        an_image(name, a_picture(8, 8, colour=f"#0000{at:02x}")) for at, name in enumerate(names)
    )
    return a_covered_item(
        serial, *item.revision.document.blocks, images=(*item.revision.images, *images)
    )


def test_it_is_the_most_calls_each_taking_its_time() -> None:
    channel = a_channel(connect_timeout=3.0, read_timeout=20.0)
    assert channel.longest_call == MOST_CALLS * timedelta(seconds=23)


def test_the_largest_batch_there_is_needs_fewer_calls() -> None:
    with a_world(AT_ONCE) as world:
        many, few = divmod(PICTURES, 8)
        items = [illustrated(many + (serial <= few), serial) for serial in range(1, 9)]
        publish(world, items)
        assert len(world.simulator.ledger()) == 8
        assert len(world.simulator.api_calls()) < MOST_CALLS - 10


def test_an_article_is_cut_after_its_last_picture_and_a_batch_is_too_large() -> None:
    rendition = a_channel().render([illustrated(PICTURES + 1)])
    assert sum(file.name.startswith("image-") for file in rendition.files) == PICTURES
    assert f"图片超过 {PICTURES} 张，微信只发前 {PICTURES} 段" in rendition.notes[0]
    with pytest.raises(PermanentError, match=f"最多发 {PICTURES} 张"):
        a_channel().render([illustrated(PICTURES), illustrated(1, 2)])


def test_no_conversation_takes_more_calls() -> None:
    with a_world(Account(daily={})) as world:
        traces = [
            Trace(key=f"b{at}", position=0, status=Status.DELIVERED, reference=f"A{at}x")
            for at in range(MOST_CALLS)
        ]
        for _ in range(2):
            before = len(world.simulator.api_calls())
            with pytest.raises(TemporaryError, match=f"往来已达 {MOST_CALLS} 次上限"):
                carry_out(world, ordered(Action.WITHDRAW, a_covered_item(), *traces))
            assert len(world.simulator.api_calls()) - before == MOST_CALLS
