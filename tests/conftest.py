"""Every test may ask for both databases."""

from collections.abc import Iterator

import pytest

from tests.support.databases import chosen
from tests.support.postgres import PostgresServer, server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test twice: with its cities in SQLite, and in PostgreSQL."""
    with chosen(request.param):
        yield request.param


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL of this session."""
    yield server()
    server().end()
