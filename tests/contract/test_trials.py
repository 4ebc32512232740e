"""What every adapter promises that can test before it sends, or tell what is left to send.

Never edited for one channel: what is special about a channel stands in tests/channels.
"""

import time
from datetime import timedelta

import pytest

from publisher.channel import HasQuota, HasTrial, OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import Action, Status
from tests.contract.orders import ordered, publish, rendition_of, trace_of
from tests.contract.rig import Rig, Trouble
from tests.contract.test_channels import (
    CERTAINLY_NOT_OUT,
    KEY,
    MAY_BE_OUT,
    OTHER_KEY,
    needs,
    rig,
    send,
    told,
)
from tests.contract.test_orders import chinese

__all__ = ["rig"]


def able_to_test(rig: Rig) -> HasTrial:
    if not isinstance(rig.channel, HasTrial):
        pytest.skip(f"{rig.channel.name} sends no tests: its preview shows all")
    return rig.channel


def able_to_count(rig: Rig) -> HasQuota:
    if not isinstance(rig.channel, HasQuota):
        pytest.skip(f"{rig.channel.name} has nobody who counts")
    return rig.channel


def test_a_test_reaches_its_recipient_and_nobody_else(rig: Rig) -> None:
    channel = able_to_test(rig)
    rendition = rendition_of(rig, rig.items())
    public, before = list(rig.ledger()), len(rig.tested())
    receipt = channel.trial(rendition, KEY)
    rig.finish()
    assert receipt.status in {Status.DELIVERED, Status.ACCEPTED}
    assert receipt.reference
    assert len(rig.tested()) == before + 1
    assert list(rig.ledger()) == public
    assert not [secret for secret in rig.secrets if secret in repr((channel, receipt))]


def test_a_test_may_be_repeated_and_leaves_the_real_thing_alone(rig: Rig) -> None:
    channel = able_to_test(rig)
    rendition = rendition_of(rig, rig.items())
    channel.trial(rendition, OTHER_KEY)
    channel.trial(rendition, OTHER_KEY)
    assert len(rig.tested()) == 2
    public = len(rig.ledger())
    assert send(rig).status in {Status.DELIVERED, Status.ACCEPTED}
    rig.finish()
    assert len(rig.ledger()) == public + max(1, len(rig.recipients()))
    assert len(rig.tested()) == 2


def test_a_withdrawal_is_tested_or_refused_and_takes_nothing_back(rig: Rig) -> None:
    channel = able_to_test(rig)
    item = rig.items()[0]
    withdrawn = ordered(item, Action.WITHDRAW, [trace_of(item, publish(rig, KEY), KEY)])
    public, shown = list(rig.ledger()), rig.shown()
    rendition = rendition_of(rig, [withdrawn])
    try:
        channel.trial(rendition, OTHER_KEY)
    except PermanentError as error:
        refused = error.reason
    else:
        refused = ""
    rig.finish()
    assert chinese(refused) if refused else len(rig.tested()) == 1
    assert list(rig.ledger()) == public
    assert rig.shown() == shown


def test_without_a_recipient_there_is_no_test(rig: Rig) -> None:
    able_to_test(rig)
    channel = rig.untested()
    assert isinstance(channel, HasTrial)
    assert channel.trial_to == ""
    rendition = rendition_of(rig, rig.items())
    error = told(rig, lambda: channel.trial(rendition, KEY))
    assert isinstance(error, PermanentError)
    assert error.field in error.reason, "the setting that is missing is named"
    assert not rig.tested()


def test_staff_read_who_is_tested_with_but_not_how_to_reach_them(rig: Rig) -> None:
    channel = able_to_test(rig)
    assert channel.trial_to
    assert not [secret for secret in rig.secrets if secret in channel.trial_to]


@pytest.mark.parametrize("trouble", CERTAINLY_NOT_OUT)
def test_a_test_that_certainly_went_nowhere_is_said_so(rig: Rig, trouble: Trouble) -> None:
    channel = able_to_test(rig)
    needs(rig, trouble)
    rendition = rendition_of(rig, rig.items())
    rig.trouble(trouble)
    error = told(rig, lambda: channel.trial(rendition, KEY))
    assert isinstance(error, CERTAINLY_NOT_OUT[trouble])
    assert not rig.tested()
    assert not rig.ledger()


@pytest.mark.parametrize("trouble", MAY_BE_OUT)
def test_a_test_that_may_have_arrived_is_never_called_certain(rig: Rig, trouble: Trouble) -> None:
    channel = able_to_test(rig)
    needs(rig, trouble)
    rendition = rendition_of(rig, rig.items())
    rig.trouble(trouble)
    began = time.monotonic()
    assert isinstance(told(rig, lambda: channel.trial(rendition, KEY)), OutcomeUnknown)
    assert timedelta(seconds=time.monotonic() - began) < rig.channel.longest_call
    assert not rig.ledger()


def test_what_is_left_is_told_and_nothing_done(rig: Rig) -> None:
    channel = able_to_count(rig)
    before = list(rig.ledger())
    quotas = channel.quota()
    assert channel.quota() == quotas
    assert list(rig.ledger()) == before
    assert len({quota.title for quota in quotas}) == len(quotas) > 0
    for quota in quotas:
        assert chinese(quota.title)
        assert chinese(quota.resets)
        assert 0 <= quota.left <= quota.limit
        assert quota.used >= 0


def test_a_send_takes_from_what_is_left(rig: Rig) -> None:
    channel = able_to_count(rig)
    before = {quota.title: quota.left for quota in channel.quota()}
    send(rig)
    after = {quota.title: quota.left for quota in channel.quota()}
    assert any(after[title] < before[title] for title in before)


def test_who_cannot_be_asked_now_says_so(rig: Rig) -> None:
    channel = able_to_count(rig)
    needs(rig, Trouble.UNREACHABLE)
    rig.trouble(Trouble.UNREACHABLE)
    assert isinstance(told(rig, channel.quota), TemporaryError)
