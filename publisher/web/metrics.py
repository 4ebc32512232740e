"""Metrics: the figures of operation in the words of Prometheus, from the database at each scrape.

Labels are names of channels, statuses and kinds of attempts; never of an item or a person.
docs/metrics.md says what each figure means.
"""

import platform
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from threading import Lock

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from publisher.model import ARROWS, NOT_AT_THEIR_END, Status
from publisher.settle import Kind
from publisher.store import StoreError
from publisher.store.measures import Measures, Pile, Standings, Tried

log = structlog.get_logger(__name__)

_OF_A_CALL = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_OF_A_DELIVERY = (
    *(1, 5, 15, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, 12 * _HOUR),
    *(_DAY, 3 * _DAY, 7 * _DAY),
)

disable_created_metrics()  # when a counter began is of no use here and doubles the page


class Metrics:
    """One for the life of the process: its counters begin at 0 with it, and only grow."""

    def __init__(
        self,
        measures: Measures,
        channels: Collection[str],
        clock: Callable[[], datetime],
        *,
        most_at_once: int = 10_000,
    ) -> None:
        """`most_at_once`: attempts that one scrape reads; what is beyond waits for the next.

        Raises StoreError if the database cannot be read.
        """
        self._registry = CollectorRegistry()
        self._registry.register(_Build())
        self._registry.register(_Standing(measures, channels, clock))
        self._registry.register(_Trying(measures, channels, most_at_once))
        ProcessCollector(registry=self._registry)

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """All figures and their content type, in the form that the asker accepts."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class _Build(Collector):
    """Which program this is."""

    def collect(self) -> Iterator[Metric]:
        facts = {"version": _version(), "python": platform.python_version()}
        yield InfoMetricFamily("publisher_build", "Version of the program.", facts)


class _Standing(Collector):
    """Where the deliveries stand now. Every channel has every series, 0 where there is nothing."""

    def __init__(
        self, measures: Measures, channels: Collection[str], clock: Callable[[], datetime]
    ) -> None:
        self._measures = measures
        self._channels = channels
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        found = None
        try:
            found = self._measures.standings(now)
        except StoreError as error:
            log.warning("metrics_without_database", reason=str(error))
        yield GaugeMetricFamily(
            "publisher_database_up", "Whether the database can be read.", value=float(bool(found))
        )
        if found:
            yield from self._figures(found, now)

    def _figures(self, found: Standings, now: datetime) -> Iterator[Metric]:
        names = sorted({*self._channels, *(channel for channel, _ in found.counts)})
        piles = {(one.channel, one.status): one for one in found.piles}
        yield _gauge(
            "publisher_deliveries",
            "Deliveries by channel and status.",
            {(name, one): found.counts.get((name, one), 0) for name in names for one in Status},
        )
        yield _gauge(
            "publisher_delivery_oldest_age_seconds",
            "How long the oldest delivery has had its status; of what is queued, has been due.",
            {
                (name, one): _age(piles.get((name, one)), now)
                for name in names
                for one in NOT_AT_THEIR_END
            },
        )
        yield _gauge(
            "publisher_queue_depth",
            "Deliveries that are due and not on their way.",
            {(name,): sum(one.due for one in _of(piles, name)) for name in names},
        )
        yield _gauge(
            "publisher_overdue",
            "Deliveries past the deadline of their status.",
            {(name,): sum(one.overdue for one in _of(piles, name)) for name in names},
        )
        yield _gauge(
            "publisher_channel_paused",
            "Whether the channel is paused.",
            {(name,): name in found.paused for name in names},
        )


class _Trying(Collector):
    """What has been tried since the process began, counted on as new attempts are read."""

    def __init__(self, measures: Measures, channels: Collection[str], most_at_once: int) -> None:
        self._measures = measures
        self._most_at_once = most_at_once
        self._attempts = Counter(
            "publisher_attempts",
            "Attempts at a delivery, by what was done and the status it led to.",
            ("channel", "kind", "outcome"),
            registry=None,
        )
        self._seconds = Histogram(
            "publisher_attempt_seconds",
            "How long an attempt took.",
            ("channel", "kind"),
            buckets=_OF_A_CALL,
            registry=None,
        )
        self._delivery_seconds = Histogram(
            "publisher_delivery_seconds",
            "From an order to its being delivered in the channel for the first time.",
            ("channel",),
            buckets=_OF_A_DELIVERY,
            registry=None,
        )
        for channel in channels:
            self._begin_at_zero(channel)
        self._turn = Lock()
        self._last = measures.newest_attempt()

    def collect(self) -> Iterator[Metric]:
        try:
            self._read_on()
        except StoreError as error:
            log.warning("metrics_without_database", reason=str(error))
        for one in (self._attempts, self._seconds, self._delivery_seconds):
            yield from one.collect()

    def _read_on(self) -> None:
        with self._turn:  # two scrapes at once must not count an attempt twice
            for tried in self._measures.tried_after(self._last, self._most_at_once):
                self._count(tried)
                self._last = tried.id

    def _count(self, tried: Tried) -> None:
        self._attempts.labels(tried.channel, tried.kind, tried.outcome).inc()
        took = _seconds(tried.started_at, tried.ended_at)
        self._seconds.labels(tried.channel, tried.kind).observe(took)
        if tried.ordered_at:
            whole = _seconds(tried.ordered_at, tried.ended_at)
            self._delivery_seconds.labels(tried.channel).observe(whole)

    def _begin_at_zero(self, channel: str) -> None:
        """The first failure must show as growth, which a series that begins with it would not."""
        for outcome in sorted(ARROWS[Status.SENDING]):
            self._attempts.labels(channel, Kind.SEND, outcome)
        self._seconds.labels(channel, Kind.SEND)
        self._delivery_seconds.labels(channel)


def _version() -> str:
    try:
        return version("xinji-publisher")
    except PackageNotFoundError:
        return "source"  # run where it is written, not installed


def _gauge(name: str, meaning: str, values: dict[tuple[str, ...], float]) -> GaugeMetricFamily:
    """A figure by channel, or by channel and status."""
    labels = ("channel", "status")
    found = GaugeMetricFamily(name, meaning, labels=labels[: len(next(iter(values), labels))])
    for key, value in values.items():
        found.add_metric(key, float(value))
    return found


def _of(piles: dict[tuple[str, Status], Pile], channel: str) -> Iterator[Pile]:
    return (one for (name, _), one in piles.items() if name == channel)


def _age(pile: Pile | None, now: datetime) -> float:
    return _seconds(pile.since, now) if pile else 0.0


def _seconds(since: datetime, until: datetime) -> float:
    """0 where that is still ahead; clocks of two machines may differ, too."""
    return max(0.0, (until - since).total_seconds())
