"""Units of measure: from a symbol such as mm/h to words around the figure."""

from functools import cache

from channels.broadcast.data import rows, words
from channels.broadcast.spoken.patterns import SCALE, any_of
from channels.broadcast.spoken.policy import Policy


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("units")}


_SYMBOLS = tuple(sorted((row[0] for row in rows("units")), key=lambda one: (-len(one), one)))
_ALONE = tuple(
    row[0] for row in sorted(rows("units"), key=lambda row: -len(row[0])) if len(row) < 3
)
_PER = (
    *("平方公里", "平方米", "立方米", "公里", "公顷", "小时", "分钟", "公斤", "工作日", "学期"),
    *("人次", "人", "月", "年", "天", "日", "次", "户", "亩", "吨", "米", "斤", "台", "套", "场"),
    *("村", "件", "分", "度", "季", "周", "头", "只", "辆", "间", "张", "份", "岁", "班", "校"),
)
DENOMINATOR = rf"(?:{any_of(_SYMBOLS)}(?![0-9A-Za-z²³])|{any_of(_PER)})"
SYMBOL = rf"(?:{any_of(_ALONE)}(?![0-9A-Za-z²³⁰-⁹])(?:/{DENOMINATOR})?)"
HAN_RATE = rf"(?:{SCALE}?{any_of(words('measures'))}/{DENOMINATOR})"
PERCENT = "[%‰]"

_PERCENT_WORDS = {"%": "百分之", "‰": "千分之"}


def with_unit(figure: str, unit: str, policy: Policy) -> str:
    """六十 with mm/h -> 每小时六十毫米; with % -> 百分之六十; with 亩 -> 六十亩."""
    if unit in _PERCENT_WORDS:
        return _PERCENT_WORDS[unit] + ("百" if figure == "一百" else figure)
    above, _, below = unit.partition("/")
    per = f"每{_name(below, policy)}" if below else ""
    return per + figure + _name(above, policy)


def is_measure(unit: str) -> bool:
    """Whether a 2 before this unit is 两."""
    word = unit.partition("/")[0]
    return word in words("measures") or word.startswith(("千", "万", "亿", "个")) or _metric(word)


def _metric(word: str) -> bool:
    name = _names().get(word, "")
    return bool(name) and name not in {"摄氏度", "华氏度", "度"}


def _name(symbol: str, policy: Policy) -> str:
    name = _names().get(symbol, symbol)
    return policy.celsius if name == "摄氏度" else name
