"""What a city says of its provider."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Seconds = Annotated[float, Field(gt=0, le=60)]


class Options(BaseModel):
    """`issuer` exactly as the provider writes it; `claim` is where it puts the login name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr
    title: str = "统一身份认证"
    claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile")
    connect_timeout: Seconds = 5.0
    read_timeout: Seconds = 10.0
    keep: Annotated[float, Field(ge=0, le=86400)] = 3600.0
    """Seconds for which the provider's metadata and keys are not asked for again."""
    ca_file: Path | None = None
    """Who vouches for the provider's certificate, where that is an authority of the city's own."""

    @field_validator("issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        if not is_safe(value) or "?" in value or "#" in value:
            raise ValueError("issuer 必须是 https 网址，不带 ? 和 #（只有本机测试可用 http）")
        return value

    @field_validator("client_secret")
    @classmethod
    def _some_secret(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            raise ValueError("client_secret 不能为空")
        return value

    @field_validator("ca_file")
    @classmethod
    def _there(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise ValueError(f"没有文件 {value}")
        return value

    @field_validator("scopes")
    @classmethod
    def _with_openid(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise ValueError("scopes 里要有 openid，否则对方不给登录凭证")
        return value


def is_safe(url: object) -> bool:
    """Whether secrets may travel there: over TLS, or within this machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    clear = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or clear)
