"""Every test may ask for both databases."""

import gc
from collections.abc import Iterator

import pytest
import structlog

from tests.support.databases import chosen
from tests.support.postgres import PostgresServer, server

# Thousands of small cities come and go: looking for circles after every 700 objects takes its time.
gc.set_threshold(50_000)


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


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command run in this process sets up its log, on an error stream that ends with the test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
