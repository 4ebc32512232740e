"""One detector for each kind of personal data."""

import re
from collections.abc import Iterator

from publisher.privacy import context
from publisher.privacy.finding import Finding, Severity
from publisher.privacy.numbers import (
    id_check_digit,
    is_card,
    is_credit_code,
    is_plausible_id,
    is_plausible_old_id,
)
from publisher.privacy.text import Text
from publisher.privacy.windows import Window, windows

_X_AT_THE_END = re.compile(r"[ .·_-]{0,2}X(?![0-9A-Za-z])")
_HALF_MASKED = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{6,16})([*X#]+)([0-9]{0,9}X?)(?![0-9*#])")
_ID_TAIL = re.compile(
    r"(?:身份证|(?:公民)?身份号码|证件号)[^\n\t|,，。；;]{0,10}?"
    r"(?:尾号|[后末][0-9一二三四五六两几]{0,2}[位个]数?字?)[^\n\t|0-9]{0,6}?[0-9]{3,6}X?(?![0-9])"
)
_ID_TAIL_HEAD = re.compile(r"身份证.{0,8}(?:尾号|[后末][0-9一二三四五六两几]?[位个])")
_TAIL_CELL = re.compile(r"\s*[0-9]{3,6}X?\s*")

_MOBILE = re.compile(r"((?:00)?86|0)?(1[3-9][0-9]{9})")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5)})

_ADDRESS_WORD = re.compile(
    r"家庭(?:住址|地址|住所)|户籍(?:所在地|住址|地址|地)|现(?:居住|住|居)(?:地址|址|地)"
    r"|(?:经常|常)?居住地址?|常住地址|住址|(?<![国大专])家住(?![房建宅])|(?<!发)现住(?![房宅])"
)
_ADDRESS_HEAD = re.compile(r"住址|家庭地址|户籍(?:地|所在)|现住|居住地|住宅地址")
_PLACE = re.compile(r"[:为是在于 ]{0,3}([^\n\t|,，。；;、()\s:][^\n\t|,，。；;、()]{1,40})")
_DOOR = re.compile(
    r"(?:[0-9]+|[一二三四五六七八九十百]+)(?:号楼|号院|号|栋|幢|单元|层|楼|室|排|弄|巷|组|户)"
    r"|[0-9]+-[0-9]+(?:-[0-9]+)?|(?:村|屯|庄)[0-9]+号?"
)
_DOOR_REST = re.compile(r"[0-9-]*")
_PUBLIC_PLACE = re.compile(r"派出所|政府|机关|窗口|中心|大厅|[村居]委会|办事处|公司|学校|医院")
_ORGANISATION = re.compile(r"(?:公司|单位|企业|机构|合作社)[^\n,，。；;]{0,4}$")


def id_numbers(text: Text) -> Iterator[Finding]:
    for window in windows(text.read, " .·_-", 17, 18):
        end, number = _with_x(text, window)
        if len(number) == 18:
            severity = _id_severity(text, window, end, number)
            if severity:
                yield _id_finding(number, window.start, end, severity)
    for window in windows(text.read, " -", 15, 15):
        if context.near_id_word(text, window.start) and not _with_x(text, window)[1].endswith("X"):
            severity = "block" if is_plausible_old_id(window.digits) else "warn"
            yield _id_finding(window.digits, window.start, window.end, severity)


def half_masked_ids(text: Text) -> Iterator[Finding]:
    """A mask must leave no more than the first 6 and the last 4; day of birth is personal too."""
    for match in _HALF_MASKED.finditer(text.read):
        shown, hidden, last = match.groups()
        long_enough = len(shown + hidden + last) == 18
        if long_enough and is_plausible_id((shown[:6] + _a_birth_date(shown[6:14])).ljust(18, "0")):
            yield _id_finding(shown + hidden + last, match.start(), match.end(), "warn")


def id_tails(text: Text) -> Iterator[Finding]:
    for match in _ID_TAIL.finditer(text.read):
        masked = re.sub(r"[0-9X]+$", "****", match.group())
        yield Finding("id_tail", masked, match.start(), match.end(), "warn")
    for start, end in text.cells_below(_ID_TAIL_HEAD):
        if _TAIL_CELL.fullmatch(text.read, start, end):
            yield Finding("id_tail", "****", start, end, "warn")


