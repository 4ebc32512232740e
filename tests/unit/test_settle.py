"""The retry rule of the product, as a table; and how batches make a delivery."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.channel import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    Receipt,
    TemporaryError,
)
from publisher.model import ARROWS, IllegalTransition, ReasonClass, Status, move
from publisher.retry import RetryPolicy
from publisher.settle import combine, settle
from tests.factories import NOW

POLICY = RetryPolicy(attempts=3, base=timedelta(seconds=10), ceiling=timedelta(minutes=5))
LATER = TemporaryError("忙")
NEVER = PermanentError("不收")
PERHAPS = OutcomeUnknown("没有回音")
QUOTA = TemporaryError("额度用完", ReasonClass.QUOTA)


@pytest.mark.parametrize(
    ("outcome", "harmless", "tries", "expected"),
    [
        (Receipt(Status.DELIVERED), False, 0, Status.DELIVERED),
        (Receipt(Status.ACCEPTED), False, 0, Status.ACCEPTED),
        (Receipt(Status.AWAITING), True, 0, Status.AWAITING),
        (LATER, False, 0, Status.QUEUED),
        (LATER, False, 1, Status.QUEUED),
        (LATER, False, 2, Status.FAILED),
        (NEVER, False, 0, Status.FAILED),
        (NEVER, True, 0, Status.FAILED),
        (PERHAPS, False, 0, Status.UNKNOWN),
        (PERHAPS, True, 0, Status.QUEUED),
        (PERHAPS, True, 2, Status.UNKNOWN),
        (QUOTA, False, 2, Status.QUEUED),
    ],
)
def test_outcomes(
    outcome: Receipt | DeliveryError, harmless: bool, tries: int, expected: Status
) -> None:
    found = settle(outcome, harmless=harmless, tries=tries, retry=POLICY, now=NOW, jitter=0.5)
    assert found.status is expected
    assert (found.due_at is not None) == (expected is Status.QUEUED)
    assert found.status in ARROWS[Status.SENDING]


def test_a_quota_costs_no_try_and_waits_the_longest() -> None:
    found = settle(QUOTA, harmless=False, tries=2, retry=POLICY, now=NOW, jitter=0.0)
    assert found.tries == 2
    assert found.due_at == NOW + POLICY.ceiling


def test_what_the_other_side_asks_for_is_never_undercut() -> None:
    asked = TemporaryError("忙", retry_after=timedelta(hours=2))
    found = settle(asked, harmless=False, tries=0, retry=POLICY, now=NOW, jitter=0.0)
    assert found.due_at == NOW + timedelta(hours=2)


@given(tries=st.integers(1, 60), jitter=st.floats(0, 1, exclude_max=True))
def test_back_off_grows_to_the_ceiling_and_no_further(tries: int, jitter: float) -> None:
    wait = POLICY.wait(tries, jitter=jitter)
    assert POLICY.base / 2 <= wait <= POLICY.ceiling
    assert wait <= POLICY.wait(tries + 1, jitter=0.999999) + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([Status.DELIVERED], Status.DELIVERED),
        ([Status.DELIVERED, Status.ACCEPTED], Status.ACCEPTED),
        ([Status.DELIVERED, Status.FAILED], Status.FAILED),
        ([Status.ACCEPTED, Status.QUEUED], Status.QUEUED),
        ([Status.UNKNOWN, Status.ACCEPTED], Status.UNKNOWN),
        ([Status.UNKNOWN, Status.FAILED], Status.UNKNOWN),
        ([Status.SENDING, Status.UNKNOWN], Status.SENDING),
    ],
)
def test_a_delivery_stands_as_its_batches_do(statuses: list[Status], expected: Status) -> None:
    assert combine(statuses) is expected
    assert combine(list(reversed(statuses))) is expected


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_only_arrows_that_exist_can_be_walked(current: Status, to: Status) -> None:
    if to is current or to in ARROWS[current]:
        assert move(current, to) is to
    else:
        with pytest.raises(IllegalTransition):
            move(current, to)


def test_nothing_leaves_cancelled_and_everything_else_can_end() -> None:
    assert ARROWS[Status.CANCELLED] == frozenset()
    ends = {Status.DELIVERED, Status.CANCELLED}
    for start in Status:
        reached, edge = {start}, [start]
        while edge:
            for to in ARROWS[edge.pop()] - reached:
                reached.add(to)
                edge.append(to)
        assert reached & ends
