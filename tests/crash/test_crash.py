"""Is nothing lost and nothing doubled, whenever a worker is killed?  The long form: make crash."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.audit import audit
from tests.crash.harness import around_calls, harass, in_peace, sweep
from tests.crash.scene import LIGHT, Outside, amend, snapshot, with_news
from tests.crash.table import Table
from tests.support.postgres import PostgresServer


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
