"""How this city's announcers read, where custom allows more than one way."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Policy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    one: Literal["幺", "一"] = "幺"
    """The 1 of telephone numbers, codes and hotlines."""
    two: Literal["两", "二"] = "两"
    """The 2 before 千, 万, 亿 and measure words."""
    celsius: Literal["摄氏度", "度"] = "摄氏度"
    clock: Literal["点", "时"] = "点"
    """8:30 is 八点三十分 or 八时三十分."""
    bracketed_document_numbers: Literal["omit", "read"] = "omit"
    """（辛政办发〔2011〕24号） after a title in 《》: left out on air, or read."""
    abbreviations: Mapping[str, str] = Field(default_factory=dict)
    """Added to the package's own table, or replacing its entries."""

    @field_validator("abbreviations")
    @classmethod
    def _named(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        if any(not key.strip() for key in value):
            raise ValueError("缩略语不能为空：请在 abbreviations 中写明原文")
        return value
