"""What every adapter promises about what is already out: corrected, withdrawn, looked at again.

Never edited for one channel: what is special about a channel stands in tests/channels.
"""

import pytest

from publisher.channel import HasVerify, Recall, TemporaryError
from publisher.model import Action, Status
from tests.contract.orders import (
    NEW_TEXT,
    asked,
    carry_out,
    old_words,
    ordered,
    publish,
    rendition_of,
    squeezed,
    trace_of,
)
from tests.contract.rig import Rig, Trouble
from tests.contract.test_channels import KEY, OTHER_KEY, needs, rig, told

__all__ = ["rig"]

THIRD_KEY = "00112233445566778899aabbccddeeff"
GOES_AWAY = {Recall.EDITS, Recall.DELETES, Recall.HUMAN}
LATER = (Action.CORRECT, Action.WITHDRAW, Action.EXPIRE)


def able(rig: Rig, method: str) -> None:
    if not hasattr(rig, method):
        pytest.skip(f"the rig of {rig.channel.name} has no {method}() yet")


def can_be_looked_at(rig: Rig) -> None:
    if not isinstance(rig.channel, HasVerify):
        pytest.skip(f"{rig.channel.name} cannot look at what it delivered")


@pytest.mark.parametrize("action", LATER)
def test_renders_what_comes_later_and_puts_nothing_out(rig: Rig, action: Action) -> None:
    if not asked(action, rig.channel.recall):
        pytest.skip(f"{rig.channel.name} is never asked to {action}")
    item = rig.items()[0]
    receipt = publish(rig, KEY)
    later = ordered(item, action, [trace_of(item, receipt, KEY)])
    before = list(rig.ledger())
    first = rendition_of(rig, [later])
    assert first.files
    assert rendition_of(rig, [later]).every == first.every
    assert list(rig.ledger()) == before
    names = [file.name for file in first.every]
    assert len(set(names)) == len(names)


def test_a_correction_shows_the_new_text(rig: Rig) -> None:
    able(rig, "shown")
    item = rig.items()[0]
    receipt = publish(rig, KEY)
    assert squeezed(NEW_TEXT) not in squeezed(rig.shown())
    later = ordered(item, Action.CORRECT, [trace_of(item, receipt, KEY)])
    ended = carry_out(rig, [later], OTHER_KEY)
    assert ended.status in {Status.DELIVERED, Status.AWAITING}
    if rig.channel.recall in GOES_AWAY:
        assert squeezed(NEW_TEXT) in squeezed(rig.shown())
        assert not [word for word in old_words(item) if word in squeezed(rig.shown())]


def test_after_a_withdrawal_the_old_text_is_gone_or_told_of(rig: Rig) -> None:
    able(rig, "shown")
    item = rig.items()[0]
    title = squeezed(item.revision.title)
    receipt = publish(rig, KEY)
    before = squeezed(rig.shown())
    later = ordered(item, Action.WITHDRAW, [trace_of(item, receipt, KEY)])
    ended = carry_out(rig, [later], OTHER_KEY)
    assert ended.status in {Status.DELIVERED, Status.AWAITING}
    after = squeezed(rig.shown())
    for word in old_words(item):
        assert after.count(word) <= before.count(word), "a withdrawal never says the old text again"
    if rig.channel.recall in GOES_AWAY:
        assert any(word in before for word in old_words(item))
        assert not [word for word in old_words(item) if word in after]
    if rig.channel.recall is Recall.HUMAN:
        assert title in after
    if rig.channel.recall is Recall.FOLLOW_UP:
        assert after.count(title) > before.count(title)


def test_withdrawing_twice_does_no_harm(rig: Rig) -> None:
    able(rig, "shown")
    if rig.channel.recall not in {Recall.EDITS, Recall.DELETES}:
        pytest.skip(f"{rig.channel.name} tells people, and they would be told twice")
    item = rig.items()[0]
    trace = trace_of(item, publish(rig, KEY), KEY)
    later = ordered(item, Action.WITHDRAW, [trace])
    first = carry_out(rig, [later], OTHER_KEY)
    shown = rig.shown()
    second = carry_out(rig, [later], THIRD_KEY)
    assert rig.shown() == shown
    assert second.status is first.status


def test_what_stands_is_seen_to_stand(rig: Rig) -> None:
    can_be_looked_at(rig)
    assert isinstance(rig.channel, HasVerify)
    item = rig.items()[0]
    trace = trace_of(item, publish(rig, KEY), KEY)
    assert rig.channel.verify(item, trace) == ""
    later = ordered(item, Action.WITHDRAW, [trace])
    gone = trace_of(item, carry_out(rig, [later], OTHER_KEY), OTHER_KEY)
    assert rig.channel.verify(later, gone) == ""
    assert chinese(rig.channel.verify(item, trace)), "what was withdrawn no longer stands"


def test_what_was_altered_outside_is_seen(rig: Rig) -> None:
    can_be_looked_at(rig)
    able(rig, "tamper")
    assert isinstance(rig.channel, HasVerify)
    item = rig.items()[0]
    trace = trace_of(item, publish(rig, KEY), KEY)
    rig.tamper()
    before = list(rig.ledger())
    assert chinese(rig.channel.verify(item, trace))
    assert list(rig.ledger()) == before, "looking puts nothing out"


def test_what_cannot_be_looked_at_now_is_not_called_lost(rig: Rig) -> None:
    can_be_looked_at(rig)
    needs(rig, Trouble.UNREACHABLE)
    channel = rig.channel
    assert isinstance(channel, HasVerify)
    item = rig.items()[0]
    trace = trace_of(item, publish(rig, KEY), KEY)
    rig.trouble(Trouble.UNREACHABLE)
    assert isinstance(told(rig, lambda: channel.verify(item, trace)), TemporaryError)


def chinese(sentence: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in sentence)
