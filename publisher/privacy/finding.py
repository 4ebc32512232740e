"""What a scan brings to light, without repeating it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id_number", "id_tail", "mobile", "bank_card", "home_address"]
Severity = Literal["block", "warn"]

NAMES: dict[Kind, str] = {
    "id_number": "身份证号码",
    "id_tail": "身份证号码的一部分",
    "mobile": "手机号码",
    "bank_card": "银行卡号或个人账号",
    "home_address": "家庭住址",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at `start` to `end` of the text as typed; only `masked` may be shown."""

    kind: Kind
    masked: str
    start: int
    end: int
    severity: Severity
    field: str = ""

    @property
    def sentence(self) -> str:
        """One sentence for staff: what was found, where, and the mend."""
        where = (
            f"“{self.field}”第 {self.start + 1} 字处" if self.field else f"第 {self.start + 1} 字处"
        )
        if self.severity == "block":
            return f"{where}有{NAMES[self.kind]}（{self.masked}）。请删除或遮盖后再提交。"
        return f"{where}疑似有{NAMES[self.kind]}（{self.masked}）。请核对，确是个人信息的请遮盖。"
