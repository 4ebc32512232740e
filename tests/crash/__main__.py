"""The long form: python -m tests.crash — every step of the demo city, killed before and after it.

--every N    only every N-th kill of the sweep
--kills N    how often a worker is killed at random on PostgreSQL, in each round
--rounds N   how many rounds of those
--seed N     the dice of the random moments
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.audit import audit
from tests.crash.harness import every_step, harass, in_peace, sweep
from tests.crash.scene import Outside, Scene, Snapshot, amend, snapshot, with_news
from tests.crash.table import Table, show
from tests.support.postgres import server

ALL = ("website", "wechat", "sms", "broadcast", "noticeboard")


def main() -> int:
    asked = _asked()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="publisher-crash-") as name:
        outside = Outside()
        with outside.wechat, outside.sms:
            tables = [
                *_swept(Path(name), outside, asked.every),
                _harassed(Path(name), outside, asked),
            ]
    sys.stdout.write(show(tables) + f"\n{time.monotonic() - begun:.0f} s\n")
    return int(any(table.bad for table in tables))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _swept(folder: Path, outside: Outside, every: int) -> list[Table]:
    """SQLite, one worker: every step of publishing, then of correcting and withdrawing."""
    news = snapshot(with_news(folder / "news", outside, channels=ALL, items=3))
    tables = [Table("publish: SQLite, every step")]
    sweep(news, folder, tables[0], every_step, every=every)
    tables.append(Table("correct, withdraw: SQLite, every step"))
    sweep(_later(news, folder / "later"), folder, tables[1], every_step, every=every)
    return tables


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


def _nothing(scene: Scene) -> None:
    """The news stand in the rows already."""


if __name__ == "__main__":
    sys.exit(main())
