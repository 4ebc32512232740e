"""Figures with what belongs to them: signs, ranges, percentages, units, money, powers, ratios."""

import re
import unicodedata
from decimal import Decimal

from channels.broadcast.data import words
from channels.broadcast.spoken.engine import Rule, mark
from channels.broadcast.spoken.numerals import LONGEST, cardinal, digits, number
from channels.broadcast.spoken.patterns import (
    AFTER,
    BEFORE,
    MEASURE,
    MINUS,
    NUMBER,
    SCALE,
    SEPARATOR,
    SOFT,
    any_of,
    compiled,
)
from channels.broadcast.spoken.policy import Policy
from channels.broadcast.spoken.units import HAN_RATE, PERCENT, SYMBOL, is_measure, with_unit

_SIGNS = {
    "≤": "不超过",
    "≦": "不超过",
    "≥": "不低于",
    "≧": "不低于",
    "<": "小于",
    ">": "大于",
    "≈": "约",
    "±": "正负",
    "=": "等于",
    "": "",
}
_SIGN = r"([≤≦≥≧<>≈±=]?)\s?"
_FALLS = {"增长": "下降", "增加": "减少", "提高": "降低", "上升": "下降"}
_MONEY = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TAIL_WORDS = rf"{SCALE}?(?:个百分点|个工作日|个自然日|{MEASURE}|[时分秒号级日月岁期楼等类度])?"
_TAIL = rf"({_TAIL_WORDS})"
_SOME_TAIL = rf"{_TAIL_WORDS}(?<![0-9])"
_UNIT = rf"(?:{PERCENT}|\s?{SYMBOL}|{HAN_RATE})"
_NOUN = any_of((*words("nouns"), *words("measures")))
_LONG = 7
"""A bare integer this long may be a telephone number or a code; nobody can tell."""


def _figure(text: str, unit: str, policy: Policy, before: str = "") -> str | None:
    """A figure as it is read before `unit`; None where it is too long to be read."""
    whole, _, decimals = text.replace(",", "").partition(".")
    if len(whole) > LONGEST:
        return None
    if len(whole) > 1 and whole.startswith("0"):
        return digits(whole, policy.one) if not decimals else None
    if unit.endswith("元") and decimals:
        text = _without_noughts(text)
    if whole == "2" and not decimals and is_measure(unit) and not before.endswith("第"):
        return policy.two
    return number(text, policy.two)


def _without_noughts(text: str) -> str:
    """159,200.00元: the noughts of bookkeeping say nothing to a listener."""
    return text.rstrip("0").rstrip(".")


def _ten_thousands(text: str, tail: str, policy: Policy) -> str | None:
    """281,755.25万元 is 二十八亿一千七百五十五点二五万元: no one says 二十八万……万元."""
    whole, _, decimals = text.replace(",", "").partition(".")
    if not tail.startswith("万") or not 4 < len(whole) <= LONGEST - 4 or whole.startswith("0"):
        return None
    decimals = decimals.rstrip("0") if tail.endswith("元") else decimals
    high, low = cardinal(whole[:-4], policy.two), whole[-4:]
    if not int(low) and not decimals:
        return f"{_two_alone(high, policy)}亿{tail[1:]}"
    gap = "零" if low.startswith("0") and int(low) else ""
    rest = number(f"{low}.{decimals}" if decimals else low, policy.two)
    return f"{_two_alone(high, policy)}亿{gap}{rest}{tail}"


def _two_alone(spoken: str, policy: Policy) -> str:
    return policy.two if spoken == "二" else spoken


def _signed(minus: str | None, figure: str, unit: str, policy: Policy) -> str:
    if not minus:
        return with_unit(figure, unit, policy)
    if unit in {"℃", "°C"}:
        return "零下" + with_unit(figure, unit, policy)
    return "负" + with_unit(figure, unit, policy)


def _quantity(match: re.Match[str], policy: Policy) -> str | None:
    sign, minus, text, unit = match.groups()
    unit = unit.strip()
    figure = _figure(text, unit, policy, match.string[: match.start()])
    return None if figure is None else _SIGNS[sign] + _signed(minus, figure, unit, policy)


def _range(match: re.Match[str], policy: Policy) -> str | None:
    sign, minus_low, low, low_unit, separator, minus_high, high, unit = match.groups()
    unit = (unit or "").strip()
    hyphen = separator.startswith("-")
    if (hyphen and not _rises(low, high)) or (not unit and _like_years(low, high)):
        return None
    first, last = _figure(low, unit, policy), _figure(high, unit, policy)
    if first is None or last is None or (low_unit or unit) != unit:
        return None
    if unit in {"%", "‰"}:
        spoken = (
            f"{_signed(minus_low, first, unit, policy)}到{_signed(minus_high, last, unit, policy)}"
        )
    elif unit in {"℃", "°C"}:
        cold, warm = _degrees(minus_low, minus_high)
        spoken = f"{cold}{first}到{warm}{with_unit(last, unit, policy)}"
    else:
        low_minus, high_minus = "负" if minus_low else "", "负" if minus_high else ""
        spoken = with_unit(f"{low_minus}{first}到{high_minus}{last}", unit, policy)
    return _SIGNS[sign] + spoken


def _rises(low: str, high: str) -> bool:
    return Decimal(low.replace(",", "")) < Decimal(high.replace(",", ""))


def _like_years(low: str, high: str) -> bool:
    return all(re.fullmatch(r"(?:19|20)[0-9]{2}", one) for one in (low, high))


def _degrees(minus_low: str | None, minus_high: str | None) -> tuple[str, str]:
    """What is said before each end: -5～3℃ is 零下五到零上三摄氏度."""
    if minus_low:
        return "零下", "零下" if minus_high else "零上"
    return "", ""


