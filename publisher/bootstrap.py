"""Composition root: settings in, a working publisher out."""

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.settings import ChannelRules, ConfigError, Settings
from publisher.adapters import find_channel, find_hook
from publisher.alert import Hook
from publisher.amend import Amendments
from publisher.channel import Channel, House
from publisher.courier import Clock, Courier
from publisher.deliver import flush
from publisher.extras import how_to_install
from publisher.intake import Rules
from publisher.model import Status
from publisher.operations import Staff
from publisher.planning import Grouping
from publisher.retry import RetryPolicy
from publisher.route import Route
from publisher.runners import Runner, Service
from publisher.runners.causes import Causes
from publisher.runners.local import LocalRunner
from publisher.store import Going, Numbering, Store
from publisher.submit import Door
from publisher.timekeeping import Timekeeping
from publisher.vault import Vault, VaultError
from publisher.watch import Watch

if TYPE_CHECKING:
    from publisher.runners.celery import Broker

_NOBODY_STOPS: Callable[[], bool] = lambda: False  # noqa: E731 - a constant, not a function


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Everything of one city, wired."""

    settings: Settings
    store: Store
    routes: dict[str, Route]
    rules: Rules
    house: House
    vault: Vault | None
    clock: Clock
    hook: Hook

    @property
    def door(self) -> Door:
        return Door(
            store=self.store, rules=self.rules, routes=self.routes, zone=self.house.timezone
        )

    @property
    def amendments(self) -> Amendments:
        return Amendments(door=self.door)

    @property
    def staff(self) -> Staff:
        return Staff(courier=self.courier(), routes=self.routes)

    def courier(self, stopping: Callable[[], bool] = _NOBODY_STOPS) -> Courier:
        return Courier(store=self.store, vault=self.vault, clock=self.clock, stopping=stopping)

    def runner(self, channels: Collection[str] = ()) -> Runner:
        """The runner that the settings name, over these channels or over all of them."""
        broker = self.broker
        if broker is None:
            return self.local_runner(channels)
        runner: Runner = _celery().CeleryRunner(
            broker,
            lambda name: self._flush(name, runner),
            self._served(channels or self.routes),
            first=self.settings.engine.first,
            others=list(self.routes),
            causes=self.causes,
        )
        return runner

    def local_runner(self, channels: Collection[str] = ()) -> LocalRunner:
        """Threads of this process, over these channels or over all of them."""
        runner = LocalRunner(
            lambda name: self._flush(name, runner),
            self._served(channels or self.routes),
            sweep=self.settings.engine.sweep,
            first=self.settings.engine.first,
            tend=self.watch.tend,
            causes=self.causes,
        )
        return runner

    def beat(self) -> Service:
        """The timer of a city whose runner is celery."""
        engine = self.settings.engine
        if self.broker is None:
            raise ConfigError("engine.runner：为 local 时由 publisher work 自己定时，不用 beat")
        found: Service = _celery().Beat(
            self.broker,
            self._with_work,
            self.watch.tend,
            every=engine.sweep,
            causes=self.causes,
        )
        return found

    def wake(self, *channels: str) -> None:
        """Have workers elsewhere look now: at these channels, or at all. Never fails."""
        if self.broker:
            self.broker.wake(channels or self.routes)

    @cached_property
    def watch(self) -> Watch:
        """One for the life of the process: it remembers when a hook may be tried again."""
        engine = self.settings.engine
        return Watch(
            city=self.settings.city.name,
            store=self.store,
            routes=self.routes,
            hook=self.hook,
            clock=self.clock,
            zone=self.house.timezone,
            patience=engine.patience,
            sweep=engine.sweep,
            chores=(self.amendments.expire_due,),
        )

    @property
    def causes(self) -> Causes:
        return Causes(self.settings.storage.data / "causes")

    @property
    def timekeeping(self) -> Timekeeping:
        return Timekeeping(self.store.database, self.clock)

    @cached_property
    def broker(self) -> "Broker | None":
        """What carries wake-ups to other processes; none where the runner is local."""
        address = self.settings.engine.broker
        if self.settings.engine.runner == "local" or not address:
            return None
        found: Broker = _celery().Broker(address)
        return found

    def _with_work(self) -> list[str]:
        return self.store.queue.working(self.routes, self.clock())

    def _served(self, channels: Collection[str]) -> list[str]:
        return [name for name in self.routes if name in channels]

    def _flush(self, channel: str, runner: Runner) -> bool:
        return flush(self.courier(lambda: runner.stopping), self.routes[channel])

    def close(self) -> None:
        self.store.close()


def build(settings: Settings, clock: Clock | None = None) -> Publisher:
    """Wire a publisher. Raises ConfigError with the path of the key that is wrong."""
    house = _house(settings)
    routes = {
        name: _route(name, rules, house)
        for name, rules in settings.channels.items()
        if rules.enabled
    }
    if any(route.channel.addressed for route in routes.values()) and not settings.subscribers:
        raise ConfigError("subscribers：有发给订户的渠道，需要 [subscribers] 一节")
    return Publisher(
        settings=settings,
        store=Store(
            database_address(settings),
            Numbering(
                number=settings.city.area_code + "/{year}-{serial:05d}",
                url=settings.site.base_url + "/{year}/{serial:05d}.html",
            ),
            Going(first=settings.engine.first, patience=settings.engine.patience),
        ),
        routes=routes,
        rules=_rules(settings, routes, house),
        house=house,
        vault=_vault(settings),
        clock=clock or (lambda: datetime.now(UTC)),
        hook=find_hook(settings.alerts),
    )


def database_address(settings: Settings) -> Path | str:
    """Where the database is: the SQLite file in the data folder, or the address of PostgreSQL."""
    given = settings.storage.database
    return given.get_secret_value() if given else settings.storage.data / "publisher.db"


def _celery() -> ModuleType:
    """The Celery runner; what it needs comes with an extra that one machine can do without."""
    try:
        return importlib.import_module("publisher.runners.celery")
    except ModuleNotFoundError as error:
        raise ConfigError(f"engine.runner：{how_to_install(error.name or 'celery')}") from None


def _house(settings: Settings) -> House:
    return House(
        city=settings.city.name,
        site_name=settings.site.name,
        site_url=settings.site.base_url,
        contact=settings.city.contact,
        timezone=ZoneInfo(settings.city.timezone),
        fields=settings.intake.fields,
        stages=settings.intake.stages,
        templates=settings.storage.templates,
        fonts=settings.storage.fonts,
        output=settings.storage.output,
    )


def _rules(settings: Settings, routes: dict[str, Route], house: House) -> Rules:
    return Rules(
        fields=settings.intake.fields,
        stages=settings.intake.stages,
        public_audiences=settings.intake.public_audiences,
        validities=settings.intake.validities,
        roles=settings.approval.roles,
        channels={name: route.public for name, route in routes.items()},
        first=settings.engine.first if settings.engine.first in routes else "",
        zone=house.timezone,
        inbox=settings.storage.inbox,
        max_item_bytes=settings.intake.max_item_bytes,
        max_file_bytes=settings.intake.max_file_bytes,
    )


def _vault(settings: Settings) -> Vault | None:
    if settings.subscribers is None:
        return None
    try:
        return Vault.from_text(
            settings.subscribers.encryption_key.get_secret_value(),
            settings.subscribers.index_key.get_secret_value(),
        )
    except VaultError as error:
        raise ConfigError(f"subscribers：{error}") from None


def _route(name: str, rules: ChannelRules, house: House) -> Route:
    channel = find_channel(name, rules, house)
    _check_fit(name, rules, channel)
    return Route(
        channel=channel,
        title=rules.title,
        public=rules.public,
        grouping=Grouping(**rules.grouping.model_dump()),
        retry=RetryPolicy(rules.retry.attempts, rules.retry.base, rules.retry.ceiling),
        deadlines={Status(name): limit for name, limit in rules.deadlines},
        checks=rules.checks,
        verify=rules.verify,
        longest_call=rules.longest_call or channel.longest_call,
        recipients_per_batch=rules.recipients_per_batch,
    )


def _check_fit(name: str, rules: ChannelRules, channel: Channel) -> None:
    """Raise ConfigError unless the adapter can do what the rules ask of it."""
    grouping = rules.grouping
    if grouping.kind not in channel.groupings:
        known = "、".join(channel.groupings)
        raise ConfigError(f"channels.{name}.grouping.kind：这个渠道只能用 {known}")
    if grouping.kind != "each" and grouping.most > channel.most_items:
        raise ConfigError(
            f"channels.{name}.grouping.most：这个渠道一批最多 {channel.most_items} 条"
        )
    if channel.addressed and rules.recipients_per_batch > channel.most_recipients:
        raise ConfigError(
            f"channels.{name}.recipients_per_batch：这个渠道一批最多 {channel.most_recipients} 人"
        )
