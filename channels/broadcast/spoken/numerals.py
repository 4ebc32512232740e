"""Numbers in Chinese words. Pure arithmetic on digit strings; nothing is rounded."""

from typing import Literal

Liang = Literal["两", "二"]

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
LONGEST = 4 * len(_GROUPS)
"""An integer with more digits than this has no reading anyone would follow on air."""


def digits(text: str, one: str = "幺") -> str:
    """Digit by digit, as codes and telephone numbers are read; other characters are left out."""
    names = _DIGITS.replace("一", one)
    return "".join(names[int(char)] for char in text if char.isdecimal())


def year(text: str) -> str:
    """二零一八: a year is read digit by digit, and its 1 is always 一."""
    return digits(text, one="一")


def cardinal(text: str, two: Liang = "两") -> str:
    """An integer of at most LONGEST digits: 2800 -> 两千八百, 110 -> 一百一十."""
    number = text.lstrip("0") or "0"
    if number == "0":
        return "零"
    if len(number) > LONGEST:
        raise ValueError("too many digits")
    groups = _groups(number)
    spoken = "".join(
        _group(group, index, first=index == len(groups) - 1, two=two)
        for index, group in reversed(list(enumerate(groups)))
    )
    # 万亿 shares its 亿 with the next group unless that one is empty: 2万亿零3 stays as it is.
    if len(groups) == len(_GROUPS) and groups[2] != "0000":
        spoken = spoken.replace("万亿", "万", 1)
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def number(text: str, two: Liang = "两") -> str:
    """A number as written, with or without thousands separators and decimals: 1,236.5."""
    whole, _, decimals = text.replace(",", "").partition(".")
    spoken = cardinal(whole, two)
    return f"{spoken}点{year(decimals)}" if decimals else spoken


def _groups(number: str) -> list[str]:
    """Groups of four digits, lowest first."""
    ends = range(len(number), 0, -4)
    return [number[max(0, end - 4) : end] for end in ends]


def _group(group: str, index: int, *, first: bool, two: Liang) -> str:
    if not int(group):
        return ""
    spoken = _under_ten_thousand(group, two, alone=first)
    if spoken == "二" and index > 0:
        spoken = two  # 两万, 两亿
    return spoken + _GROUPS[index]


def _under_ten_thousand(group: str, two: Liang, *, alone: bool) -> str:
    spoken, gap = "", False
    for place in range(3, -1, -1):
        digit = int(group[-1 - place]) if place < len(group) else 0
        if not digit:
            gap = True
            continue
        if gap and (spoken or not alone):
            spoken += "零"
        gap = False
        name = two if digit == 2 and place == 3 else _DIGITS[digit]
        spoken += name + _PLACES[place]
    return spoken
