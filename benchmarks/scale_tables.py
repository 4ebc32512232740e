"""Questions of the console to a big city, on both databases: how long each takes."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.scale import CHANNELS, big_city, big_settings, fill
from publisher.bootstrap import build
from publisher.model import Status
from publisher.store import Store
from publisher.store.filters import Filter, Need
from publisher.store.paging import Asked
from tests.factories import BEIJING
from tests.support import postgres

ROUNDS = 40
_FINANCE = "辛集市财政局"
_MOST_COLD = 3
Question = Callable[[], object]


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as name:
        for title, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
            with opened(Path(name)) as store:
                screen.print(_table(title, store))


def questions(store: Store, now: datetime) -> Mapping[str, Question]:
    """Every question by which a page of the console begins."""

    def page(asked: Asked | None = None, **wanted: Any) -> Question:
        return lambda: store.matrix.page(Filter(**wanted), now, asked or Asked())

    deep = Asked()
    for _ in range(20):
        deep = Asked(after=store.matrix.page(Filter(), now, deep).next)
    newest = [one.id for one in store.matrix.page(Filter(), now, Asked()).rows]
    today = now.astimezone(BEIJING).date()
    month: dict[str, Any] = {"since": now - timedelta(days=400), "until": now - timedelta(days=370)}
    return {
        "matrix: the newest": page(),
        "matrix: 20 pages on": page(deep),
        "matrix: a department": page(department=_FINANCE),
        "matrix: field and stage": page(field="安全生产", stage="结果"),
        "matrix: a field that does not occur": page(field="没有的领域"),
        "matrix: a month of last year": page(**month),
        "matrix: a common word": page(text="通知"),
        "matrix: a document number": page(text="〕50001号"),
        "matrix: two words that never meet": page(text="财政 不存在的词"),
        "matrix: a channel": page(channel="sms"),
        **{f"matrix: {status}": page(status=status) for status in Status},
        "matrix: needs a person": page(status=Need.PERSON),
        "matrix: overdue": page(status=Need.OVERDUE),
        "matrix: failed, in a channel": page(status=Status.FAILED, channel="website"),
        "matrix: delivered, in a channel": page(status=Status.DELIVERED, channel="sms"),
        "matrix: failed, of a department": page(status=Status.FAILED, department=_FINANCE),
        "matrix: delivered, a rare word": page(status=Status.DELIVERED, text="〕50001号"),
        "matrix: delivered, no such word": page(status=Status.DELIVERED, text="不存在的词"),
        "matrix: awaiting, of a month": page(status=Status.AWAITING, **month),
        "matrix: 50 rows anew": lambda: store.matrix.rows(newest),
        "matrix: choices": store.matrix.choices,
        "work list": lambda: store.worklist.page(now, Asked()),
        "work list, of a department": lambda: store.worklist.page(now, Asked(), _FINANCE),
        "work list: counts": lambda: store.worklist.counts(now),
        "work list: counts, of a department": lambda: store.worklist.counts(now, _FINANCE),
        "agenda: 31 days": lambda: store.agenda.days(now, today, 31, BEIJING),
        "agenda: 31 days, of a department": lambda: store.agenda.days(
            now, today, 31, BEIJING, _FINANCE
        ),
        "agenda: held": store.agenda.held,
        "health of 5 channels": lambda: store.health.of(CHANNELS, now),
        "one item": lambda: store.standing.items(newest[0]),
    }


def _table(title: str, store: Store) -> Table:
    table = Table(title=f"{title}: 100,000 items, ms")
    for place, head in enumerate(("question", "first", "median", "p95")):
        table.add_column(head, justify="right" if place else "left")
    for name, ask in questions(store, datetime.now(UTC)).items():
        first, *rest = (_milliseconds(ask) for _ in range(ROUNDS + 1))
        spread = statistics.quantiles(rest, n=20, method="inclusive")
        cells = (first, statistics.median(rest), spread[-1])
        table.add_row(name, *(f"{one:.1f}" for one in cells))
    return table


def _milliseconds(ask: Question) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _sqlite(folder: Path) -> Iterator[Store]:
    with closing(build(big_city(folder))) as publisher:
        yield publisher.store


@contextmanager
def _postgres(folder: Path) -> Iterator[Store]:
    """With the memory of a small server, not of the tests' own."""
    with postgres.own_server() as server:
        server.administer("ALTER SYSTEM SET shared_buffers = '256MB'")
        server.stop()
        server.start()
        with closing(build(big_settings(folder, server.fresh()))) as publisher:
            fill(publisher.store.database)
            yield publisher.store
