"""What keeps a channel from being worked is one clear sentence in the log, said once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from publisher.deliver import flush
from publisher.model import Status
from publisher.runners.local import LocalRunner
from publisher.runners.timer import Timer
from publisher.store import StoreError
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

HOUR = timedelta(hours=1)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with PostboxSimulator() as box:
        found = City(settings_for(tmp_path, {"post": postbox(box.url)}))
        yield found
        found.close()


@pytest.fixture
def logs() -> Iterator[list[dict[str, object]]]:
    with capture_logs() as found:
        yield found  # type: ignore[misc]


def runner_of(city: City) -> LocalRunner:
    return LocalRunner(
        lambda name: flush(city.publisher.courier(), city.publisher.routes[name]),
        ["post"],
        sweep=HOUR,
    )


def rename(city: City, table: str, to: str) -> None:
    with city.publisher.store.database.write() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


def events(logs: list[dict[str, object]], *names: str) -> list[dict[str, object]]:
    return [entry for entry in logs if entry["event"] in names]


def test_a_database_that_is_not_well_is_said_once_and_once_when_it_is_well_again(
    city: City, logs: list[dict[str, object]]
) -> None:
    city.submit()
    runner = runner_of(city)
    rename(city, "pauses", "mislaid")
    assert not runner.run_once()
    assert not runner.run_once()
    (said,) = events(logs, "flush_failed", "well_again")
    assert said["channel"] == "post"
    assert "里面的表不对" in str(said["reason"])
    assert "exc_info" not in said
    rename(city, "mislaid", "pauses")
    assert runner.run_once()
    assert runner.run_once()
    assert [one["event"] for one in events(logs, "flush_failed", "well_again")] == [
        "flush_failed",
        "well_again",
    ]
    assert city.status("A-1", "post") is Status.DELIVERED


def test_another_cause_is_said_and_a_bug_has_its_traceback_each_time(
    logs: list[dict[str, object]],
) -> None:
    causes = [StoreError("甲"), StoreError("乙"), StoreError("乙"), ValueError(), ValueError()]

    def fail(_channel: str) -> bool:
        raise causes.pop(0)

    runner = LocalRunner(fail, ["post"], sweep=HOUR)
    while causes:
        assert not runner.run_once()
    said = events(logs, "flush_failed")
    assert [one.get("reason") for one in said] == ["甲", "乙", None, None]
    assert [one.get("exc_info") for one in said] == [None, None, True, True]


def test_a_timer_says_it_in_the_same_way(logs: list[dict[str, object]]) -> None:
    def turn() -> None:
        raise StoreError("甲")

    timer = Timer("tend", turn, HOUR)
    assert not timer.turn()
    assert not timer.turn()
    assert [one["reason"] for one in events(logs, "turn_failed")] == ["甲"]
