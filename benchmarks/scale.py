"""A big city: 100,000 items and over 500,000 deliveries of four years, entered at once.

It is made once a day, relative to now, and kept in var/; each benchmark works on a copy of it.
"""

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from benchmarks.articles import Article, articles
from benchmarks.standing import item_row, order_row, revision_row
from config.settings import PROJECT, Settings
from publisher.model import Action, Status
from publisher.store.engine import Database, current_version
from publisher.store.sqlite import make_plain
from publisher.store.tables import (
    attempts,
    batch_deliveries,
    batches,
    deliveries,
    items,
    orders,
    pauses,
    receipts,
    revisions,
)
from tests.support.city import settings_for

MANY = 100_000
SITE = "www.xinji.example"
CHANNELS: Mapping[str, str] = {
    "website": "政府网站",
    "wechat": "微信公众号",
    "sms": "短信",
    "broadcast": "广播电视",
    "noticeboard": "公告栏",
}
KEPT = PROJECT / "var" / "benchmarks" / f"big-{current_version()}.db"
_A_DAY = 86_400
_YEARS = timedelta(days=4 * 365)
_ITEMS_AT_ONCE = 2_000
_BODY = 400  # characters: whole bodies would make it a gigabyte without any question being harder
_BY_HAND = ("broadcast", "noticeboard")
_TABLES = (
    items,
    revisions,
    orders,
    deliveries,
    batches,
    batch_deliveries,
    attempts,
    receipts,
)
_OPEN = {
    Status.FAILED: 0.003,
    Status.UNKNOWN: 0.001,
    Status.HELD: 0.002,
    Status.LOST: 0.0005,
    Status.ACCEPTED: 0.0005,
    Status.CANCELLED: 0.005,
}
_AWAITING = 0.025  # of what goes out by hand, which is 1% of all
_CORRECTED = 0.03
_REASONS = {
    Status.FAILED: ("对方服务器返回 503，已重试 8 次", "provider"),
    Status.UNKNOWN: ("等待回应超时，可能已经发出", "provider"),
    Status.LOST: ("复查时页面不存在（404）", "provider"),
    Status.HELD: ("渠道已暂停（赵值：对方系统维护）", ""),
}


def big_city(folder: Path) -> Settings:
    """The settings of a city in this folder, whose SQLite database is a copy of the big one."""
    if not KEPT.exists() or time.time() - KEPT.stat().st_mtime > _A_DAY:
        _make_kept()
    settings = big_settings(folder)
    settings.storage.data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(KEPT, settings.storage.data / "publisher.db")
    return settings


def big_settings(folder: Path, database: str = "") -> Settings:
    """Five channels that take everything at once; in PostgreSQL, if its address is given."""
    stanzas = {
        name: {"adapter": "benchmarks.nowhere", "title": title} for name, title in CHANNELS.items()
    }
    more: dict[str, Any] = {"engine": {"first": "website"}}
    if database:
        names = ("data", "inbox", "output", "fonts")
        more["storage"] = {name: folder / name for name in names} | {"database": database}
    return settings_for(folder, stanzas, **more)


def fill(database: Database, many: int = MANY) -> None:
    """Enter the city into a database that has our tables and nothing in them."""
    maker = _Maker(datetime.now(UTC).replace(microsecond=0))
    written = articles(many, maker.now, _YEARS / many)
    while some := list(islice(written, _ITEMS_AT_ONCE)):
        rows = maker.rows(some)
        with database.write() as connection:
            for table in _TABLES:
                connection.execute(insert(table), rows[table])
    with database.write() as connection:
        connection.execute(insert(pauses), maker.pause())
        if connection.dialect.name == "postgresql":
            _as_used(connection)


def _make_kept() -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    beside = KEPT.with_suffix(".part")
    with closing(Database(beside)) as database:
        database.kind.remove()
        database.upgrade()
        fill(database)
    make_plain(beside)
    beside.replace(KEPT)


def _as_used(connection: Any) -> None:
    """Its counters go on after what was entered, and it knows what there is, as by autovacuum."""
    for table in _TABLES:
        if table.autoincrement_column is not None:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            highest = select(func.max(table.c.id)).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest)))
    connection.execute(text("ANALYZE"))


