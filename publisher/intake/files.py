"""Attachments and pictures: taken from one allowed folder, named safely, and what they claim."""

import io
import re
from hashlib import sha256
from pathlib import Path

from PIL import Image

from publisher.content import clean_text
from publisher.intake.fields import Fields
from publisher.intake.media import MAX_PIXELS, Unfit
from publisher.intake.problems import shown
from publisher.intake.rules import Rules
from publisher.model import Asset

_SIGN = r"[\w（）()〔〕【】《》“”—,，、.+ -]"
LONGEST_NAME = 120
NAME = re.compile(f"{_SIGN}{{1,{LONGEST_NAME}}}")

ATTACHMENT_TYPES = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".ofd": ("application/ofd", b"PK"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ".doc": ("application/msword", b"\xd0\xcf\x11\xe0"),
    ".xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
    ".wps": ("application/vnd.ms-works", b"\xd0\xcf\x11\xe0"),
    ".zip": ("application/zip", b"PK"),
    ".txt": ("text/plain; charset=utf-8", b""),
    ".csv": ("text/csv; charset=utf-8", b""),
    ".jpg": ("image/jpeg", b"\xff\xd8"),
    ".png": ("image/png", b"\x89PNG"),
}
"""What may be attached, by its ending, with the bytes that such a file begins with."""

PICTURE_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}


def attachment(fields: Fields, rules: Rules) -> Asset | None:
    """One entry of `attachments`: {"file", "title", "name"?}."""
    fields.only({"file", "title", "name"})
    title = fields.text("title", need=True)
    found = _read(fields, rules)
    if found is None:
        return None
    name, data = found
    try:
        return _asset(name, title, attachment_type(name, data), data)
    except Unfit as unfit:
        fields.wrong("file", str(unfit))
        return None


def picture(fields: Fields, rules: Rules) -> Asset | None:
    """One entry of `images`: {"file", "alt", "name"?}; the body calls it by its name."""
    fields.only({"file", "alt", "name"})
    alt = fields.text("alt", need=True)
    found = _read(fields, rules)
    if found is None:
        return None
    name, data = found
    try:
        return _asset(name, alt, picture_type(data), data)
    except Unfit as unfit:
        fields.wrong("file", str(unfit))
        return None


def attachment_type(name: str, data: bytes) -> str:
    """The media type of what may be attached. Raises Unfit."""
    suffix = Path(name).suffix.lower()
    kind = ATTACHMENT_TYPES.get(suffix)
    if kind is None:
        raise Unfit(f"不收这种文件，可用：{'、'.join(ATTACHMENT_TYPES)}")
    media_type, start = kind
    if not data.startswith(start):
        raise Unfit(f"文件内容不是 {Path(name).suffix} 格式，请检查后重新导出")
    if media_type.endswith("charset=utf-8") and not _is_utf8(data):
        raise Unfit("不是 UTF-8 编码，打开会是乱码，请用 UTF-8 另存（表格选“CSV UTF-8”）后再提交")
    return media_type


def picture_type(data: bytes) -> str:
    """The media type of a picture that the body may show. Raises Unfit."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            media_type = PICTURE_TYPES.get(image.format or "")
            pixels = image.width * image.height
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Unfit("不是能打开的图片，请重新导出为 JPG 或 PNG") from None
    if media_type is None:
        raise Unfit("不收这种图片，请用 JPG、PNG、GIF 或 WebP")
    if pixels > MAX_PIXELS:
        raise Unfit("图片太大，请缩小到 4000 万像素以内")
    return media_type


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


def _asset(name: str, title: str, media_type: str, data: bytes) -> Asset:
    return Asset(
        name=name,
        title=clean_text(title).strip(),
        media_type=media_type,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        data=data,
    )
