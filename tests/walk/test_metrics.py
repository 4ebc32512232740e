"""Metrics: each scrape tells what is so now, in a form that Prometheus reads, and fast."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as open_metrics_families,
)
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from publisher.model import Status
from publisher.store.engine import Database
from publisher.store.measures import Measures
from publisher.store.tables import deliveries
from publisher.web.metrics import Metrics
from tests.factories import NOW, ROOT
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.watched_postbox import WatchedSimulator

HOUR = 3600.0
SEND = {"channel": "post", "kind": "send"}


@pytest.fixture
def box() -> Iterator[WatchedSimulator]:
    with WatchedSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: WatchedSimulator) -> Iterator[City]:
    """Its letters are looked at again after an hour."""
    stanza = postbox(box.url, verify=[HOUR])
    stanza["adapter"] = "tests.support.watched_postbox"
    found = City(settings_for(tmp_path, {"post": stanza}))
    yield found
    found.close()


def metrics_of(city: City, **more: Any) -> Metrics:
    publisher = city.publisher
    return Metrics(publisher.store.measures, publisher.routes, city.clock, **more)


class Scraped(dict[tuple[str, frozenset[tuple[str, str]]], float]):
    """One scrape, by name and labels, as Prometheus' own parser reads it."""

    def __init__(self, metrics: Metrics) -> None:
        page, content_type = metrics.page()
        assert content_type.startswith("text/plain")
        self.text = page.decode()
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                self[sample.name, frozenset(sample.labels.items())] = sample.value

    def of(self, name: str, **labels: str) -> float:
        return self["publisher_" + name, frozenset(labels.items())]


def test_every_figure_is_there_from_the_first_scrape_and_nothing_is_named(city: City) -> None:
    scraped = Scraped(metrics_of(city))
    for status in Status:
        assert scraped.of("deliveries", channel="post", status=status) == 0
    for status in set(Status) - {Status.DELIVERED, Status.CANCELLED}:
        assert scraped.of("delivery_oldest_age_seconds", channel="post", status=status) == 0
    for name in ("queue_depth", "overdue", "channel_paused", "delivery_seconds_count"):
        assert scraped.of(name, channel="post") == 0
    assert scraped.of("attempts_total", **SEND, outcome="failed") == 0
    assert scraped.of("attempt_seconds_count", **SEND) == 0
    assert scraped.of("database_up") == 1
    assert any(name == "publisher_build_info" for name, _ in scraped)
    assert "_created" not in scraped.text
    city.submit("A-1")
    city.flush()
    text = Scraped(metrics_of(city)).text
    assert "A-1" not in text
    assert "通知" not in text


def test_the_page_about_metrics_names_just_those_that_there_are(city: City) -> None:
    shown = {
        family.name
        for family in text_string_to_metric_families(metrics_of(city).page()[0].decode())
        if family.name.startswith("publisher_")
    }
    text = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    told = {name.removesuffix("_total") for name in re.findall(r"publisher_[a-z_]+", text)}
    assert told == shown


def test_what_waits_goes_out_and_is_counted_once(city: City) -> None:
    metrics = metrics_of(city)
    city.submit("A-1")
    city.submit("A-2")
    before = Scraped(metrics)
    assert before.of("deliveries", channel="post", status="queued") == 2
    assert before.of("queue_depth", channel="post") == 2
    city.clock.advance(seconds=40)
    assert Scraped(metrics).of("delivery_oldest_age_seconds", channel="post", status="queued") == 40
    city.flush()
    for after in (Scraped(metrics), Scraped(metrics)):
        assert after.of("deliveries", channel="post", status="delivered") == 2
        assert after.of("queue_depth", channel="post") == 0
        assert after.of("delivery_oldest_age_seconds", channel="post", status="queued") == 0
        assert after.of("attempts_total", **SEND, outcome="delivered") == 2
        assert after.of("attempt_seconds_count", **SEND) == 2
        assert after.of("delivery_seconds_count", channel="post") == 2
        assert after.of("delivery_seconds_sum", channel="post") == 80
        assert after.of("delivery_seconds_bucket", channel="post", le="15.0") == 0
        assert after.of("delivery_seconds_bucket", channel="post", le="60.0") == 2


def test_counters_begin_with_the_process(city: City) -> None:
    city.submit("A-1")
    city.flush()
    metrics = metrics_of(city)
    assert Scraped(metrics).of("attempts_total", **SEND, outcome="delivered") == 0
    city.submit("A-2")
    city.flush()
    assert Scraped(metrics).of("attempts_total", **SEND, outcome="delivered") == 1
    assert Scraped(metrics).of("deliveries", channel="post", status="delivered") == 2


