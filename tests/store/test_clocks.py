"""What one machine writes another reckons with, so their clocks must agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from publisher.store import Database
from publisher.timekeeping import Timekeeping
from tests.support.city import Clock
from tests.support.postgres import PostgresServer


@pytest.fixture
def server(postgres: PostgresServer) -> Iterator[Database]:
    url = postgres.bare()
    found = Database(url)
    yield found
    found.close()
    postgres.drop(url)


def ahead(seconds: float) -> Clock:
    """The clock of a machine that is ahead of us, and of the server beside us, by so much."""
    return Clock(datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-8, 0, 8])
def test_some_seconds_do_no_harm(server: Database, seconds: float) -> None:
    assert Timekeeping(server, ahead(seconds)).problem() == ""


def test_a_clock_that_is_off_is_said_with_how_much(server: Database) -> None:
    assert "比数据库服务器快 60 秒" in Timekeeping(server, ahead(60.3)).problem()
    assert "比数据库服务器慢 60 秒" in Timekeeping(server, ahead(-59.7)).problem()


def test_the_log_says_it_once_and_once_when_it_is_right_again(server: Database) -> None:
    clock = ahead(60)
    timekeeping = Timekeeping(server, clock)
    with capture_logs() as logs:
        timekeeping.look()
        timekeeping.look()
        clock.advance(minutes=-1)
        timekeeping.look()
        timekeeping.look()
    assert [one["event"] for one in logs] == ["clock_off", "clock_right"]


def test_a_file_has_no_clock_of_its_own(tmp_path: Path) -> None:
    database = Database(tmp_path / "publisher.db")
    database.upgrade()
    assert Timekeeping(database, ahead(3600)).problem() == ""
    database.close()
