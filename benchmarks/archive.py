"""What a publication, a correction and a withdrawal cost the website as its archive grows."""

import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.old import add_old_items
from channels.website.search import INDEX
from channels.website.search_index import SearchIndex
from publisher.channel import Card
from publisher.submit import Outcome
from tests.support.city import City, an_item_object, settings_for

SIZES = (100, 10_000, 100_000)
ROUNDS = 9
CHANNEL = "website"
_FIELDS = ("财政预决算", "安全生产", "公共文化服务", "公共法律服务")
_STAGES = ("决策", "执行", "管理", "服务", "结果")
_TOPICS = ("政务公开", "文化惠民", "应急", "预决算公开")
_PARAGRAPH = "为进一步提高行政工作透明度，保障公众知情权，按照上级部署，结合本市实际，制定本方案。"
_SETTINGS: Mapping[str, Any] = {
    "adapter": "channels.website",
    "title": "网站",
    "grouping": {"kind": "window"},
    "options": {"search": True, "sponsor": "辛集市人民政府办公室", "site_code": "1301810003"},
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one kind of order: the milliseconds of each round, and the most files that changed."""

    milliseconds: list[float]
    files: int

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as name:
        costs = {size: measured(Path(name) / str(size), size) for size in SIZES}
    table = Table(title="Website: one order at a time, by what the archive holds")
    table.add_column("order")
    for size in SIZES:
        table.add_column(f"{size:,} items", justify="right")
    table.add_column(f"ratio {SIZES[-1]:,} to {SIZES[0]:,}", justify="right")
    for order in costs[SIZES[0]]:
        found = [costs[size][order] for size in SIZES]
        cells = [f"{one.median:.1f} ms, {one.files} files" for one in found]
        table.add_row(order, *cells, f"{found[-1].median / found[0].median:.2f}")
    screen.print(table)


def measured(folder: Path, size: int) -> dict[str, Cost]:
    """The costs at an archive of about this size."""
    folder.mkdir(parents=True)
    city = City(settings_for(folder, {CHANNEL: _SETTINGS}))
    try:
        for number in range(60):
            _publish(city, f"A-{number}", number)
        city.flush()
        _fill(city, size)
        _publish(city, "warm", 1)
        city.flush()
        return {
            "publish": _cost(folder, city, lambda one: _publish(city, f"N-{one}", one)),
            "correct": _cost(folder, city, lambda one: _correct(city, f"A-{one}", one)),
            "withdraw": _cost(folder, city, lambda one: _withdraw(city, f"A-{20 + one}")),
        }
    finally:
        city.close()


def _cost(folder: Path, city: City, order: Callable[[int], None]) -> Cost:
    """Of placing an order is not measured: only what the channel does."""
    times, files, site = [], 0, folder / "output" / "site"
    for one in range(ROUNDS):
        city.clock.advance(minutes=7)
        order(one)
        before = _written(site)
        began = time.perf_counter()
        city.flush()
        times.append((time.perf_counter() - began) * 1000)
        files = max(files, len(_written(site).items() - before.items()))
    return Cost(times, files)


def _written(site: Path) -> dict[Path, int]:
    """When each file was written, the pages left out that only fill the archive."""
    files = (path for path in site.rglob("*") if "-" not in path.name or "archive" in path.name)
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}


def _content(number: int) -> dict[str, Any]:
    return {
        "title": f"关于第{number}号公开事项的通知",
        "body": "\n\n".join([_PARAGRAPH * 3] * 8),
        "field": _FIELDS[number % 4],
        "five_open_stage": _STAGES[number % 5],
        "department": f"辛集市第{number % 12}局",
        "topics": [_TOPICS[number % 4], _TOPICS[(number + 1) % 4]],
    }


def _publish(city: City, item_id: str, number: int) -> None:
    assert city.submit(item_id, **_content(number)).outcome is Outcome.ACCEPTED


def _correct(city: City, item_id: str, number: int) -> None:
    content = _content(number) | {"title": f"关于第{number}号公开事项的通知（更正）"}
    city.publisher.amendments.correct(
        city.approved(an_item_object(item_id, **content)),
        why="标题有误",
        by="李办",
        minor=False,
        now=city.clock(),
    )


def _withdraw(city: City, item_id: str) -> None:
    city.publisher.amendments.withdraw(item_id, why="不宜公开", by="李办", now=city.clock())


def _fill(city: City, size: int) -> None:
    """Old items up to `size`, with their cards, their pages and their lines in the search index."""
    store = city.publisher.store
    known = _cards(city)
    missing = size - len(known)
    if missing <= 0:
        return
    add_old_items(store, "A-0", missing)
    address = known[0].url.removesuffix(".html")
    cards = [
        _old(known[number % len(known)], number, f"{address}-{number}.html")
        for number in range(1, missing + 1)
    ]
    for start in range(0, missing, 5000):
        store.shelves.keep(CHANNEL, cards[start : start + 5000])
    site = city.publisher.house.output / "site"
    page = (site / "2026" / "00001.html").read_bytes()
    for number in range(1, missing + 1):
        (site / "2026" / f"00001-{number}.html").write_bytes(page)
    _fill_index(city, missing)


def _cards(city: City) -> list[Card]:
    shelves = city.publisher.store.shelves
    channel: Any = city.publisher.routes[CHANNEL].channel
    found = (shelves.load(CHANNEL, ids, city.clock()) for ids in shelves.standing(CHANNEL, 100))
    return [channel.card(item) for items in found for item in items]


def _old(card: Card, number: int, url: str) -> Card:
    said = json.loads(card.data) | {"url": url}
    return replace(
        card, item_id=f"old-{number}", url=url, data=json.dumps(said, ensure_ascii=False)
    )


def _fill_index(city: City, missing: int) -> None:
    """The search index as `missing` pages of different hours would have left it."""
    output = city.publisher.house.output
    page = (output / "site" / "2026" / "00001.html").read_bytes()
    begun = city.clock() - timedelta(hours=missing)
    pages = (
        (f"2026/00001-{number}.html", _dated(page, begun + timedelta(hours=number)))
        for number in range(1, missing + 1)
    )
    index = SearchIndex(output / INDEX)
    for part in _parts(pages, 2000):
        index.put(part)


def _dated(page: bytes, moment: datetime) -> bytes:
    told = f'<meta name="PubDate" content="{moment:%Y-%m-%d %H:%M}">'
    return re.sub(rb'<meta name="PubDate" content="[^"]*">', told.encode(), page)


def _parts(pages: Iterable[tuple[str, bytes]], many: int) -> Iterator[list[tuple[str, bytes]]]:
    rest = iter(pages)
    while part := list(islice(rest, many)):
        yield part
