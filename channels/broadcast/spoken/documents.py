"""Document numbers, codes, links, and what stands in brackets beside them."""

import re

from channels.broadcast.spoken.engine import Rule, mark
from channels.broadcast.spoken.numerals import cardinal, digits, year
from channels.broadcast.spoken.patterns import AFTER, HAN, compiled
from channels.broadcast.spoken.policy import Policy

_OPEN, _SHUT = r"[〔\[［【（(]", r"[〕\]］】）)]"
_NUMBER_OF_DOCUMENT = rf"{_OPEN}((?:19|20)[0-9]{{2}}){_SHUT}第?([0-9]{{1,5}})号"
_CODED = (
    "统一社会信用代码|信用代码|编号|编码|代码|邮政编码|邮编|账号|帐号|卡号|证号|证书号"
    "|备案号|许可证号|车牌号|学号|尾号|索引号|标识码|安备"
)
_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖拾佰仟"
_CAPITALS = f"{_CAPITAL_DIGITS}万亿元圆角分整正"


def _link(_: re.Match[str], __: Policy) -> str:
    return "相关网页"


def _mail(match: re.Match[str], _: Policy) -> str:
    return mark(match[0])


def _beside_title(_: re.Match[str], policy: Policy) -> str | None:
    return "" if policy.bracketed_document_numbers == "omit" else None


def _document_number(match: re.Match[str], policy: Policy) -> str:
    serial = match[2]
    spoken = digits(serial, policy.one) if serial.startswith("0") else cardinal(serial, "二")
    return f" {year(match[1])} {spoken}号"


def _agency(match: re.Match[str], _: Policy) -> str:
    return match[1]


def _capitals(_: re.Match[str], __: Policy) -> str:
    return ""


def _code(match: re.Match[str], policy: Policy) -> str:
    spoken = digits(match[2], policy.one)
    return match[1] + (spoken if match[2].isdigit() else mark(match[2]))


def _long_code(match: re.Match[str], policy: Policy) -> str:
    return digits(match[1], policy.one) + "号"


def _room(match: re.Match[str], policy: Policy) -> str:
    return digits(match[1], policy.one) + match[2]


RULES = (
    Rule("网址", compiled(r"(?:https?://|www\.)[0-9A-Za-z\-._~:/?#\[\]@!$&'*+,;=%]+"), _link),
    Rule("请核读", compiled(r"[0-9A-Za-z._+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+"), _mail),
    Rule(
        "文号不读",
        compiled(rf"(?<=》)[（(](?:{HAN}){{2,10}}{_NUMBER_OF_DOCUMENT}[）)]"),
        _beside_title,
    ),
    Rule(
        "文号",
        compiled(rf"(?:[（(]({HAN}{{1,3}})[）)])(?={HAN}{{1,8}}{_OPEN}(?:19|20)[0-9]{{2}}{_SHUT})"),
        _agency,
    ),
    Rule("文号", compiled(_NUMBER_OF_DOCUMENT), _document_number),
    Rule(
        "大写金额不读",
        compiled(rf"[（(](?:大写[：:]?)?[{_CAPITAL_DIGITS}][{_CAPITALS}]+[）)]"),
        _capitals,
    ),
    # The whole is claimed with its label, so that no later rule takes a part of the code.
    Rule(
        "编号",
        compiled(rf"((?:{_CODED})[：:为是]?\s*)([0-9A-Z][0-9A-Z\-/]{{2,}})(?![0-9A-Za-z,.%])"),
        _code,
    ),
    Rule("编号", compiled(r"(?<![0-9A-Za-z.,\-])([0-9]{6,})号(?!楼)"), _long_code),
    Rule("房号", compiled(rf"(?<![0-9.,\-])([0-9]{{3,4}})(室|房间|号房){AFTER}"), _room),
)
