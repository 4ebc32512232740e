"""Is nothing lost and nothing doubled, whenever a worker is killed?  The long form: make crash."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.audit import audit
from tests.crash.cluster import cluster
from tests.crash.harness import around_calls, harass, in_peace, sweep
from tests.crash.scene import LIGHT, Outside, amend, snapshot, with_news
from tests.crash.storm import Storm
from tests.crash.table import Table
from tests.support.brokers import Redis, running
from tests.support.postgres import PostgresServer, own_server


@pytest.fixture
def outside() -> Iterator[Outside]:
    found = Outside()
    with found.wechat, found.sms:
        yield found


def test_killed_while_publishing(outside: Outside, tmp_path: Path) -> None:
    news = snapshot(with_news(tmp_path / "news", outside, channels=LIGHT, items=2))
    table = Table("publish")
    sweep(news, tmp_path, table, around_calls)
    assert table.kills == 2 * len(LIGHT)
    assert not table.troubles
    assert not table.raised


def test_killed_while_correcting_and_withdrawing(outside: Outside, tmp_path: Path) -> None:
    scene = with_news(tmp_path / "later", outside, channels=LIGHT, items=2)
    in_peace(scene)
    amend(scene)
    table = Table("amend")
    sweep(snapshot(scene), tmp_path, table, around_calls)
    assert table.kills == 2 * len(LIGHT)
    assert not table.troubles
    assert not table.raised


def test_two_workers_on_postgresql_one_killed_again_and_again(
    outside: Outside, tmp_path: Path, postgres: PostgresServer
) -> None:
    scene = with_news(tmp_path / "news", outside, channels=LIGHT, items=3, server=postgres)
    table = Table("shared")
    dice = random.Random(1)  # noqa: S311 - moments, not secrets
    harass(scene, table, dice, kills=4, workers=2)
    amend(scene)
    harass(scene, table, dice, kills=4, workers=2)
    found = audit(scene)
    assert table.kills
    assert not found.troubles
    assert not table.raised
    scene.end()


def test_two_celery_workers_one_killed_while_broker_and_database_come_and_go(
    outside: Outside, tmp_path: Path
) -> None:
    table = Table("storm")
    dice = random.Random(1)  # noqa: S311 - moments, not secrets
    with (
        own_server() as database,
        running(Redis) as broker,
        cluster(tmp_path / "city", outside, broker, database, channels=LIGHT) as city,
    ):
        Storm(city, table, dice).rage(kills=4)
        table.add(audit(city.scene), "storm")
    assert (table.kills, table.brokers, table.databases) == (4, 2, 2)
    assert not table.troubles
    assert not table.raised
