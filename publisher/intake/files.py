"""Attachments and pictures: taken from one allowed folder, named safely, and what they claim."""

import re
from collections.abc import Collection
from hashlib import sha256

from publisher.content import clean_text
from publisher.intake.fields import Fields
from publisher.intake.media import ATTACHMENTS, PICTURES, judged
from publisher.intake.problems import shown
from publisher.intake.rules import Rules
from publisher.intake.unfit import Unfit
from publisher.model import Asset

_SIGN = r"[\w（）()〔〕【】《》“”—,，、.+ -]"
LONGEST_NAME = 120
NAME = re.compile(f"{_SIGN}{{1,{LONGEST_NAME}}}")


def attachment(fields: Fields, rules: Rules) -> Asset | None:
    """One entry of `attachments`: {"file", "title", "name"?}."""
    fields.only({"file", "title", "name"})
    title = fields.text("title", need=True)
    return _asset(fields, rules, title, ATTACHMENTS)


def picture(fields: Fields, rules: Rules) -> Asset | None:
    """One entry of `images`: {"file", "alt", "name"?}; the body calls it by its name."""
    fields.only({"file", "alt", "name"})
    alt = fields.text("alt", need=True)
    return _asset(fields, rules, alt, PICTURES)


def media_type_for_citizens(name: str, data: bytes, taken: Collection[str]) -> str:
    """The media type of what the website will serve. Raises Unfit."""
    media_type = judged(name, data, taken)
    if media_type.startswith("text/") and not _is_utf8(data):
        raise Unfit("不是 UTF-8 编码，打开会是乱码，请用 UTF-8 另存（表格选“CSV UTF-8”）后再提交")
    return as_served(media_type)


def as_served(media_type: str) -> str:
    """Texts say how they are encoded; a browser would guess."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def is_name(name: str) -> bool:
    """Whether a file may be called so."""
    return bool(NAME.fullmatch(name)) and not name.startswith(".")


def _read(fields: Fields, rules: Rules) -> tuple[str, bytes] | None:
    """The safe name and the bytes of an entry's file."""
    given = fields.text("file", need=True)
    if not given:
        return None
    try:
        return _read_within(fields, given, rules)
    except (OSError, RuntimeError):  # RuntimeError: links that lead in a circle
        fields.wrong("file", f"「{shown(given)}」读不了，请检查名字是否太长、文件是否准许读取")
        return None


def _read_within(fields: Fields, given: str, rules: Rules) -> tuple[str, bytes] | None:
    inbox = rules.inbox.resolve()
    path = (inbox / given).resolve()
    if not path.is_relative_to(inbox):
        fields.wrong("file", "文件不在允许的文件夹内，请先放进收件文件夹，再写相对路径")
        return None
    if not path.is_file():
        fields.wrong("file", f"收件文件夹里没有「{shown(given)}」，请放进去或改正名字")
        return None
    if (size := path.stat().st_size) > rules.max_file_bytes:
        fields.wrong("file", f"有 {size:,} 字节，超过上限 {rules.max_file_bytes:,} 字节")
        return None
    name = clean_text(fields.text("name") or path.name).strip()
    if not is_name(name):
        fields.wrong("name", f"「{shown(name)}」不能用作文件名，请只用文字、数字、括号、横线和点")
        return None
    return name, path.read_bytes()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _asset(fields: Fields, rules: Rules, title: str, taken: Collection[str]) -> Asset | None:
    found = _read(fields, rules)
    if found is None:
        return None
    name, data = found
    try:
        media_type = media_type_for_citizens(name, data, taken)
    except Unfit as unfit:
        fields.wrong("file", f"「{shown(name)}」{unfit}")
        return None
    return Asset(
        name=name,
        title=clean_text(title).strip(),
        media_type=media_type,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        data=data,
    )
