"""Written beside spoken: what was changed, what is left to the announcer, what was frozen."""

from pathlib import Path

import pytest

from channels.broadcast import Broadcast, Options, build
from publisher.channel import Mark, Pair, SideBySide, Text
from publisher.model import Action, Item, Status
from tests.channels import broadcast_items as items
from tests.factories import a_house


@pytest.fixture
def channel(tmp_path: Path) -> Broadcast:
    return build("广播", Options(), a_house(tmp_path))


def pairs_of(channel: Broadcast, item: Item) -> dict[str, Pair]:
    script, _ = channel.preview([item], channel.render([item]))
    assert isinstance(script, SideBySide)
    return {pair.written: pair for pair in script.pairs}


def test_each_sentence_tells_what_was_done_to_it(channel: Broadcast) -> None:
    same = "请大家互相转告。"
    changed = "截至3月5日，完成率98.5%。"
    left = "项目代号为XQ-7型β版。"
    pairs = pairs_of(channel, items.an_aired_item(f"{same}{changed}{left}"))
    assert pairs[same].mark is Mark.SAME
    assert pairs[changed].mark is Mark.CHANGED
    assert pairs[changed].changes == (("3月5日", "三月五日"), ("98.5%", "百分之九十八点五"))
    assert pairs[changed].spoken == "截至三月五日，完成率百分之九十八点五。"
    assert pairs[left].mark is Mark.LEFT
    assert all(source in left for source in pairs[left].left)


def test_the_script_and_the_screen_are_named(channel: Broadcast) -> None:
    item = items.storm()
    script, screen = channel.preview([item], channel.render([item]))
    assert (script.title, screen.title) == ("广播稿", "电视字幕单")
    assert isinstance(screen, Text)


def test_a_withdrawal_is_read_out_too(channel: Broadcast) -> None:
    item = items.later(Action.WITHDRAW, Status.DELIVERED)
    said = "".join(pair.spoken for pair in pairs_of(channel, item).values())
    assert "撤回" in said


def test_a_script_of_other_settings_is_shown_as_it_was(channel: Broadcast, tmp_path: Path) -> None:
    """Its pairs would be those of a script that nobody has."""
    item = items.storm()
    frozen = channel.render([item])
    others = build("广播", Options(opening_urgent="各位听众。"), a_house(tmp_path))
    panes = others.preview([item], frozen)
    assert [type(pane) for pane in panes] == [Text, Text, Text]
    assert [pane.title for pane in panes] == ["广播稿", "电视字幕单", "读法对照"]
