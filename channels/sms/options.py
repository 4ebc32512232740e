"""Settings of one 云MAS interface account and of the wording of its messages."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator
from pydantic import model_validator as check_all

from channels.sms.characters import normalise

Path = Annotated[str, StringConstraints(pattern=r"^/[!-~]+$")]
Seconds = Annotated[float, Field(gt=0, le=300)]

PHONE = re.compile(r"1[3-9][0-9]{9}")

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Options(BaseModel):
    """`base_url` and the account come from the customer manager; see docs/sms.md."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    base_url: str
    submit_path: Path = "/sms/submit"
    report_path: Path = "/sms/report"
    ec_name: Annotated[str, StringConstraints(min_length=1)]
    ap_id: Annotated[str, StringConstraints(min_length=1)]
    secret_key: SecretStr
    sign_code: Annotated[str, StringConstraints(min_length=1)]
    """The platform's code of the signature, not the words the citizen sees."""
    add_serial: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,20}$")] = ""
    fingerprint: str = ""
    """SHA-256 of the server's certificate, for a server that no public authority vouches for."""

    visible_sign: Annotated[str, StringConstraints(pattern=r"^[^\W_]{2,12}$")]
    """What stands between 【 and 】 on the citizen's phone; counted in the length."""
    platform_adds_sign: bool = True
    opt_out: str = ""
    max_parts: Annotated[int, Field(ge=1, le=7)] = 2
    max_numbers: Annotated[int, Field(ge=1, le=5000)] = 1000

    test_phone: SecretStr = SecretStr("")
    """A phone of the staff that gets test messages; empty: none are sent."""

    connect_timeout: Seconds = 3.0
    read_timeout: Seconds = 15.0

    @field_validator("base_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        """Receipts are pulled with the secret key in the body: never over a clear line."""
        parts = urlsplit(value)
        if not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("base_url 应形如 https://主机:端口，不带参数和账号")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("base_url 必须是 https：取回执时要带密钥（只有本机测试可用 http）")
        return value.rstrip("/")

    @field_validator("fingerprint")
    @classmethod
    def _plain_hex(cls, value: str) -> str:
        digits = value.replace(":", "").lower()
        if digits and not re.fullmatch(r"[0-9a-f]{64}", digits):
            raise ValueError("fingerprint 应是证书的 SHA-256 指纹（64 位十六进制）")
        return digits

    @field_validator("opt_out")
    @classmethod
    def _sendable(cls, value: str) -> str:
        if value != normalise(value) or len(value) > 20:
            raise ValueError("opt_out 含有短信不能用的字符，或超过 20 字")
        return value

    @field_validator("test_phone")
    @classmethod
    def _one_phone(cls, value: SecretStr) -> SecretStr:
        """The sentence must not repeat the number: it goes to screens and logs."""
        if value.get_secret_value() and not PHONE.fullmatch(value.get_secret_value()):
            raise ValueError("test_phone 应是一个 11 位手机号，不带空格和区号；不用测试短信就留空")
        return value

    @check_all(mode="after")
    def _has_secret(self) -> Self:
        if not self.secret_key.get_secret_value():
            raise ValueError("secret_key 不能为空")
        return self