def test_what_failed_grows_old_and_overdue(city: City, box: WatchedSimulator) -> None:
    metrics = metrics_of(city)
    box.plan(Fault.CODE, "/letters", code="422")
    city.submit("A-1")
    city.flush()
    failed = {"channel": "post", "status": "failed"}
    assert Scraped(metrics).of("attempts_total", **SEND, outcome="failed") == 1
    city.clock.advance(hours=23)
    scraped = Scraped(metrics)
    assert scraped.of("delivery_oldest_age_seconds", **failed) == 23 * HOUR
    assert scraped.of("overdue", channel="post") == 0
    city.clock.advance(hours=2)
    assert Scraped(metrics).of("overdue", channel="post") == 1
    assert Scraped(metrics).of("delivery_seconds_count", channel="post") == 0


def test_what_is_to_go_out_later_is_not_late(city: City, box: WatchedSimulator) -> None:
    metrics = metrics_of(city)
    box.plan(Fault.REFUSE)  # to be tried again in half a minute
    city.submit("A-1")
    city.flush()
    queued = {"channel": "post", "status": "queued"}
    scraped = Scraped(metrics)
    assert scraped.of("deliveries", **queued) == 1
    assert scraped.of("queue_depth", channel="post") == 0
    assert scraped.of("delivery_oldest_age_seconds", **queued) == 0
    city.clock.advance(hours=1)
    scraped = Scraped(metrics)
    assert scraped.of("queue_depth", channel="post") == 1
    assert HOUR - 120 < scraped.of("delivery_oldest_age_seconds", **queued) < HOUR


def test_a_paused_channel_says_so(city: City) -> None:
    metrics = metrics_of(city)
    city.publisher.staff.pause("post", by="李办", why="检修", now=city.clock())
    assert Scraped(metrics).of("channel_paused", channel="post") == 1
    city.publisher.staff.resume("post", by="李办", now=city.clock())
    assert Scraped(metrics).of("channel_paused", channel="post") == 0


def test_only_the_first_time_that_it_is_delivered_is_a_delivery(city: City) -> None:
    metrics = metrics_of(city)
    city.submit("A-1")
    city.flush()
    city.clock.advance(hours=2)
    city.flush()
    scraped = Scraped(metrics)
    assert scraped.of("attempts_total", channel="post", kind="verify", outcome="delivered") == 1
    assert scraped.of("delivery_seconds_count", channel="post") == 1
    city.clock.advance(hours=2)
    city.submit("A-2")
    city.flush()
    assert Scraped(metrics).of("delivery_seconds_count", channel="post") == 2


def test_a_channel_that_is_configured_no_more_is_still_told_of(city: City) -> None:
    city.submit("A-1")
    with city.publisher.store.database.write() as connection:
        connection.execute(update(deliveries).values(channel="telegraph"))
    scraped = Scraped(metrics_of(city))
    assert scraped.of("deliveries", channel="telegraph", status="queued") == 1
    assert scraped.of("queue_depth", channel="telegraph") == 1
    assert scraped.of("queue_depth", channel="post") == 0


def test_many_new_attempts_are_read_in_helpings(city: City) -> None:
    metrics = metrics_of(city, most_at_once=2)
    for number in range(5):
        city.submit(f"A-{number}")
    city.flush()
    seen = [Scraped(metrics).of("attempts_total", **SEND, outcome="delivered") for _ in range(4)]
    assert seen == [2, 4, 5, 5]


def test_scrapes_at_once_count_each_attempt_once(city: City) -> None:
    metrics = metrics_of(city)
    for number in range(40):
        city.submit(f"A-{number}")
    city.flush()
    together = Barrier(6)

    def scrape(_: int) -> bytes:
        together.wait()
        return metrics.page()[0]

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(scrape, range(6)))
    assert Scraped(metrics).of("attempts_total", **SEND, outcome="delivered") == 40
    assert Scraped(metrics).of("delivery_seconds_count", channel="post") == 40


def test_the_newer_form_is_given_to_who_asks_for_it(city: City) -> None:
    page, content_type = metrics_of(city).page("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    names = {family.name for family in open_metrics_families(page.decode())}
    assert {"publisher_attempts", "publisher_build", "publisher_deliveries"} <= names


def test_without_its_database_it_says_so_and_is_well_again_with_it(tmp_path: Path) -> None:
    file = tmp_path / "publisher.db"
    database = Database(file)
    database.upgrade()
    metrics = Metrics(Measures(database), ["post"], lambda: NOW)
    database.close()
    file.rename(tmp_path / "elsewhere.db")
    file.mkdir()
    scraped = Scraped(metrics)
    assert scraped.of("database_up") == 0
    assert not any(name == "publisher_deliveries" for name, _ in scraped)
    assert scraped.of("attempts_total", **SEND, outcome="failed") == 0
    file.rmdir()
    (tmp_path / "elsewhere.db").rename(file)
    assert Scraped(metrics).of("database_up") == 1
    database.close()
