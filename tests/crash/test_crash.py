"""Is nothing lost and nothing doubled, whenever a worker is killed?  The long form: make crash."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.audit import audit
from tests.crash.harness import harass, steps_of, sweep
from tests.crash.scene import LIGHT, Outside, amend, snapshot, with_news
from tests.crash.table import Table
from tests.support.postgres import PostgresServer

SAMPLE = 7  # odd, so that both sides of a commit have their turn


@pytest.fixture
def outside() -> Iterator[Outside]:
    found = Outside()
    with found.wechat, found.sms:
        yield found


def test_killed_while_publishing(outside: Outside, tmp_path: Path) -> None:
    news = snapshot(with_news(tmp_path / "news", outside, channels=LIGHT, items=2))
    table = Table("publish")
    sweep(news, tmp_path, table, every=SAMPLE)
    assert table.kills >= 5
    assert not table.troubles
    assert not table.raised


def test_killed_while_correcting_and_withdrawing(outside: Outside, tmp_path: Path) -> None:
    scene = with_news(tmp_path / "later", outside, channels=LIGHT, items=2)
    steps_of(scene)
    amend(scene)
    table = Table("amend")
    sweep(snapshot(scene), tmp_path, table, every=SAMPLE)
    assert table.kills >= 4
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
