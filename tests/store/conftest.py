"""Databases: empty ones, one with a city in it, and one to copy it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.store.engine import Database
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.databases import address_of
from tests.support.postbox import PostboxSimulator
from tests.support.postgres import PostgresServer


@pytest.fixture
def address(database: str, tmp_path: Path) -> str | Path:
    """Where an empty database with our tables is, or will be."""
    assert database
    return address_of(tmp_path)


@pytest.fixture
def opened(address: str | Path) -> Iterator[Database]:
    """Such a database, open."""
    found = Database(address)
    found.upgrade()
    yield found
    found.close()


@pytest.fixture
def city(database: str, tmp_path: Path) -> Iterator[City]:
    """A city with one item out, one in doubt, one refused, and one that waits."""
    assert database
    with PostboxSimulator() as box:
        found = City(settings_for(tmp_path, {"post": postbox(box.url)}))
        found.submit("A-1")
        found.flush()
        box.plan(Fault.RESET)
        found.submit("A-2")
        found.flush()
        found.submit_bytes(b"{}")
        found.submit("A-3")
        yield found
        found.close()


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database that is not there yet, or has no table."""
    server: PostgresServer = request.getfixturevalue("postgres")
    address = tmp_path / "new" / "new.db" if request.param == "sqlite" else server.bare()
    found = Database(address)
    yield found
    found.close()
