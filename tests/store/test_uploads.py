"""Files held with a form that is not done yet: only their owner's, not too many, not for ever."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.access import Role
from publisher.store.accounts import NewUser
from publisher.store.uploads import MOST_BYTES
from tests.factories import NOW
from tests.support.city import City, settings_for

DATA = b"a photo"


@pytest.fixture
def city(tmp_path: Path, database: str) -> Iterator[City]:
    del database
    found = City(settings_for(tmp_path, {}))
    yield found
    found.close()


@pytest.fixture
def ids(city: City) -> tuple[int, int]:
    """Two users."""
    found = []
    for login in ("zhangmin", "liqiang"):
        new = NewUser(
            login=login,
            name=login,
            role=Role.OPERATOR,
            department="",
            password="",
            must_change=False,
        )
        user = city.publisher.store.accounts.add(new, by="李办", now=NOW)
        assert user is not None
        found.append(user.id)
    return found[0], found[1]


def test_a_file_is_its_owners_only(city: City, ids: tuple[int, int]) -> None:
    uploads, (mine, other) = city.publisher.store.uploads, ids
    kept = uploads.put(mine, "照片.jpg", DATA, NOW)
    assert uploads.get(kept, mine) == ("照片.jpg", DATA)
    assert uploads.get(kept, other) is None
    assert uploads.get("nothing", mine) is None
    uploads.drop(kept, other)
    assert uploads.get(kept, mine)
    uploads.drop(kept, mine)
    assert uploads.get(kept, mine) is None


def test_nobody_holds_too_much(city: City, ids: tuple[int, int]) -> None:
    uploads, (mine, other) = city.publisher.store.uploads, ids
    most = uploads.put(mine, "a", bytes(MOST_BYTES - 10), NOW)
    assert most
    assert uploads.put(mine, "b", bytes(11), NOW) == ""
    assert uploads.put(mine, "b", bytes(10), NOW)
    assert uploads.put(other, "b", bytes(11), NOW)
    uploads.drop(most, mine)
    assert uploads.put(mine, "b", bytes(11), NOW)


def test_what_is_never_done_is_let_go(city: City, ids: tuple[int, int]) -> None:
    uploads, (mine, _) = city.publisher.store.uploads, ids
    old = uploads.put(mine, "a", DATA, NOW)
    fresh = uploads.put(mine, "b", DATA, NOW + timedelta(hours=2))
    city.publisher.forget(NOW + timedelta(days=1, hours=1))
    assert uploads.get(old, mine) is None
    assert uploads.get(fresh, mine) == ("b", DATA)
