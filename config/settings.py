"""Typed settings, read once from one TOML file.

Any setting outside [channels] may also be given as an environment variable,
PUBLISHER_SITE__BASE_URL for site.base_url.
"""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.console import ConsoleRules, SignInRule, WebhookRules
from config.reading import ConfigError, read_table
from config.section import Positive, Section

__all__ = ["ConfigError", "Settings"]

PROJECT = Path(__file__).resolve().parent.parent


class City(Section):
    name: str
    area_code: str = Field(pattern=r"^\d{6}$")
    contact: str = ""
    timezone: str = "Asia/Shanghai"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"没有名为 {value} 的时区") from None
        return value


class Site(Section):
    name: str
    base_url: str

    @field_validator("base_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/\s?#]+/?", value):
            raise ValueError("应为 https://域名 的样子；网站要在域名的根上，不能带路径")
        return value.rstrip("/")


class Storage(Section):
    """Folders. `inbox` is the only place attachments and pictures may be taken from."""

    data: Path
    inbox: Path
    output: Path
    fonts: Path
    templates: Path = PROJECT / "templates"
    database: SecretStr | None = None
    """Address of a PostgreSQL database, postgresql://…; without it, publisher.db in `data`."""


class Intake(Section):
    max_item_bytes: int = Field(default=2_000_000, gt=0)
    max_file_bytes: int = Field(default=20_000_000, gt=0)
    fields: tuple[str, ...]
    stages: tuple[str, ...] = ("决策", "执行", "管理", "服务", "结果")
    public_audiences: tuple[str, ...] = ("全社会",)
    validities: tuple[str, ...] = ("有效", "失效", "废止", "部分失效", "被修改")


class ApprovalRules(Section):
    """One approval of each role, each by another person, in this order."""

    roles: tuple[str, ...] = Field(default=("初审", "复审", "终审"), min_length=1)

    @field_validator("roles")
    @classmethod
    def _all_different(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("审批环节不能重名")
        return value


class Engine(Section):
    first: str = ""
    """The channel that goes before all others; the others carry its URL."""
    patience: timedelta = Field(default=timedelta(seconds=60), ge=timedelta(0))
    """How long the others wait for the first one before they go all the same."""
    sweep: Positive = timedelta(seconds=2)
    runner: Literal["local", "celery"] = "local"
    """local: threads of this process. celery: workers on any number of machines."""
    broker: SecretStr | None = None
    """Address of the broker for celery: amqp://… or redis://…"""

    @field_validator("broker")
    @classmethod
    def _known_broker(cls, value: SecretStr | None) -> SecretStr | None:
        kinds = ("amqp://", "amqps://", "redis://", "rediss://")
        if value and not value.get_secret_value().startswith(kinds):
            raise ValueError(f"地址应以 {'、'.join(kinds)} 之一开头")
        return value

    @model_validator(mode="after")
    def _celery_has_a_broker(self) -> Self:
        if self.runner == "celery" and not self.broker:
            raise ValueError("runner 为 celery 时，要写上消息服务器的地址 broker")
        return self


class AlertRule(Section):
    """How staff are told that something needs a person. `adapter` is the module of the hook."""

    adapter: str = "channels._alerts.log"
    options: dict[str, Any] = Field(default_factory=dict, repr=False)


class SubscriberRules(Section):
    topics: tuple[str, ...]
    encryption_key: SecretStr
    index_key: SecretStr


class GroupingRule(Section):
    """Which deliveries go out together, and when."""

    kind: Literal["each", "window", "bundle", "digest"] = "each"
    at: time | None = None
    most: int = Field(default=50, ge=1)


class RetryRule(Section):
    attempts: int = Field(default=8, ge=1)
    base: Positive = timedelta(seconds=5)
    ceiling: Positive = timedelta(minutes=15)


class Deadlines(Section):
    """How long a delivery may stay in a status before something must happen."""

    queued: Positive = timedelta(hours=24)
    sending: Positive = timedelta(minutes=30)
    accepted: Positive = timedelta(hours=24)
    awaiting: Positive = timedelta(days=2)
    unknown: Positive = timedelta(minutes=30)
    held: Positive = timedelta(days=1)
    failed: Positive = timedelta(days=1)
    lost: Positive = timedelta(days=1)


class ChannelRules(Section):
    adapter: str
    title: str
    public: bool = True
    enabled: bool = True
    grouping: GroupingRule = GroupingRule()
    retry: RetryRule = RetryRule()
    deadlines: Deadlines = Deadlines()
    checks: tuple[Positive, ...] = Field(
        default=tuple(timedelta(seconds=seconds) for seconds in (20, 120, 600, 1800, 3600)),
        min_length=1,
    )
    verify: tuple[Positive, ...] = ()
    """When what was delivered is looked at again, counted from its delivery."""
    longest_call: Positive | None = None
    """No call takes longer; None: what the adapter says of itself. A worker cut off from PostgreSQL
    may still be in its last one; only after this long does another decide what became of it."""
    recipients_per_batch: int = Field(default=1000, ge=1)
    options: dict[str, Any] = Field(default_factory=dict, repr=False)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="PUBLISHER_", env_nested_delimiter="__"
    )

    city: City
    site: Site
    storage: Storage
    intake: Intake
    approval: ApprovalRules = ApprovalRules()
    engine: Engine = Engine()
    alerts: AlertRule = AlertRule()
    console: ConsoleRules = ConsoleRules()
    sign_in: SignInRule = SignInRule()
    webhooks: WebhookRules = WebhookRules()
    subscribers: SubscriberRules | None = None
    channels: dict[str, ChannelRules]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - signature given by the library
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; raise ConfigError with the path of the first key that is wrong."""
        try:
            settings = cls(**read_table(path))
        except ValidationError as error:
            raise ConfigError(describe(error)) from None
        first = settings.engine.first
        if first and first not in settings.channels:
            raise ConfigError(f"engine.first：没有名为 {first} 的渠道")
        if not settings.storage.templates.is_dir():
            raise ConfigError(f"storage.templates：没有文件夹 {settings.storage.templates}")
        return settings


def describe(error: ValidationError, prefix: str = "") -> str:
    """Every wrong key with its path, one a line, in Chinese."""
    lines = []
    for one in error.errors():
        key = ".".join([*([prefix] if prefix else []), *map(str, one["loc"])])
        match one["type"]:
            case "extra_forbidden":
                lines.append(f"{key}：不认识的设置项，请检查拼写或删去")
            case "missing":
                lines.append(f"{key}：缺少此项，请补上")
            case "value_error":
                lines.append(f"{key}：{one['ctx']['error']}")
            case _:
                lines.append(f"{key}：值不合要求（{one['msg']}）")
    return "\n".join(lines)
