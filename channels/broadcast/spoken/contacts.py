"""Telephone numbers and hotlines, read digit by digit."""

import re

from channels.broadcast.data import words
from channels.broadcast.spoken.engine import Rule
from channels.broadcast.spoken.numerals import digits
from channels.broadcast.spoken.patterns import MEASURE, SCALE, any_of, compiled
from channels.broadcast.spoken.policy import Policy

_FREE_BEFORE = r"(?<![0-9A-Za-z.,\-])"
_FREE_AFTER = r"(?![0-9A-Za-z])(?![-.,/:][0-9A-Za-z])"
_EXTENSION = r"(?:\s*(?:转|分机)\s*([0-9]{1,5}))?"

_HOTLINE = any_of(words("hotlines"))
# 119人 is a quantity and 第120 an ordinal; neither is a telephone number.
_A_QUANTITY = rf"(?!\s*(?:{SCALE}|{MEASURE}|[%‰℃°年月日号级时分]|[×~～—–至]|多|余|个))"
_AN_AMOUNT = r"(?<![第共计达为至约近超于占值到×])"


def _extension(number: str | None, policy: Policy) -> str:
    return f"，转{digits(number, policy.one)}" if number else ""


def _landline(match: re.Match[str], policy: Policy) -> str:
    area, local = digits(match[1], policy.one), digits(match[2], policy.one)
    return f"{area}，{local}" + _extension(match[3], policy)


def _mobile(match: re.Match[str], policy: Policy) -> str:
    # 幺三八 零零幺三 八零零零: the blanks are where the announcer takes breath.
    return " ".join(digits(part, policy.one) for part in match.groups())


def _free_call(match: re.Match[str], policy: Policy) -> str:
    parts = [part for part in match[0].replace("-", " ").split() if part]
    return "，".join(digits(part, policy.one) for part in parts)


def _local(match: re.Match[str], policy: Policy) -> str:
    return match[1] + digits(match[2], policy.one) + _extension(match[3], policy)


def _called(match: re.Match[str], policy: Policy) -> str:
    return match[1] + digits(match[2], policy.one)


def _hotline(match: re.Match[str], policy: Policy) -> str:
    return digits(match[0], policy.one)


RULES = (
    Rule(
        "电话",
        compiled(rf"{_FREE_BEFORE}(0[0-9]{{2,3}})[-—–\s]?([0-9]{{7,8}}){_EXTENSION}{_FREE_AFTER}"),
        _landline,
    ),
    Rule(
        "手机号",
        compiled(rf"{_FREE_BEFORE}(1[3-9][0-9])-?([0-9]{{4}})-?([0-9]{{4}}){_FREE_AFTER}"),
        _mobile,
    ),
    Rule(
        "电话",
        compiled(
            rf"{_FREE_BEFORE}[48]00(?:[-\s]?[0-9]{{3}}[-\s]?[0-9]{{4}}"
            rf"|[-\s]?[0-9]{{4}}[-\s]?[0-9]{{3}}){_FREE_AFTER}"
        ),
        _free_call,
    ),
    Rule(
        "电话",
        compiled(
            r"((?:电话|热线|传真|座机|拨打|致电|、)[）)]?[：:为是]?\s*)"
            rf"([2-9][0-9]{{6,7}}){_EXTENSION}{_FREE_AFTER}{_A_QUANTITY}"
        ),
        _local,
    ),
    Rule(
        "热线",
        compiled(
            r"((?:拨打|热线|致电|电话)(?:电话|热线)?[：:为是]?\s*)"
            rf"([0-9]{{3,6}}){_FREE_AFTER}{_A_QUANTITY}"
        ),
        _called,
    ),
    Rule("热线", compiled(rf"{_FREE_BEFORE}()([0-9]{{3,6}})(?=(?:服务)?热线)"), _called),
    Rule(
        "热线",
        compiled(rf"{_FREE_BEFORE}{_AN_AMOUNT}{_HOTLINE}{_FREE_AFTER}{_A_QUANTITY}"),
        _hotline,
    ),
)
