"""Years, dates, days of remembrance and hours."""

import re

from channels.broadcast.spoken.engine import Rule
from channels.broadcast.spoken.numerals import cardinal, digits, year
from channels.broadcast.spoken.patterns import BEFORE, SEPARATOR, SOFT, compiled
from channels.broadcast.spoken.policy import Policy

_YEAR = r"((?:1[89]|20)[0-9]{2})"
_HOUR = r"([0-9]{1,2}):([0-9]{2})"
# A figure with one of these is over when 至 follows; 截至 and 直至 have none of them before 至.
_AFTER_FIGURE = r"(?<=[年月日号时点分秒底初末旬前])"


def _dashed_date(match: re.Match[str], _: Policy) -> str | None:
    spoken = _month_and_day(match[3], match[4])
    return f"{year(match[1])}年{spoken}" if spoken else None


def _written_date(match: re.Match[str], _: Policy) -> str | None:
    years, month, day, word = match.groups()
    spoken = _month_and_day(month, day, word or "日")
    if spoken is None:
        return None
    return (f"{year(years)}年" if years else "") + spoken


def _month_and_day(month: str, day: str | None, word: str = "日") -> str | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day or 1) <= 31):
        return None
    return f"{cardinal(month, '二')}月" + (f"{cardinal(day, '二')}{word}" if day else "")


def _years(match: re.Match[str], _: Policy) -> str | None:
    return f"{year(match[1])}到{year(match[2])}" if match[1] < match[2] else None


def _year(match: re.Match[str], _: Policy) -> str:
    return year(match[1]) + "年"


def _remembered(match: re.Match[str], policy: Policy) -> str | None:
    if _month_and_day(match[1], match[2]) is None:
        return None
    return digits(match[1] + match[2], policy.one)


def _clock(match: re.Match[str], policy: Policy) -> str | None:
    if "比" in match.string[max(0, match.start() - 4) : match.start()]:
        return None  # 比例为10:30 is a ratio
    hour, minute, until, until_minute = match.groups()
    begin = _moment(hour, minute, policy)
    if until is None or begin is None:
        return begin
    end = _moment(until, until_minute, policy)
    return f"{begin}到{end}" if end else None


def _moment(hour: str, minute: str, policy: Policy) -> str | None:
    if int(hour) > 24 or int(minute) > 59:
        return None
    spoken = cardinal(hour, "二")
    if spoken == "二" and policy.clock == "点":
        spoken = policy.two
    if not int(minute):
        return spoken + policy.clock
    zero = "零" if minute.startswith("0") else ""
    return f"{spoken}{policy.clock}{zero}{cardinal(minute, '二')}分"


def _to(_: re.Match[str], __: Policy) -> str:
    return "到"


RULES = (
    Rule(
        "日期",
        compiled(
            r"(?<![0-9A-Za-z.\-/])((?:19|20)[0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
            r"(?![0-9A-Za-z\-/]|\.[0-9])"
        ),
        _dashed_date,
    ),
    Rule("年份", compiled(rf"{BEFORE}{_YEAR}(?:{SEPARATOR}|/){_YEAR}(?=年|学年|财年)"), _years),
    Rule(
        "日期",
        compiled(rf"{BEFORE}(?:{_YEAR}年\s?)?([0-9]{{1,2}})月(?:\s?([0-9]{{1,2}})(日|号))?"),
        _written_date,
    ),
    Rule("年份", compiled(rf"{BEFORE}{_YEAR}年(?!以上|以下|之久|历史)"), _year),
    Rule(
        "纪念日",
        compiled(r"(?<=[“\"「])([0-9]{1,2})[·•・.]([0-9]{1,2})(?=[”\"」])"),
        _remembered,
    ),
    Rule(
        "时刻",
        compiled(rf"(?<![0-9:.,A-Za-z]){_HOUR}(?:{SEPARATOR}{_HOUR})?(?![0-9:A-Za-z]|[.\-][0-9])"),
        _clock,
    ),
    Rule(
        "区间",
        compiled(
            rf"{_AFTER_FIGURE}\s*(?:{SOFT}|-)\s*"
            r"(?=[0-9]{1,4}(?:年|月|日|号|时|点|分|学年|:[0-9]{2}))"
        ),
        _to,
    ),
)
