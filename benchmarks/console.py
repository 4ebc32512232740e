"""The console and the API of a big city, beside a worker that has something to do.

Requests are begun on a timetable, whether the one before has been answered or not, and their time
counts from when they should have begun: a slow answer is not hidden by asking less.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlsplit

import requests
from rich.console import Console
from rich.table import Table
from sqlalchemy import select, update

from benchmarks.scale import big_city
from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.tables import deliveries, items
from tests.support.city import City

_RATE = 20
_SECONDS = 20
_LISTENERS = 300
_CHANGES = 40
_SUBMITTED = 100
_JSON = {"Content-Type": "application/json"}
_PAGES = (
    "/",
    "/?status=failed",
    "/?status=delivered&channel=wechat",
    "/?q=" + quote("预算"),
    "/?field=" + quote("安全生产") + "&from=2025-01-01",
    "/worklist",
    "/items/{item}",
)
_QUESTIONS = (
    "/api/v1/items",
    "/api/v1/items?status=failed&most=50",
    "/api/v1/items/{item}",
    "/api/v1/items/{item}/deliveries",
    "/api/v1/worklist",
)


@dataclass(frozen=True)
class Office:
    """A console that runs: where it is, and what opens it."""

    url: str
    cookie: str
    bearer: str

    def session(self) -> requests.Session:
        found = requests.Session()
        found.trust_env = False
        found.cookies.set("publisher", self.cookie)
        return found


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = big_city(folder)
        with closing(Database(settings.storage.data / "publisher.db")) as database:
            known = _known_items(database)
            with _process("console", folder) as facts, _process("work", folder):
                office = Office(**facts)
                screen.print(_timetable(office, "Pages of the console", _PAGES, known, {}))
                bearing = {"Authorization": f"Bearer {office.bearer}"}
                screen.print(_timetable(office, "Questions to the API", _QUESTIONS, known, bearing))
                screen.print(_submits(office, folder, bearing))
            with _process("console", folder) as facts:
                delays = asyncio.run(_listen(Office(**facts), database))
    screen.print(
        f"{_LISTENERS} listeners hear of a change after {median(delays) * 1000:.0f} ms "
        f"(median; 95%: {_p95(delays) * 1000:.0f} ms)\n"
    )


def _timetable(
    office: Office,
    title: str,
    addresses: Sequence[str],
    known: Sequence[str],
    headers: Mapping[str, str],
) -> Table:
    """Ask them in turn, so many times a second."""
    filled = [one.format(item=quote(item)) for item in known for one in addresses]
    asked = list(islice(cycle(filled), _RATE * _SECONDS))
    taken: dict[str, list[float]] = {one: [] for one in addresses}
    begun = time.monotonic() + 1

    def ask(place: int, address: str) -> tuple[str, float]:
        due = begun + place / _RATE
        time.sleep(max(0.0, due - time.monotonic()))
        with office.session() as session:
            answer = session.get(office.url + address, headers=headers, timeout=60)
        assert answer.status_code == requests.codes.ok, (address, answer.status_code)
        return addresses[place % len(addresses)], time.monotonic() - due

    with ThreadPoolExecutor(_RATE * 2) as pool:
        for address, seconds in pool.map(ask, range(len(asked)), asked):
            taken[address].append(seconds)
    table = Table(title=f"{title}: {_RATE} requests/s for {_SECONDS} s beside a worker; ms")
    for head in ("asked for", "median", "95%"):
        table.add_column(head)
    everything = [one for some in taken.values() for one in some]
    for address, some in {**taken, "all": everything}.items():
        table.add_row(address, f"{median(some) * 1000:.0f}", f"{_p95(some) * 1000:.0f}")
    return table


def _submits(office: Office, folder: Path, headers: Mapping[str, str]) -> str:
    """New items one after the other, as a CMS hands them over."""
    with closing(_City(folder)) as city:
        bodies = [city.approved_item(f"BENCH-{number}") for number in range(_SUBMITTED)]
    taken = []
    with office.session() as session:
        for body in bodies:
            begun = time.monotonic()
            answer = session.post(
                f"{office.url}/api/v1/items", data=body, headers={**headers, **_JSON}, timeout=60
            )
            taken.append(time.monotonic() - begun)
            assert answer.status_code == requests.codes.created, answer.text
    return (
        f"{_SUBMITTED} items submitted through the API: median {median(taken) * 1000:.0f} ms, "
        f"95% {_p95(taken) * 1000:.0f} ms\n"
    )


class _City:
    """The big city, to approve new items by its rules."""

    def __init__(self, folder: Path) -> None:
        from benchmarks.scale import big_settings  # noqa: PLC0415 - beside its only use
        from tests.support.city import an_item_object  # noqa: PLC0415

        self._city = City(big_settings(folder))
        self._city.clock.now = self._city.publisher.store.database.clock() or self._city.clock.now
        self._object = an_item_object

    def approved_item(self, item_id: str) -> bytes:
        return self._city.approved(self._object(item_id))

    def close(self) -> None:
        self._city.close()


async def _listen(office: Office, database: Database) -> list[float]:
    """How long after the commit of a change each listener hears of it."""
    heard: list[list[float]] = [[] for _ in range(_LISTENERS)]
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(_listener(office, one, ready)) for one in heard]
    for _ in tasks:
        await ready.acquire()
    await asyncio.sleep(1)
    committed = await asyncio.to_thread(_change, database)
    await asyncio.sleep(2)
    for task in tasks:
        task.cancel()
    assert all(len(one) == len(committed) for one in heard), "everybody hears of every change"
    return [at - then for one in heard for at, then in zip(one, committed, strict=True)]


async def _listener(office: Office, heard: list[float], ready: asyncio.Semaphore) -> None:
    where = urlsplit(office.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    lines = ("GET /live HTTP/1.1", f"Host: {where.netloc}", f"Cookie: publisher={office.cookie}")
    writer.write("\r\n".join([*lines, "", ""]).encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"retry:"):
                ready.release()
            elif line.startswith(b"event: change"):
                heard.append(time.monotonic())
    finally:
        writer.close()


def _change(database: Database) -> list[float]:
    """Change deliveries one by one; when each change was committed."""
    with database.read() as connection:
        wanted = select(deliveries.c.id).where(deliveries.c.status == Status.UNKNOWN)
        ids = list(connection.execute(wanted.limit(_CHANGES)).scalars())
    committed = []
    for one in ids:
        with database.write() as connection:
            mine = update(deliveries).where(deliveries.c.id == one)
            connection.execute(mine.values(status=Status.DELIVERED))
        committed.append(time.monotonic())
        time.sleep(0.1)
    return committed


def _known_items(database: Database) -> list[str]:
    with database.read() as connection:
        query = select(items.c.id).order_by(items.c.created_at.desc()).limit(5000)
        return list(connection.execute(query).scalars())[::100]


def _p95(taken: Sequence[float]) -> float:
    return quantiles(taken, n=20)[-1]


@contextmanager
def _process(what: str, folder: Path) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "benchmarks.console_process", what, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdin
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(60)
