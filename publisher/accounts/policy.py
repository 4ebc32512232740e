"""Which passwords are good enough. Pure."""

import unicodedata
from itertools import pairwise

from publisher.accounts.commonest import CORES, WALKS
from publisher.accounts.errors import AccountError

LONGEST = 128
_LONG = 12
_SHORT = 10
_KINDS = 3
_STEPS = {
    one + other for walk in WALKS for way in (walk, walk[::-1]) for one, other in pairwise(way)
}
_LEET = str.maketrans("@4301!5$7", "aaeoiisst")


def check_password(password: str, *, login: str, name: str, field: str = "password") -> None:
    """Raise AccountError unless this may be the password of this person."""
    plain = unicodedata.normalize("NFKC", password)
    if why := _why_not(plain, login, name):
        raise AccountError(why, field)


def _why_not(password: str, login: str, name: str) -> str:
    if not password.isprintable():
        return "密码里有看不见的字符（如换行），请重新输入"
    if len(password) > LONGEST:
        return f"密码太长，最多 {LONGEST} 个字符"
    if len(password) < (_SHORT if _kinds(password) >= _KINDS else _LONG):
        return (
            f"密码太短：至少 {_LONG} 个字符；大写字母、小写字母、数字、其他符号中有三种的，"
            f"至少 {_SHORT} 个"
        )
    if _tells(password, login) or _tells(password, name):
        return "密码里不能有登录名或姓名，请换一个"
    if _is_common(password):
        return "这个密码太常见，容易被猜到，请换一个，比如几个互不相干的词"
    return ""


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdecimal)
    kinds = {next((at for at, is_one in enumerate(tests) if is_one(one)), 3) for one in password}
    return len(kinds)


def _tells(password: str, about: str) -> bool:
    """Whether it has this in it; two letters may be there by chance, two characters may not."""
    word = about.casefold()
    least = 4 if word.isascii() else 2
    return len(word) >= least and word in password.casefold()


def _is_common(password: str) -> bool:
    small = password.casefold()
    if len(set(small)) <= _KINDS:
        return True
    if _is_walk(small):
        return True
    core = small.strip("0123456789 !@#$%^&*()-_=+.,?~`'\":;/\\|[]{}<>")
    return _letters(core) in CORES or _letters(small) in CORES


def _letters(text: str) -> str:
    """The letters that somebody meant by it."""
    return "".join(one for one in text.translate(_LEET) if one.isalpha())


def _is_walk(password: str) -> bool:
    """Whether it mostly goes along the keyboard or the alphabet, there or back, or stays put."""
    steps = list(pairwise(password))
    known = sum(one == other or one + other in _STEPS for one, other in steps)
    return known >= len(steps) * 0.7
