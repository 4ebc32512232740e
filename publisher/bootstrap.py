"""Composition root: settings in, a working publisher out. The only importer of channels/."""

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from types import ModuleType
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from config.settings import ChannelRules, ConfigError, Settings, describe
from publisher.channel import Channel, House
from publisher.courier import Clock, Courier
from publisher.deliver import flush
from publisher.intake import Rules
from publisher.model import Status
from publisher.operations import Staff
from publisher.planning import Grouping
from publisher.retry import RetryPolicy
from publisher.route import Route
from publisher.runners.local import LocalRunner
from publisher.store import Going, Numbering, Store
from publisher.submit import Door
from publisher.vault import Vault, VaultError

_NOBODY_STOPS: Callable[[], bool] = lambda: False  # noqa: E731 - a constant, not a function


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Everything of one city, wired."""

    settings: Settings
    store: Store
    routes: dict[str, Route]
    rules: Rules
    house: House
    vault: Vault | None
    clock: Clock

    @property
    def door(self) -> Door:
        return Door(
            store=self.store, rules=self.rules, routes=self.routes, zone=self.house.timezone
        )

    @property
    def staff(self) -> Staff:
        return Staff(courier=self.courier(), routes=self.routes)

    def courier(self, stopping: Callable[[], bool] = _NOBODY_STOPS) -> Courier:
        return Courier(store=self.store, vault=self.vault, clock=self.clock, stopping=stopping)

    def runner(self, channels: Collection[str] = ()) -> LocalRunner:
        """A local runner over these channels, or over all of them."""
        names = [name for name in self.routes if not channels or name in channels]

        def flush_one(name: str) -> bool:
            return flush(self.courier(lambda: runner.stopping), self.routes[name])

        runner = LocalRunner(
            flush_one,
            names,
            sweep=self.settings.engine.sweep,
            first=self.settings.engine.first,
        )
        return runner

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
            settings.storage.data / "publisher.db",
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
    )


def _house(settings: Settings) -> House:
    return House(
        city=settings.city.name,
        site_name=settings.site.name,
        site_url=settings.site.base_url,
        contact=settings.city.contact,
        timezone=ZoneInfo(settings.city.timezone),
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
    channel = _channel(name, rules, house)
    _check_fit(name, rules, channel)
    return Route(
        channel=channel,
        title=rules.title,
        public=rules.public,
        grouping=Grouping(**rules.grouping.model_dump()),
        retry=RetryPolicy(rules.retry.attempts, rules.retry.base, rules.retry.ceiling),
        deadlines={
            Status.QUEUED: rules.deadlines.queued,
            Status.HELD: rules.deadlines.held,
            Status.ACCEPTED: rules.deadlines.accepted,
            Status.AWAITING: rules.deadlines.awaiting,
            Status.UNKNOWN: rules.deadlines.unknown,
        },
        checks=rules.checks,
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


def _channel(name: str, rules: ChannelRules, house: House) -> Channel:
    module = _adapter(name, rules.adapter)
    try:
        options = module.Options.model_validate(rules.options)
    except ValidationError as error:
        raise ConfigError(describe(error, f"channels.{name}.options")) from None
    try:
        channel: Channel = module.build(name, options, house)
    except ValueError as error:
        raise ConfigError(f"channels.{name}.options：{error}") from None
    return channel


def _adapter(name: str, adapter: str) -> ModuleType:
    """The adapter's module: by dotted name, or of an installed package by its entry point."""
    for entry in entry_points(group="publisher.channels", name=adapter):
        found: ModuleType = entry.load()
        return found
    try:
        return importlib.import_module(adapter)
    except ModuleNotFoundError:
        raise ConfigError(f"channels.{name}.adapter：找不到适配器 {adapter}") from None
