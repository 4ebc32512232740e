"""What a city sets for its website. Nothing local has a default."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from channels.website.limits import Limits

ColumnType = Literal[
    "首页",
    "概况信息",
    "机构职能",
    "负责人信息",
    "工作动态",
    "政策文件",
    "信息公开指南",
    "信息公开目录",
    "信息公开年报",
    "依申请公开",
    "数据发布",
    "数据开放",
    "政策解读",
    "回应关切",
    "办事服务",
    "咨询投诉",
    "征集调查",
    "在线访谈",
]

_FORMS = {
    "site_code": (r"\d{10}|bm\d{8}", "网站标识码应为10位数字，或bm加8位数字"),
    "icp": (r"[\u4e00-\u9fff]ICP备\d{8}号(-\d+)?", "ICP备案号的样式应为“冀ICP备12345678号-1”"),
    "police": (
        r"[\u4e00-\u9fff]公网安备\s?\d{14}号?",
        "公安备案号的样式应为“冀公网安备”加14位数字加“号”",
    ),
}


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    per_page: int = Field(default=20, ge=2, le=200)
    """Places on a page of a list and of a feed. After a change: `publisher rebuild`."""
    search: bool = False
    """Whether pages offer a search; `publisher serve` answers it."""

    column_name: str = Field(default="政府信息公开", min_length=1)
    column_type: ColumnType = "信息公开目录"
    column_description: str = ""
    column_keywords: str = ""

    sponsor: str = ""  # 主办
    organiser: str = ""  # 承办
    contact: str = ""
    """Shown in the footer; the contact of the house where it is empty."""
    site_code: str = ""  # 网站标识码
    icp: str = ""
    icp_url: str = ""
    police: str = ""  # 公安备案
    police_url: str = ""

    find_errors_url: str = ""
    """“我为政府网站找错”: the address of the national platform with the site's own code."""
    guides: dict[str, str] = Field(default_factory=dict)
    """Further columns of the site, by title: 政府信息公开指南, 依申请公开 and the like."""
    wechat_account: str = ""
    sms_help: str = ""
    """How to subscribe by SMS, one sentence; the subscribe page leaves out what is empty."""

    hub: str = ""
    """Address of a WebSub hub that tells readers of a feed at once."""

    feed_title: str = ""
    feed_subtitle: str = ""

    limits: Limits = Limits()
    """After how long `publisher check-site` calls a column stale."""

    verify_url: bool = False
    """Fetch every page from the site's own address after writing it, and compare."""
    connect_timeout: float = Field(default=5, gt=0)
    read_timeout: float = Field(default=10, gt=0)

    @field_validator("find_errors_url", "hub", "icp_url", "police_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
            raise ValueError("应为 http:// 或 https:// 开头的网址")
        return value

    @field_validator("guides")
    @classmethod
    def _addresses(cls, value: dict[str, str]) -> dict[str, str]:
        for address in value.values():
            cls._address(address)
        return value

    @field_validator(*_FORMS)
    @classmethod
    def _formed(cls, value: str, info: ValidationInfo) -> str:
        pattern, mend = _FORMS[str(info.field_name)]
        if value and not re.fullmatch(pattern, value):
            raise ValueError(mend)
        return value
