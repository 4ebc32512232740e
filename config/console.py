"""Settings of the staff console and of the API."""

import re
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator

from config.section import Positive, Section

Brief = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(seconds=60))]


class ConsoleRules(Section):
    """How staff and other systems come in."""

    base_url: str = "http://127.0.0.1:8090"
    """The address that browsers use; https in production: only then are cookies kept to it."""
    proxies: tuple[IPv4Address | IPv6Address, ...] = ()
    """Web servers in front of us, whose word on the visitor's address is taken."""
    idle: Positive = timedelta(hours=1)
    """How long somebody may do nothing before a password is asked for again."""
    lifetime: Positive = timedelta(hours=12)
    """How long somebody may stay in at all."""
    tries_per_account: int = Field(default=5, ge=1)
    tries_per_address: int = Field(default=20, ge=1)
    tries_within: Positive = timedelta(minutes=15)
    """So many wrong passwords within this time, and no more are looked at until it is over."""
    temporary_password_days: int = Field(default=7, ge=1, le=90)
    """How long a password that an administrator gave may wait for its person."""

    @field_validator("base_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/\s?#]+/?", value):
            raise ValueError("应为 https://域名 的样子，不能带路径")
        return value.rstrip("/")


class SignInRule(Section):
    """The city's own account system, beside passwords; no `adapter`: passwords only."""

    adapter: str = ""
    options: dict[str, Any] = Field(default_factory=dict, repr=False)


class WebhookRules(Section):
    """How other systems are told of changes (docs/webhooks.md)."""

    key: SecretStr | None = None
    """base64 of 32 bytes; seals what calls are signed with. Without it there are no webhooks."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Inner networks that may be called. Without any, only the public internet; the adapter says
    which may stand here.
    """
    connect_timeout: Brief = timedelta(seconds=5)
    read_timeout: Brief = timedelta(seconds=10)
