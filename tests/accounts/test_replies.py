"""A request that is sent twice with the same Idempotency-Key is done once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from publisher.access import Right, System
from publisher.accounts import AccountError
from publisher.accounts.replies import First, InProgress, Kept, OtherRequest
from publisher.store.office_tables import replies
from tests.support.accounts import Office, at_once

REQUEST, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def system(office: Office) -> System:
    return a_system(office)


def a_system(office: Office) -> System:
    now = office.clock()
    return office.accounts.tokens.issue(
        "门户", scopes=[Right.SUBMIT], expires_at=now + timedelta(days=9), by="李办", now=now
    ).token.system


def begin(
    office: Office, system: System, request: str = REQUEST
) -> First | Kept | InProgress | OtherRequest:
    return office.accounts.replies.begin(system, "key-1", request, office.clock())


def first(office: Office, system: System) -> First:
    found = begin(office, system)
    assert isinstance(found, First)
    return found


def test_the_same_again_gets_the_same_answer(office: Office, system: System) -> None:
    begun = first(office, system)
    assert begin(office, system) == InProgress()
    assert begin(office, system, OTHER) == OtherRequest()
    assert office.accounts.replies.finish(begun, 201, '{"编号":"A-1"}')
    assert begin(office, system) == Kept(201, '{"编号":"A-1"}')
    assert begin(office, system, OTHER) == OtherRequest()
    assert isinstance(begin(office, a_system(office)), First), "another system's key is another"


def test_of_many_at_the_same_moment_one_is_the_first(office: Office, system: System) -> None:
    found: list[object] = []
    at_once(10, lambda _: found.append(begin(office, system)))
    kinds = sorted(type(one).__name__ for one in found)
    assert kinds == ["First", *["InProgress"] * 9]


def test_a_key_whose_request_came_to_nothing_is_free(office: Office, system: System) -> None:
    office.accounts.replies.drop(first(office, system))
    begun = first(office, system)
    office.accounts.replies.finish(begun, 200, "{}")
    office.accounts.replies.drop(begun)
    assert begin(office, system) == Kept(200, "{}"), "what is answered stays"


def test_an_abandoned_key_is_free_again_and_who_comes_late_changes_nothing(
    office: Office, system: System
) -> None:
    late = first(office, system)
    office.clock.advance(minutes=10, seconds=-1)
    assert begin(office, system) == InProgress()
    office.clock.advance(seconds=1)
    begun = first(office, system)
    assert not office.accounts.replies.finish(late, 500, "late")
    office.accounts.replies.drop(late)
    assert begin(office, system) == InProgress()
    assert office.accounts.replies.finish(begun, 201, "{}")
    assert begin(office, system) == Kept(201, "{}")


def test_answers_are_let_go_of_after_a_day(office: Office, system: System) -> None:
    office.accounts.replies.finish(first(office, system), 201, "{}")
    office.clock.advance(hours=24, seconds=-1)
    assert begin(office, system) == Kept(201, "{}")
    office.clock.advance(seconds=1)
    office.accounts.replies.begin(system, "key-2", REQUEST, office.clock())
    with office.city.publisher.store.database.read() as connection:
        assert list(connection.execute(select(replies.c.key)).scalars()) == ["key-2"]


def test_a_key_that_cannot_be_one_is_refused(office: Office, system: System) -> None:
    for key in ("", " ", "a b", "键", "x" * 256, "a\n", "\x00"):
        with pytest.raises(AccountError, match="1 到 255 个") as refused:
            office.accounts.replies.begin(system, key, REQUEST, office.clock())
        assert refused.value.field == "Idempotency-Key"
