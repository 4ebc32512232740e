"""Arithmetic of Chinese numbers: check digits, and what can be a person's number at all."""

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for codes in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(codes[0], codes[1] + 1)
)
_CREDIT_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CARD_PREFIXES = ("62", "4", "51", "52", "53", "54", "55", "35", "60", "9558")


def id_check_digit(first17: str) -> str:
    """The last place of an ID number (GB 11643): weighted sum of the first 17, modulo 11."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def is_plausible_id(number: str) -> bool:
    """18 places that name a province and a day of birth; the check digit is another matter.

    A foreigner's permanent residence number begins with 9, then the province.
    """
    province = number[1:3] if number[0] == "9" else number[:2]
    return province in _PROVINCES and _is_birth_date(number[6:14])


def is_plausible_old_id(number: str) -> bool:
    """15 places as issued until 1999: province and a birth date of the 20th century."""
    return number[:2] in _PROVINCES and _is_birth_date("19" + number[6:12])


def is_credit_code(code: str) -> bool:
    """A unified social credit code (GB 32100): 18 characters, modulo 31."""
    if len(code) != 18 or any(char not in _CREDIT_CHARS for char in code):
        return False
    total = sum(_CREDIT_CHARS.index(char) * pow(3, at, 31) for at, char in enumerate(code[:17]))
    return _CREDIT_CHARS[-total % 31] == code[17]


def is_luhn(number: str) -> bool:
    """The check sum of payment cards."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def is_card(number: str) -> bool:
    return number.startswith(_CARD_PREFIXES) and is_luhn(number)


def _is_birth_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not 1800 <= year < 2100:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