def mobiles(text: Text) -> Iterator[Finding]:
    for window in windows(text.read, " .-", 11, 15):
        number = _MOBILE.fullmatch(window.digits)
        if not number or context.is_code(text, window) or context.is_amount(text, window):
            continue
        if _written_as_mobile(window, number.group(1) or "") or context.near_phone_word(
            text, window.start
        ):
            masked = f"{number.group(2)[:3]}****{number.group(2)[-4:]}"
            yield Finding("mobile", masked, window.start, window.end, "block")


def bank_cards(text: Text) -> Iterator[Finding]:
    for window in windows(text.read, " -", 16, 19):
        severity = _card_severity(text, window)
        if severity:
            masked = f"************{window.digits[-4:]}"
            yield Finding("bank_card", masked, window.start, window.end, severity)


def home_addresses(text: Text) -> Iterator[Finding]:
    for word in _ADDRESS_WORD.finditer(text.read):
        place = _PLACE.match(text.read, word.end())
        if place and not _ORGANISATION.search(text.before(word.start(), 12)):
            yield from _with_door(text, place.start(1), place.end(1))
    for start, end in text.cells_below(_ADDRESS_HEAD):
        yield from _with_door(text, start, end)


def _with_x(text: Text, window: Window) -> tuple[int, str]:
    found = _X_AT_THE_END.match(text.read, window.end) if len(window.digits) in {14, 17} else None
    return (found.end(), window.digits + "X") if found else (window.end, window.digits)


def _id_severity(text: Text, window: Window, end: int, number: str) -> Severity | None:
    named = context.near_id_word(text, window.start)
    right = id_check_digit(number[:17]) == number[17]
    apart = len(window.sizes) > 1
    if is_credit_code(number) and (
        number[0] == "9" or context.near_credit_word(text, window.start)
    ):
        return None
    if not is_plausible_id(number):
        return "warn" if named else None
    if named or not apart:
        return "block" if right else "warn"
    in_a_code = context.is_joined_to_letters(text, window.start, end)
    return ("warn" if in_a_code else "block") if right else None


def _id_finding(number: str, start: int, end: int, severity: Severity) -> Finding:
    masked = number[:6] + "*" * (len(number) - 10) + number[-4:]
    return Finding("id_number", masked, start, end, severity)


def _a_birth_date(shown: str) -> str:
    """The visible beginning of a birth date, completed to any day it may stand for."""
    return shown + "20000101"[len(shown) :] if len(shown) != 7 else shown[:6] + "01"


def _written_as_mobile(window: Window, prefix: str) -> bool:
    """In the groups in which people write a mobile number, and not in a row of other numbers."""
    sizes = _without(len(prefix), window.sizes)
    if sizes == (11,) or (sizes in _MOBILE_GROUPS and window.whole):
        return True
    repeated = window.run == window.sizes * (len(window.run) // len(window.sizes))
    return (sizes == (3, 4, 4) and repeated) or (sizes == (1,) * 11 and window.whole)


def _without(prefix: int, sizes: tuple[int, ...]) -> tuple[int, ...]:
    if prefix == 0:
        return sizes
    return sizes[1:] if sizes[0] == prefix else (sizes[0] - prefix, *sizes[1:])


def _card_severity(text: Text, window: Window) -> Severity | None:
    named = context.near_card_word(text, window.start)
    if is_card(window.digits) and (named or _written_as_card(text, window)):
        return "block"
    if not named:
        return None
    return "warn" if context.is_public_account(text, window) else "block"


def _written_as_card(text: Text, window: Window) -> bool:
    fours = all(size == 4 for size in window.sizes[:-1]) and window.sizes[-1] <= 4
    grouped = len(window.sizes) == 1 or fours or (len(window.sizes) == 2 and window.sizes[0] == 6)
    return grouped and not context.is_code(text, window) and not context.is_amount(text, window)


def _with_door(text: Text, start: int, end: int) -> Iterator[Finding]:
    """A place is a home only down to the door: a street number, a block, a room."""
    doors = list(_DOOR.finditer(text.read, start, end))
    if not doors or _PUBLIC_PLACE.search(text.read, start, end):
        return
    rest = _DOOR_REST.match(text.read, doors[-1].end(), end)
    stop = rest.end() if rest else doors[-1].end()
    yield Finding("home_address", f"{text.typed[start : start + 3]}***", start, stop, "block")
