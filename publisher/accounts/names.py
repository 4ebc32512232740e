"""What may stand in the fields of an account. Pure."""

import hashlib
import ipaddress
import re
import unicodedata

from publisher.access import ROLE_WORDS, Role
from publisher.accounts.errors import AccountError
from publisher.privacy import NAMES, scan

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_NO_DIGITS = re.compile(r"[a-wyz_@]+")
"""The letters of a login beside its numbers; x may be the last digit of an identity card."""
_NAME = 30
_DEPARTMENT = 128
_BY = 100


def as_login(typed: str) -> str:
    """A login name as we keep it, however it was typed; "" if it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed[:200]).strip().lower()
    return plain if _LOGIN.fullmatch(plain) else ""


def check_login(typed: str) -> str:
    """A login name for a new account. It stands in every record, for good: no personal number."""
    login = as_login(typed)
    if not login:
        raise AccountError(
            "登录名应为 2 到 64 个小写字母、数字或 . _ @ -，以字母或数字开头，如 zhangmin", "login"
        )
    if number := personal_number(login):
        raise AccountError(
            f"登录名里有{number}，操作记录里不能有，请换一个，如姓名拼音或工号", "login"
        )
    return login


def personal_number(login: str) -> str:
    """Which one a login holds, in words and masked; "" if none."""
    found = scan(_NO_DIGITS.sub(" ", login))
    return f"{NAMES[found[0].kind]}（{found[0].masked}）" if found else ""


def check_name(typed: str) -> str:
    return _check(typed, "姓名", "name", _NAME)


def check_system(typed: str) -> str:
    """The name of a system that gets a token."""
    return _check(typed, "系统名称", "name", _NAME)


def check_by(typed: str) -> str:
    return _check(typed, "经办人", "by", _BY)


def check_role(typed: str) -> Role:
    if typed in set(Role):
        return Role(typed)
    known = "、".join(f"{role}（{word}）" for role, word in ROLE_WORDS.items())
    raise AccountError(f"没有「{typed[:30]}」这个角色，应为：{known}", "role")


def check_department(typed: str, role: Role) -> str:
    """Which department somebody is of: an editor needs one, the others have none."""
    if role is not Role.EDITOR:
        if typed.strip():
            raise AccountError("只有部门编辑要填部门，其他角色请留空", "department")
        return ""
    if not typed.strip():
        raise AccountError("部门编辑只能看到本部门的信息，请填写部门", "department")
    return _check(typed, "部门", "department", _DEPARTMENT)


def counted_login(typed: str) -> str:
    """What the tries of an account are counted by. What was typed may be a password in the wrong
    field: it is not kept.
    """
    login = as_login(typed) or typed
    return hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()


def counted_place(address: str) -> str:
    """What the tries from somewhere are counted by: who has one address of IPv6 has all of /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return plain_line(address, 64)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found)


def plain_line(text: str, most: int) -> str:
    """What a browser says of itself, as far as it can be shown and kept."""
    return "".join(one for one in text if one.isprintable())[:most]


def _check(typed: str, word: str, field: str, most: int) -> str:
    text = unicodedata.normalize("NFC", typed).strip()
    if not text:
        raise AccountError(f"{word}不能空着，请填写", field)
    if len(text) > most:
        raise AccountError(f"{word}太长，最多 {most} 个字", field)
    if not text.isprintable():
        raise AccountError(f"{word}里有看不见的字符（如换行），请重新输入", field)
    for found in scan(text):
        if found.severity == "block":
            kind = NAMES[found.kind]
            raise AccountError(f"{word}里有{kind}（{found.masked}），请删去", field)
    return text
