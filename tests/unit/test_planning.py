"""What goes together, and when."""

from datetime import datetime, time, timedelta
from itertools import combinations
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from publisher.planning import EVERYTHING, Due, Grouping, Subscription, address, group
from tests.factories import BEIJING, NOW

TOPICS = ("财政预决算", "安全生产", "文化")


def a_due(number: int, *, urgent: bool = False, topics: frozenset[str] = frozenset()) -> Due:
    return Due(id=number, item_id=f"A-{number}", revision_id=number, urgent=urgent, topics=topics)


def test_a_digest_waits_for_its_time_and_an_urgent_item_does_not() -> None:
    digest = Grouping("digest", at=time(18, 0))
    at_1800 = datetime(2026, 11, 23, 18, 0, tzinfo=BEIJING)
    assert digest.due_at(NOW, urgent=False, zone=BEIJING) == at_1800
    assert digest.due_at(NOW, urgent=True, zone=BEIJING) == NOW
    after = at_1800 + timedelta(seconds=1)
    assert digest.due_at(after, urgent=False, zone=BEIJING) == at_1800 + timedelta(days=1)
    assert digest.due_at(at_1800, urgent=False, zone=BEIJING) == at_1800


def test_each_and_window_go_at_once() -> None:
    for grouping in (Grouping("each", at=time(18, 0)), Grouping("window", at=time(18, 0))):
        assert grouping.due_at(NOW, urgent=False, zone=BEIJING) == NOW


def test_grouping() -> None:
    due = [a_due(1), a_due(2, urgent=True), a_due(3), a_due(4)]

    def ids(kind: Literal["each", "window", "bundle", "digest"], most: int) -> list[list[int]]:
        return [[one.id for one in together] for together in group(due, Grouping(kind, most=most))]

    assert ids("each", 50) == [[1], [2], [3], [4]]
    assert ids("window", 3) == [[1, 2, 3], [4]]
    assert ids("bundle", 2) == [[2], [1, 3], [4]]
    assert ids("digest", 50) == [[2], [1, 3, 4]]


@given(
    topics=st.lists(st.frozensets(st.sampled_from(TOPICS)), min_size=1, max_size=5),
    wishes=st.lists(
        st.tuples(
            st.frozensets(st.sampled_from((*TOPICS, EVERYTHING)), min_size=1),
            st.frozensets(st.integers(0, 4)),
        ),
        max_size=20,
    ),
    most=st.integers(1, 5),
)
def test_everybody_gets_what_was_asked_for_exactly_once(
    topics: list[frozenset[str]],
    wishes: list[tuple[frozenset[str], frozenset[int]]],
    most: int,
) -> None:
    due = [a_due(number, topics=some) for number, some in enumerate(topics)]
    people = [Subscription(number, some, got) for number, (some, got) in enumerate(wishes)]
    parcels = address(due, people, most)
    for one, other in combinations(parcels, 2):
        assert not set(one.recipients) & set(other.recipients)
    reached = {person: parcel.deliveries for parcel in parcels for person in parcel.recipients}
    for person in people:
        wanted = tuple(one for one in due if person.wants(one))
        assert reached.get(person.subscriber, ()) == wanted
    assert all(0 < len(parcel.recipients) <= most for parcel in parcels)
