"""The long form: python -m tests.crash — every step of the demo city, killed before and after it.

--every N    only every N-th kill of the sweep
--kills N    how often a worker is killed at random on PostgreSQL, in each round
--rounds N   how many rounds of those
--storms N   how many rounds with Celery on each broker, with as many kills and restarts
--seed N     the dice of the random moments
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.crash.audit import audit
from tests.crash.cluster import cluster
from tests.crash.harness import every_step, harass, in_peace, sweep
from tests.crash.scene import ALL, Outside, Scene, Snapshot, amend, snapshot, with_news
from tests.crash.storm import Storm
from tests.crash.table import Table, show
from tests.support.brokers import RabbitMQ, Redis, TestBroker, running
from tests.support.postgres import PostgresServer, own_server, server


def main() -> int:
    asked = _asked()
    begun, bad = time.monotonic(), False
    with tempfile.TemporaryDirectory(prefix="publisher-crash-") as name:
        outside = Outside()
        with outside.wechat, outside.sms:
            for table in _tables(Path(name), outside, asked):
                sys.stdout.write(f"{show(table)}\n\n")
                sys.stdout.flush()
                bad |= bool(table.troubles)
    sys.stdout.write(f"{time.monotonic() - begun:.0f} s\n")
    return int(bad)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--storms", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _tables(folder: Path, outside: Outside, asked: argparse.Namespace) -> Iterator[Table]:
    yield from _swept(folder, outside, asked.every)
    yield _harassed(folder, outside, asked)
    with own_server() as database:
        for kind in (Redis, RabbitMQ):
            yield _stormed(folder, outside, asked, kind, database)


def _swept(folder: Path, outside: Outside, every: int) -> Iterator[Table]:
    """SQLite, one worker: every step of publishing, then of correcting and withdrawing."""
    news = snapshot(with_news(folder / "news", outside, channels=ALL, items=3))
    table = Table("publish: SQLite, every step")
    sweep(news, folder, table, every_step, every=every)
    yield table
    table = Table("correct, withdraw: SQLite, every step")
    sweep(_later(news, folder / "later"), folder, table, every_step, every=every)
    yield table


def _later(news: Snapshot, folder: Path) -> Snapshot:
    scene = news.play(folder)
    in_peace(scene)
    amend(scene)
    return snapshot(scene)


def _harassed(folder: Path, outside: Outside, asked: argparse.Namespace) -> Table:
    """PostgreSQL, two workers, one of them killed again and again while both orders come in."""
    table = Table("all: PostgreSQL, two workers, random kills")
    dice = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    made = with_news(folder / "shared", outside, channels=ALL, items=3, server=server())
    news = snapshot(made)
    for number in range(1, asked.rounds + 1):
        scene = news.play(folder / "harassed")
        for order in (_nothing, amend):
            order(scene)
            harass(scene, table, dice, kills=asked.kills, workers=2)
        table.add(audit(scene), f"round {number}")
        scene.end()
    made.end()
    return table


def _stormed(
    folder: Path,
    outside: Outside,
    asked: argparse.Namespace,
    kind: type[TestBroker],
    database: PostgresServer,
) -> Table:
    """PostgreSQL, two Celery workers and a beat; the broker and the database come and go."""
    table = Table(f"all: PostgreSQL, two Celery workers on {kind.__name__}, kills and restarts")
    dice = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    with running(kind) as broker:
        for number in range(1, asked.storms + 1):
            with cluster(folder / "cluster", outside, broker, database) as city:
                Storm(city, table, dice).rage(asked.kills)
                table.add(audit(city.scene), f"round {number}")
    return table


def _nothing(scene: Scene) -> None:
    """The news stand in the rows already."""


if __name__ == "__main__":
    sys.exit(main())
