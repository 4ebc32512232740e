"""An office on both brokers, with a PostgreSQL database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.brokers import RabbitMQ, Redis, TestBroker, running
from tests.support.desk import Desk
from tests.support.office import Office, opened
from tests.support.postbox import PostboxSimulator
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="session")
def redis() -> Iterator[TestBroker]:
    with running(Redis) as found:
        yield found


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[TestBroker]:
    with running(RabbitMQ) as found:
        yield found


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> TestBroker:
    """Each broker in turn, with nothing left in it by the test before."""
    found: TestBroker = request.getfixturevalue(request.param)
    for channel in ("post", "echo"):
        found.empty(f"publisher.{channel}")
    return found


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def echo() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def desk(tmp_path: Path, box: PostboxSimulator) -> Desk:
    return Desk(tmp_path, box)


@pytest.fixture
def office(
    tmp_path: Path,
    box: PostboxSimulator,
    echo: PostboxSimulator,
    broker: TestBroker,
    postgres: PostgresServer,
) -> Iterator[Office]:
    url = postgres.fresh()
    with opened(tmp_path, box, echo, broker, url) as found:
        yield found
    postgres.drop(url)