class _Maker:
    """Makes rows with ids of their own, the same in every run but for their times."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._chance = Random(5)  # noqa: S311 - to be varied, not to be secret
        self._orders, self._deliveries = count(1), count(1)
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    def rows(self, some: Sequence[Article]) -> dict[Table, list[dict[str, Any]]]:
        self._rows = {table: [] for table in _TABLES}
        for article in some:
            self._item(replace(article, body=article.body[:_BODY]))
        return self._rows

    def pause(self) -> dict[str, Any]:
        return {
            "channel": "sms",
            "reason": "对方系统维护",
            "paused_by": "赵值",
            "paused_at": self.now - timedelta(hours=2),
            "resumed_by": "",
        }

    def _item(self, article: Article) -> None:
        item = item_row(article, f"https://{SITE}")
        if self._chance.random() < 0.1:
            item["expires_at"] = article.published_at + timedelta(days=self._chance.randrange(400))
        self._rows[items].append(item | {"expires_at": _ahead(item, self.now)})
        corrected = self._chance.random() < _CORRECTED
        self._order(article, Action.PUBLISH, article.published_at, stands=not corrected)
        later = article.published_at + timedelta(days=self._chance.randrange(1, 30))
        if corrected and later < self.now:
            self._order(article, Action.CORRECT, later, stands=True)

    def _order(self, article: Article, action: Action, at: datetime, *, stands: bool) -> None:
        key = next(self._orders)
        number = 1 if action is Action.PUBLISH else 2
        self._rows[revisions].append(revision_row(article, key, number) | {"received_at": at})
        order = order_row(article, key) | {"action": action, "created_at": at}
        self._rows[orders].append(order)
        for channel in CHANNELS:
            self._delivery(key, channel, at, stands=stands)

    def _delivery(self, order_id: int, channel: str, at: datetime, *, stands: bool) -> None:
        key = next(self._deliveries)
        status = self._status(channel, at)
        waits = status in {Status.QUEUED, Status.HELD, Status.CANCELLED}
        done = at + timedelta(seconds=self._chance.randrange(1, 600))
        is_open = status not in {Status.DELIVERED, Status.CANCELLED}
        limit = timedelta(minutes=self._chance.randrange(60, 60 * 24 * 20))
        reason, reason_class = _REASONS.get(status, ("", ""))
        row = {
            "id": key,
            "order_id": order_id,
            "channel": channel,
            "status": status,
            "urgent": False,
            "due_at": self._slot() if status is Status.QUEUED else at,
            "deadline_at": done + limit if is_open else None,
            "attempts": 0 if waits else 1,
            "tries": 0 if waits else 1,
            "reference": "" if waits else f"{channel}-{key}",
            "url": f"https://{channel}.example/{key}" if status is Status.DELIVERED else "",
            "reason": reason,
            "reason_class": reason_class,
            "updated_at": done,
            "stands_since": at if stands and status is Status.DELIVERED else None,
            "verify_at": None,
            "verifications": 0,
            "tell_at": None,
        }
        self._rows[deliveries].append(row)
        if not waits:
            self._sent(row, done)

    def _sent(self, delivery: Mapping[str, Any], done: datetime) -> None:
        """The batch in which it went out, with what is known of that."""
        key, status = delivery["id"], delivery["status"]
        batch = {
            "id": key,
            "channel": delivery["channel"],
            "key": f"{key:032x}",
            "status": status if status is not Status.LOST else Status.DELIVERED,
            "due_at": delivery["due_at"],
            "frozen_at": delivery["due_at"],
            "rendition_sha256": "",
            "notes": [],
            "claim": "",
            "intent_at": delivery["due_at"],
            "tries": 1,
            "checks": 0,
            "check_at": None,
            "reference": delivery["reference"],
            "url": delivery["url"],
            "reason": delivery["reason"],
            "reason_class": delivery["reason_class"],
        }
        place = {"delivery_id": key, "batch_id": key}
        self._rows[batches].append(batch)
        self._rows[batch_deliveries].append(place | {"position": 0, "counts": True, "url": ""})
        self._rows[attempts].append(
            place
            | {
                "kind": "send",
                "actor": "worker",
                "started_at": delivery["due_at"],
                "ended_at": done,
                "outcome": status,
                "reason": delivery["reason"],
                "reason_class": delivery["reason_class"],
                "raw": "",
            }
        )
        if status in {Status.DELIVERED, Status.AWAITING, Status.ACCEPTED}:
            self._rows[receipts].append(
                place
                | {
                    "kind": status,
                    "reference": delivery["reference"],
                    "url": delivery["url"],
                    "sha256": "",
                    "note": "",
                    "observed_at": done,
                    "observed_by": "worker",
                }
            )

    def _status(self, channel: str, at: datetime) -> Status:
        if at > self.now - timedelta(days=3) and channel in {"sms", "wechat"}:
            return Status.QUEUED
        drawn = self._chance.random()
        for status, share in _OPEN.items():
            if drawn < share:
                return status
            drawn -= share
        if channel in _BY_HAND and drawn < _AWAITING:
            return Status.AWAITING
        return Status.DELIVERED

    def _slot(self) -> datetime:
        """One of the digests of the next days, at six in the evening in the city."""
        day = self.now.replace(hour=10, minute=0, second=0)
        return day + timedelta(days=self._chance.randrange(1, 4))


def _ahead(item: Mapping[str, Any], now: datetime) -> datetime | None:
    """When it expires, if that is not over: what is over has had its order."""
    at: datetime | None = item.get("expires_at")
    return at if at and at > now else None
