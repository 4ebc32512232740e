"""The engine in tables: its speed, its latency, and others at the same work in the same run."""

import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import beside, stub
from benchmarks.engine import Speed, Waits, at_work, opened
from tests.support import brokers, postgres

OLD = 100_000
ROUNDS = {1: 20, 10: 7, 100: 5}
"""How often each number of deliveries a flush is measured."""
SUBMITS = 50
WAITS = 100
POSTS = 300
GROUPINGS: Mapping[str, Any] = {
    "each": {"kind": "each"},
    "bundle": {"kind": "bundle", "most": 1000},
    "digest": {"kind": "digest", "most": 1000},
}


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as name, _databases() as databases:
        folder = Path(name)
        for title, address in databases.items():
            _show_database(screen, folder / title.split()[0], title, address)
        with stub.running() as other, brokers.running(brokers.Redis) as broker:
            screen.print(_latency(folder, broker.url))
            screen.print(_beside(folder, other, broker.url))


@contextmanager
def _databases() -> Iterator[dict[str, Any]]:
    """How to get a fresh database of each kind, both of which lose nothing on a power cut."""
    server = postgres.server()
    for setting in ("fsync", "full_page_writes"):
        server.administer(f"ALTER SYSTEM SET {setting} = on")
    server.administer("SELECT pg_reload_conf()")
    yield {"SQLite (synchronous=FULL)": str, "PostgreSQL (fsync=on)": server.fresh}


def _show_database(screen: Console, folder: Path, title: str, address: Any) -> None:
    folder.mkdir()
    table = _table(
        f"{title}: deliveries/s from claim to settle, an adapter that returns at once",
        "grouping",
        "old items",
        *(f"{due} due" for due in ROUNDS),
    )
    submits: dict[int, float] = {}
    for name, rule in GROUPINGS.items():
        with opened(folder / name, address(), grouping=rule) as bench:
            bench.speed(10, 2)  # the first of everything costs more
            for old in (0, OLD) if name == "each" else (0,):
                if old:
                    bench.grow_old(old)
                    bench.speed(1, 2)
                rates = [_rate(bench.speed(due, rounds)) for due, rounds in ROUNDS.items()]
                table.add_row(name, f"{old:,}", *rates)
                if name == "each":
                    submits[old] = statistics.median(bench.submits(SUBMITS))
    screen.print(table)
    ratio = submits[OLD] / submits[0]
    screen.print(
        f"{title}: one submit {_ms(submits[0])} ms, with {OLD:,} old items {_ms(submits[OLD])} ms: "
        f"{ratio:.2f} times\n"
    )


def _latency(folder: Path, broker: str) -> Table:
    table = _table(
        f"From submit's return to the start of the send, SQLite, ms, {WAITS} times, one at a time",
        *("runner", "p50", "p99"),
    )
    for runner, address in (("local", ""), ("celery over Redis", broker)):
        waits = _waits(folder / f"waits {runner}", address)
        table.add_row(runner, _ms(waits.at(50)), _ms(waits.at(99)))
    return table


def _waits(folder: Path, broker: str) -> Waits:
    with opened(folder, broker=broker) as bench, at_work(bench) as runner:
        bench.waits(runner, 10)  # the worker is up, the statements are built
        return bench.waits(runner, WAITS)


def _beside(folder: Path, other: stub.Stub, broker: str) -> Table:
    """A loop over Apprise keeps no record, so it is the least that the posts themselves cost."""
    rates = {
        "publisher, local runner": beside.ours(folder / "ours", other, POSTS),
        "publisher, celery over Redis": beside.ours_on_celery(
            folder / "celery", other, POSTS, broker
        ),
        "Apprise, a loop that keeps nothing": beside.by_apprise(other, POSTS),
        "Celery, a task a delivery, over Redis": beside.by_plain_tasks(other, POSTS, broker),
    }
    own = rates["publisher, local runner"]
    table = _table(
        f"{POSTS} posts by HTTP to one stub on loopback, one channel, from a queue that waits",
        *("who", "posts/s", "to publisher, local runner"),
    )
    for who, rate in rates.items():
        table.add_row(who, f"{rate:.0f}", f"{rate / own:.2f}")
    return table


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    return table


def _rate(speed: Speed) -> str:
    return f"{speed.rate:.0f}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
