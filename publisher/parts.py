"""Parts of a city, each made of its own section of the settings."""

from zoneinfo import ZoneInfo

from config.settings import ChannelRules, ConfigError, Settings
from publisher.adapters import find_channel
from publisher.channel import Channel, House
from publisher.intake import Rules
from publisher.model import Status
from publisher.planning import Grouping
from publisher.retry import RetryPolicy
from publisher.route import Route
from publisher.seal import Seal, key_from
from publisher.vault import Vault, VaultError


def house_of(settings: Settings) -> House:
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


def rules_of(settings: Settings, routes: dict[str, Route], house: House) -> Rules:
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


def vault_of(settings: Settings) -> Vault | None:
    if settings.subscribers is None:
        return None
    try:
        return Vault.from_text(
            settings.subscribers.encryption_key.get_secret_value(),
            settings.subscribers.index_key.get_secret_value(),
        )
    except VaultError as error:
        raise ConfigError(f"subscribers：{error}") from None


def route_of(name: str, rules: ChannelRules, house: House) -> Route:
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


def seal_of(settings: Settings) -> Seal | None:
    """What seals the secrets of webhooks; None where the settings have no key for it."""
    given = settings.webhooks.key
    if given is None or not given.get_secret_value():
        return None
    try:
        return Seal(key_from(given.get_secret_value()))
    except ValueError as error:
        raise ConfigError(f"webhooks.key：{error}") from None
