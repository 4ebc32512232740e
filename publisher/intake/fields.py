"""Reading typed fields out of a JSON object; what is wrong is collected, not raised."""

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from publisher.content import clean_text, find_forbidden
from publisher.intake.problems import Problem, shown

_TOLD_AT_ONCE = 100
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?", re.ASCII)


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
                self.wrong(shown(name), "不认识这个字段，请检查拼写或删去")

    def text(self, name: str, *, need: bool = False, most: int = 300, lines: bool = False) -> str:
        """A string, "" if it is absent."""
        value = self._values.get(name, "")
        if value is None:  # `refuse_nulls` has said so
            return ""
        if not isinstance(value, str):
            self.wrong(name, "应当是文字（字符串）")
            return ""
        if wrong := wrong_text(value, need=need, most=most, lines=lines):
            self.wrong(name, wrong)
            return ""
        return value

    def choice(self, name: str, known: Collection[str], *, need: bool = True) -> str:
        value = self.text(name, need=need)
        if value and value not in known:
            self.wrong(name, f"「{shown(value)}」不在可选范围内，可选：{'、'.join(known)}")
            return ""
        return value

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.wrong(name, "应当是 true 或 false")
            return False
        return value

    def texts(self, name: str, most: int = 100) -> list[str]:
        """A list of strings without repeats."""
        value = self._values.get(name, [])
        if value is None or (isinstance(value, list) and None in value):
            return []
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

    def day(self, name: str, *, need: bool = True) -> date | None:
        """A date of the calendar, written 2018-01-20."""
        value = self.text(name, need=need)
        if not value:
            return None
        found = _day(value)
        if found is None:
            self.wrong(name, f"「{shown(value)}」不是存在的日期，请写成 2018-01-20 的样子")
        elif found.isoformat() != value:
            self.wrong(name, f"「{shown(value)}」写法不对，应写成 {found}")
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
            self.wrong(
                name, f"「{shown(value)}」不是存在的时间，请写成 2018-01-20T15:30:00+08:00 的样子"
            )
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
        if value is None or (isinstance(value, list) and None in value):
            return []
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


def _day(value: str) -> date | None:
    """The date that is meant, however it is written; None if there is no such day."""
    written = _DAY.fullmatch(value.strip())
    if written is None:
        return None
    try:
        return date(*map(int, written.groups()))
    except ValueError:
        return None


def wrong_text(value: str, *, need: bool, most: int, lines: bool) -> str:
    """What is wrong with a text, "" if nothing is; judged as it will be shown, not as typed."""
    seen = clean_text(value).strip()
    if need and not seen:
        return "不能空着，请填写"
    if len(value) > most:
        return f"有 {len(value)} 字，超过上限 {most} 字"
    if not lines and ("\n" in seen or "\t" in seen):
        return "不能换行，也不能有制表符，请写成一行"
    for place, code in find_forbidden(value)[:1]:
        return f"第 {place + 1} 个字符 {code} 是不能公开的控制字符，请删去"
    return ""


def refuse_nulls(values: Mapping[str, Any], problems: list[Problem]) -> None:
    """Refuse null wherever it stands: whether it means "none" or "not filled in" nobody knows."""
    problems += [
        Problem(path, "不能是 null，没有就删去这个字段")
        for path in islice(_nulls(values), _TOLD_AT_ONCE)
    ]


def _nulls(values: Mapping[str, Any]) -> Iterator[str]:
    """Where nulls stand. Not recursive: the JSON may be as deep as its reader lets through."""
    waiting: deque[tuple[_Place | None, Any]] = deque([(None, values)])
    while waiting:
        place, value = waiting.popleft()
        if value is None and place:
            yield place.path
        elif isinstance(value, dict):
            waiting += ((_Place(place, name), inner) for name, inner in value.items())
        elif isinstance(value, list):
            waiting += ((_Place(place, at), inner) for at, inner in enumerate(value, 1))


class _Place(NamedTuple):
    """A place within an item; its path is written out only where there is something to tell."""

    within: "_Place | None"
    key: str | int

    @property
    def path(self) -> str:
        written = ""
        place: _Place | None = self
        while place:
            key = place.key
            written = (f"[{key}]" if isinstance(key, int) else f".{shown(key)}") + written
            place = place.within
        return written.removeprefix(".")
