"""Composition root: settings in, a working publisher out."""

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from config.settings import ConfigError, Settings
from publisher.accounts import Accounts, Limits
from publisher.adapters import find_hook, find_postman, find_sign_in
from publisher.alert import Hook
from publisher.amend import Amendments
from publisher.channel import House
from publisher.courier import Clock, Courier
from publisher.deliver import flush
from publisher.evidence import Evidence
from publisher.extras import how_to_install
from publisher.inbox import Inbox
from publisher.intake import Rules
from publisher.operations import Staff
from publisher.parts import house_of, route_of, rules_of, seal_of, vault_of
from publisher.postman import Postman
from publisher.route import Route
from publisher.runners import Runner, Service
from publisher.runners.causes import Causes
from publisher.runners.local import LocalRunner
from publisher.seal import Seal
from publisher.signin import SignIn
from publisher.store import Going, Numbering, Store
from publisher.submit import Door
from publisher.subscribing import Subscribing
from publisher.timekeeping import Timekeeping
from publisher.vault import Vault
from publisher.watch import Watch
from publisher.webhooks import Webhooks

if TYPE_CHECKING:
    from publisher.runners.celery import Broker

_KEPT_WITH_A_FORM = timedelta(days=1)
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
    seal: Seal | None
    clock: Clock
    hook: Hook
    postman: Postman

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
        most = self.rules.max_file_bytes
        return Staff(courier=self.courier(), routes=self.routes, most_bytes=most)

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            store=self.store,
            routes=self.routes,
            city=self.house.city,
            zone=self.house.timezone,
            scratch=self.settings.storage.data,
        )

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
            chores=(self.amendments.expire_due, self.webhooks.tidy, self.forget),
        )

    @cached_property
    def webhooks(self) -> Webhooks:
        """One for the life of the process: it knows what it has begun."""
        return Webhooks(
            store=self.store,
            postman=self.postman,
            seal=self.seal,
            clock=self.clock,
            zone=self.house.timezone,
            look=self.settings.engine.sweep,
        )

    @cached_property
    def accounts(self) -> Accounts:
        rules = self.settings.console
        return Accounts(
            self.store,
            limits=Limits(
                per_account=rules.tries_per_account,
                per_address=rules.tries_per_address,
                within=rules.tries_within,
            ),
            idle=rules.idle,
            lifetime=rules.lifetime,
            temporary=timedelta(days=rules.temporary_password_days),
        )

    @cached_property
    def sign_in(self) -> SignIn | None:
        """The city's own account system; None: passwords only."""
        return find_sign_in(self.settings.sign_in)

    @property
    def subscribing(self) -> Subscribing | None:
        """None where no channel sends to single people."""
        rules = self.settings.subscribers
        if self.vault is None or rules is None:
            return None
        return Subscribing(
            store=self.store.subscribers, vault=self.vault, topics=frozenset(rules.topics)
        )

    @property
    def causes(self) -> Causes:
        return Causes(self.settings.storage.data / "causes")

    def forget(self, now: datetime) -> None:
        """Let go of files whose form was never done, or that no item has named."""
        self.store.uploads.let_go(now - _KEPT_WITH_A_FORM)
        self.inbox.sweep(now)

    @cached_property
    def inbox(self) -> Inbox:
        """One for the life of the process: it remembers when it was last swept."""
        return Inbox(self.settings.storage.inbox)

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
    house = house_of(settings)
    routes = {
        name: route_of(name, rules, house)
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
        rules=rules_of(settings, routes, house),
        house=house,
        vault=vault_of(settings),
        seal=seal_of(settings),
        clock=clock or (lambda: datetime.now(UTC)),
        hook=find_hook(settings.alerts),
        postman=find_postman(settings.webhooks),
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
