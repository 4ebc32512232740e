"""Reading typed fields out of a JSON object; what is wrong is collected, not raised."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from publisher.content import find_forbidden
from publisher.intake.problems import Problem


class Fields:
    """One object of an item. `path` is where it stands ("posting."); `problems` is shared."""

    def __init__(self, values: Mapping[str, Any], problems: list[Problem], path: str = "") -> None:
        self._values = values
        self._problems = problems
        self._path = path

    def wrong(self, name: str, sentence: str) -> None:
        self._problems.append(Problem(f"{self._path}{name}", sentence))

    def only(self, known: Collection[str]) -> None:
        """Refuse every field that is not known: a misspelt one must not be lost in silence."""
        for name in self._values:
            if name not in known:
                self.wrong(name, "不认识这个字段，请检查拼写或删去")

    def text(self, name: str, *, need: bool = False, most: int = 300, lines: bool = False) -> str:
        """A string, "" if it is absent."""
        value = self._values.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.wrong(name, "应当是文字（字符串）")
            return ""
        if need and not value.strip():
            self.wrong(name, "不能空着，请填写")
            return ""
        if len(value) > most:
            self.wrong(name, f"有 {len(value)} 字，超过上限 {most} 字")
            return ""
        if not lines and "\n" in value.strip():
            self.wrong(name, "不能换行，请写成一行")
            return ""
        for place, code in find_forbidden(value)[:1]:
            self.wrong(name, f"第 {place + 1} 个字符 {code} 是不能公开的控制字符，请删去")
            return ""
        return value

    def choice(self, name: str, known: Collection[str], *, need: bool = True) -> str:
        value = self.text(name, need=need)
        if value and value not in known:
            self.wrong(name, f"「{value}」不在可选范围内，可选：{'、'.join(known)}")
            return ""
        return value

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name, "应当是 true 或 false")
            return False
        return value

    def texts(self, name: str, most: int = 100) -> list[str]:
        """A list of strings without repeats."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(name, '应当是文字的列表，如 ["甲", "乙"]')
            return []
        if len(value) > most:
            self.wrong(name, f"有 {len(value)} 项，超过上限 {most} 项")
            return []
        if len(set(value)) < len(value):
            self.wrong(name, "有重复的项，请删去")
        for place, one in enumerate(value):
            Fields({str(place): one}, self._problems, f"{self._path}{name}.").text(
                str(place), need=True
            )
        return value

    def day(self, name: str) -> date | None:
        """A date of the calendar, written 2018-01-20."""
        value = self.text(name, need=True)
        if not value:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.isoformat() != value:
            self.wrong(name, f"「{value}」不是存在的日期，请写成 2018-01-20 的样子")
            return None
        return found

    def moment(self, name: str) -> datetime | None:
        """A time with its zone, written 2018-01-20T15:30:00+08:00."""
        value = self.text(name, need=True)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.wrong(name, f"「{value}」不是存在的时间，请写成 2018-01-20T15:30:00+08:00 的样子")
            return None
        if found.tzinfo is None:
            self.wrong(name, "时间要带时区，请写成 2018-01-20T15:30:00+08:00 的样子")
            return None
        return found

    def part(self, name: str) -> "Fields | None":
        """An object within this one; None if it is absent."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(name, "应当是一个对象，以 { 开头")
            return None
        return Fields(value, self._problems, f"{self._path}{name}.")

    def parts(self, name: str, most: int = 100) -> list["Fields"]:
        """A list of objects within this one."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(name, "应当是对象的列表，如 [{…}, {…}]")
            return []
        if len(value) > most:
            self.wrong(name, f"有 {len(value)} 项，超过上限 {most} 项")
            return []
        return [
            Fields(one, self._problems, f"{self._path}{name}[{place + 1}].")
            for place, one in enumerate(value)
        ]
