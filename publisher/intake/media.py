"""What a file really is: by what stands in it and by its ending together. Pure.

Everything is read to its end, so that what was cut off on its way is found.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from zipfile import BadZipFile, ZipFile

from PIL import Image

MAX_PIXELS = 40_000_000
_MOST_MEMBERS = 5_000
_MOST_UNPACKED = 200_000_000
_BROKEN = "打不开，可能在传输中损坏或被截断，请重新导出后再传"
_NOT_THIS = "内容和后缀不符，请用原来的文件，不要改后缀"
_HIDDEN = "里面夹带了网页、脚本或压缩包，不能收，请重新拍照或重新导出"
_ACTIVE = re.compile(
    rb"<(?:!doctype\s+html|html[\s>]|script[\s>]|svg[\s>]|iframe[\s>]|\?php)", re.IGNORECASE
)
_ZIP_END = b"PK\x05\x06"
_ZIP_END_REACH = 65_557
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PICTURES = ("JPEG", "PNG", "GIF", "WEBP")


class Unfit(Exception):
    """A file that is not taken; one Chinese sentence says why, without the name of a field."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what it is called outside, and what looks whether one is of it."""

    media_type: str
    look: Callable[[bytes], None]


_ONE_WHOLE_PICTURE = Lock()
"""Forty million pixels take 160 MB of memory; many people may send pictures at once."""


def _picture(wanted: str) -> Callable[[bytes], None]:
    def look(data: bytes) -> None:
        _refuse_hidden(data)
        try:
            with Image.open(io.BytesIO(data), formats=_PICTURES) as image:
                found, pixels = image.format, image.width * image.height
                if found == wanted and pixels <= MAX_PIXELS:
                    with _ONE_WHOLE_PICTURE:
                        image.load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            found, pixels = wanted, MAX_PIXELS + 1
        except (OSError, SyntaxError, ValueError, struct.error, zlib.error):
            raise Unfit(_BROKEN) from None
        if found != wanted:
            raise Unfit(_NOT_THIS)
        if pixels > MAX_PIXELS:
            raise Unfit("图片太大，请缩小到 4000 万像素以内")

    return look


def _pdf(data: bytes) -> None:
    _refuse_zip_behind(data)
    if not data.startswith(b"%PDF-"):
        raise Unfit(_NOT_THIS)
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise Unfit(_BROKEN)


def _words(data: bytes) -> None:
    text = _decoded(data)
    if _CONTROL.search(text):
        raise Unfit(_NOT_THIS)
    if _ACTIVE.search(data) or text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise Unfit(_HIDDEN)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit("文字编码看不懂，请另存为 UTF-8 再传")


def _office(*needed: str) -> Callable[[bytes], None]:
    def look(data: bytes) -> None:
        if not data.startswith(b"PK\x03\x04"):
            raise Unfit(_NOT_THIS)
        try:
            with ZipFile(io.BytesIO(data)) as package:
                _look_into(package, needed)
        except (BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
            raise Unfit(_BROKEN) from None  # RuntimeError: locked with a password
        except (EOFError, struct.error):
            raise Unfit(_BROKEN) from None

    return look


def _look_into(package: ZipFile, needed: tuple[str, ...]) -> None:
    members = package.infolist()
    names = {one.filename for one in members}
    unpacked = sum(one.file_size for one in members)
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED:
        raise Unfit("解开后太大，像是压缩炸弹，不能收，请重新导出")
    if not names.issuperset(needed):
        raise Unfit(_NOT_THIS)
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names):
        raise Unfit("里面带有宏或程序，不能收，请另存为不带宏的文件")
    if package.testzip() is not None:
        raise Unfit(_BROKEN)


def _mp3(data: bytes) -> None:
    _refuse_hidden(data)
    start = 0
    if data.startswith(b"ID3") and len(data) > 10:
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
        )
    frame = data[start:].lstrip(b"\0")[:4]
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0 or not frame[1] & 0x06:
        raise Unfit(_NOT_THIS if start == 0 else _BROKEN)


def _wav(data: bytes) -> None:
    _refuse_hidden(data)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Unfit(_NOT_THIS)
    (size,) = struct.unpack("<I", data[4:8])
    if len(data) < size + 8 or b"fmt " not in data[:4096]:
        raise Unfit(_BROKEN)


def _m4a(data: bytes) -> None:
    """Boxes with their sizes, one behind the other to the end; sound and its index among them."""
    _refuse_hidden(data)
    if data[4:8] != b"ftyp":
        raise Unfit(_NOT_THIS)
    at, found = 0, set()
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
        elif size == 0:
            size = len(data) - at
        if size < 8 or at + size > len(data):
            raise Unfit(_BROKEN)
        found.add(name)
        at += size
    if not {b"moov", b"mdat"} <= found:
        raise Unfit(_BROKEN)


def _refuse_hidden(data: bytes) -> None:
    """A picture or a recording has no words in it that a browser would run."""
    if _ACTIVE.search(data):
        raise Unfit(_HIDDEN)
    _refuse_zip_behind(data)


def _refuse_zip_behind(data: bytes) -> None:
    """Archives are read from their end: one may hang behind anything."""
    end = data[-_ZIP_END_REACH:].rfind(_ZIP_END)
    if end < 0:
        return
    try:
        with ZipFile(io.BytesIO(data)):
            raise Unfit(_HIDDEN)
    except BadZipFile:
        return  # these four bytes by chance


_JPEG = Kind("image/jpeg", _picture("JPEG"))
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: Mapping[str, Kind] = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": Kind("image/png", _picture("PNG")),
    ".gif": Kind("image/gif", _picture("GIF")),
    ".webp": Kind("image/webp", _picture("WEBP")),
    ".pdf": Kind("application/pdf", _pdf),
    ".csv": Kind("text/csv", _words),
    ".txt": Kind("text/plain", _words),
    ".docx": Kind(_DOCX, _office("[Content_Types].xml", "word/document.xml")),
    ".xlsx": Kind(_XLSX, _office("[Content_Types].xml", "xl/workbook.xml")),
    ".ofd": Kind("application/ofd", _office("OFD.xml")),
    ".mp3": Kind("audio/mpeg", _mp3),
    ".wav": Kind("audio/wav", _wav),
    ".m4a": Kind("audio/mp4", _m4a),
}
"""What may be handed in as evidence, by its ending."""
