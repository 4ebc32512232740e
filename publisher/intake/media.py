"""What a file really is: by what stands in it and by its ending together. Pure.

Everything is read to its end, so that what was cut off on its way is found.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Lock

from PIL import Image

from publisher.intake.packages import archive, office, old_office, refuse_zip_behind
from publisher.intake.unfit import BROKEN, HIDDEN, NOT_THIS, Unfit

MAX_PIXELS = 40_000_000
_ACTIVE = re.compile(
    rb"<(?:!doctype\s+html|html[\s>]|script[\s>]|svg[\s>]|iframe[\s>]|\?php)", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_PLAIN = {"MPO": "JPEG"}
"""Telephones store a second picture behind the first, for depth: it is opened as what it is."""


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
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                found = _PLAIN.get(image.format or "", image.format)
                pixels = image.width * image.height
                if found == wanted and pixels <= MAX_PIXELS:
                    with _ONE_WHOLE_PICTURE:
                        image.load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            found, pixels = wanted, MAX_PIXELS + 1
        except (OSError, SyntaxError, ValueError, struct.error, zlib.error):
            raise Unfit(BROKEN) from None
        if found != wanted:
            raise Unfit(NOT_THIS)
        if pixels > MAX_PIXELS:
            raise Unfit("图片太大，请缩小到 4000 万像素以内")

    return look


def _pdf(data: bytes) -> None:
    refuse_zip_behind(data)
    if not data.startswith(b"%PDF-"):
        raise Unfit(NOT_THIS)
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise Unfit(BROKEN)


def _words(data: bytes) -> None:
    text = _decoded(data)
    if _CONTROL.search(text):
        raise Unfit(NOT_THIS)
    if _ACTIVE.search(data) or text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise Unfit("里面夹带了网页代码，不能收，请另存为纯文字")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit("文字编码看不懂，请另存为 UTF-8 再传")


def _mp3(data: bytes) -> None:
    _refuse_hidden(data)
    start = 0
    if data.startswith(b"ID3") and len(data) > 10:
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
        )
    frame = data[start:].lstrip(b"\0")[:4]
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0 or not frame[1] & 0x06:
        raise Unfit(NOT_THIS if start == 0 else BROKEN)


def _wav(data: bytes) -> None:
    _refuse_hidden(data)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Unfit(NOT_THIS)
    (size,) = struct.unpack("<I", data[4:8])
    if len(data) < size + 8 or b"fmt " not in data[:4096]:
        raise Unfit(BROKEN)


def _m4a(data: bytes) -> None:
    """Boxes with their sizes, one behind the other to the end; sound and its index among them."""
    _refuse_hidden(data)
    if data[4:8] != b"ftyp":
        raise Unfit(NOT_THIS)
    at, found = 0, set()
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
        elif size == 0:
            size = len(data) - at
        if size < 8 or at + size > len(data):
            raise Unfit(BROKEN)
        found.add(name)
        at += size
    if not {b"moov", b"mdat"} <= found:
        raise Unfit(BROKEN)


def _refuse_hidden(data: bytes) -> None:
    """A picture or a recording has no words in it that a browser would run."""
    if _ACTIVE.search(data):
        raise Unfit(HIDDEN)
    refuse_zip_behind(data)


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
    ".docx": Kind(_DOCX, office("[Content_Types].xml", "word/document.xml")),
    ".xlsx": Kind(_XLSX, office("[Content_Types].xml", "xl/workbook.xml")),
    ".doc": Kind("application/msword", old_office),
    ".xls": Kind("application/vnd.ms-excel", old_office),
    ".wps": Kind("application/vnd.ms-works", old_office),
    ".zip": Kind("application/zip", archive),
    ".ofd": Kind("application/ofd", office("OFD.xml")),
    ".mp3": Kind("audio/mpeg", _mp3),
    ".wav": Kind("audio/wav", _wav),
    ".m4a": Kind("audio/mp4", _m4a),
}
"""All that may be handed over at some door, by its ending."""

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
EVIDENCE = (*PICTURES, ".pdf", ".csv", ".txt", ".docx", ".xlsx", ".ofd", ".mp3", ".wav", ".m4a")
ATTACHMENTS = (
    *(".pdf", ".ofd", ".docx", ".xlsx", ".doc", ".xls", ".wps", ".zip"),
    *(".txt", ".csv", ".jpg", ".png"),
)
"""What citizens may download."""


def judged(name: str, data: bytes, taken: Collection[str]) -> str:
    """The media type of a file whose ending is among those `taken`. Raises Unfit."""
    ending = ending_of(name)
    if ending not in taken:
        raise Unfit(f"不收这种文件，可用：{'、'.join(taken)}")
    kind = KINDS[ending]
    kind.look(data)
    return kind.media_type


def ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