def _fall(match: re.Match[str], policy: Policy) -> str | None:
    figure = _figure(match[2], match[3], policy)
    return figure and _FALLS[match[1]] + with_unit(figure, match[3], policy)


def _money(match: re.Match[str], policy: Policy) -> str | None:
    unit = match[3] + _MONEY[match[1]]
    figure = _figure(match[2], unit, policy)
    return figure and figure + unit


def _power(match: re.Match[str], policy: Policy) -> str | None:
    exponent = int(match[2].translate(_SUPERSCRIPTS).replace("^", ""))
    if abs(exponent) >= LONGEST:
        return None
    value = Decimal(match[1].replace(",", "")).scaleb(exponent)
    text = format(value.normalize(), "f")
    figure = _figure(text, (match[3] or "").strip(), policy)
    return figure and with_unit(figure, (match[3] or "").strip(), policy)


def _times(match: re.Match[str], policy: Policy) -> str | None:
    many, holder, each, what = match.groups()
    outer, inner = _figure(many, "个", policy), _figure(each, "个", policy)
    if outer is None or inner is None:
        return None
    joint, inner_joint = _counted(holder), _counted(what)
    return f"{outer}{joint}{holder}，每{holder}{inner}{inner_joint}{what}"


def _counted(word: str) -> str:
    return "个" if word in words("nouns") else ""


def _fraction(match: re.Match[str], _: Policy) -> str | None:
    above, below = int(match[1]), int(match[2])
    if not (0 < above < below and (below <= 10 or below == 100)):
        return None  # 24/7 or 12/25 is no fraction
    return f"{cardinal(str(below), '二')}分之{cardinal(str(above), '二')}"


def _vulgar(match: re.Match[str], _: Policy) -> str:
    above, _slash, below = unicodedata.normalize("NFKC", match[0]).partition("\u2044")
    return f"{cardinal(below, '二')}分之{cardinal(above, '二')}"


def _ratio(match: re.Match[str], policy: Policy) -> str | None:
    first, second = _figure(match[1], "", policy), _figure(match[2], "", policy)
    return f"{first}比{second}" if first and second else None


def _plain(match: re.Match[str], policy: Policy) -> str | None:
    sign, minus, text, tail = match.groups()
    if not tail and text.isdecimal() and len(text) >= _LONG:
        return mark(match[0])
    before = match.string[: match.start()]
    spoken = _ten_thousands(text, tail, policy)
    if spoken is None and (figure := _figure(text, tail, policy, before)) is not None:
        spoken = figure + tail
    return None if spoken is None else f"{_SIGNS[sign]}{'负' if minus else ''}{spoken}"


def _to(_: re.Match[str], __: Policy) -> str:
    return "到"


def _by(_: re.Match[str], __: Policy) -> str:
    return "乘"


_RANGE_HEAD = rf"{_SIGN}({MINUS})?{BEFORE}({NUMBER})({PERCENT}|℃)?"
RULES = (
    Rule("相乘", compiled(rf"{BEFORE}({NUMBER})({_NOUN})\s?×\s?({NUMBER})({_NOUN})"), _times),
    Rule(
        "乘方",
        compiled(
            rf"{BEFORE}({NUMBER})\s?×\s?10(\^-?[0-9]{{1,2}}|⁻?[⁰¹²³⁴-⁹]{{1,2}})(\s?{SYMBOL})?"
        ),
        _power,
    ),
    Rule("下降", compiled(rf"({'|'.join(_FALLS)})-({NUMBER})({PERCENT})"), _fall),
    Rule("金额", compiled(rf"([¥￥$€£])\s?({NUMBER})(?![.,]?[0-9])({SCALE}|)元?"), _money),
    Rule(
        "区间",
        compiled(rf"{_RANGE_HEAD}\s?({SEPARATOR})\s?(-)?({NUMBER})({_UNIT}|{_SOME_TAIL})"),
        _range,
    ),
    Rule("区间", compiled(rf"{_RANGE_HEAD}\s?((?:{SOFT}))\s?(-)?({NUMBER})(){AFTER}"), _range),
    Rule(
        "区间",
        compiled(rf"{_RANGE_HEAD}(-)()({NUMBER})()(?=号|级|月|日|时|点|分|岁|期|楼|章|条|款)"),
        _range,
    ),
    Rule("百分数", compiled(rf"{_SIGN}({MINUS})?{BEFORE}({NUMBER})\s?({PERCENT})"), _quantity),
    Rule("单位", compiled(rf"{_SIGN}({MINUS})?{BEFORE}({NUMBER})({_UNIT})"), _quantity),
    Rule("分数", compiled(rf"{BEFORE}([0-9]{{1,2}})/([0-9]{{1,3}}){AFTER}"), _fraction),
    Rule("分数", compiled(r"[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒]"), _vulgar),
    Rule(
        "比",
        compiled(rf"(?<![0-9A-Za-z.:∶：])({NUMBER})[:∶：]({NUMBER})(?![0-9A-Za-z:∶：])"),
        _ratio,
    ),
    Rule("数", compiled(rf"{_SIGN}({MINUS})?{BEFORE}({NUMBER}){AFTER}{_TAIL}"), _plain),
    Rule(
        "区间",
        compiled(rf"(?<=[0-9%‰℃元万亿人个级岁米吨亩户件次年月日天])\s*(?:{SOFT})\s*(?=-?[0-9])"),
        _to,
    ),
    Rule("乘", compiled(r"(?<=[0-9A-Za-z²³米寸分])\s*×\s*(?=[0-9])"), _by),
)
