"""Files as people hand them over: good ones of every kind, made here and not kept."""

import io
import struct
import wave
import zipfile
from collections.abc import Mapping

from tests.channels.wechat_items import a_picture

_WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
_SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def a_pdf(words: bytes = b"") -> bytes:
    return b"%PDF-1.7\n%" + words + b"\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"


PDF = a_pdf()


def a_zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def a_wav(seconds: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000 * seconds))
    return out.getvalue()


def an_old_office_file(*streams: str) -> bytes:
    """A .doc or .xls as Office 97 made them: a header, a table of sectors, a list of streams."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams)]
    return bytes(header) + table + b"".join(entries).ljust(512, b"\0")


def a_box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I4s", len(inside) + 8, name) + inside


def an_mp3() -> bytes:
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, 20]) + bytes(20)
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * 5


GOOD: Mapping[str, bytes] = {
    "现场.jpg": a_picture(60, 40, "JPEG"),
    "现场.JPEG": a_picture(60, 40, "JPEG"),
    "截图.png": a_picture(60, 40),
    "动图.gif": a_picture(60, 40, "GIF"),
    "图.webp": a_picture(60, 40, "WEBP"),
    "回执.pdf": PDF,
    "播出单.csv": "时间,栏目\r\n18:00,新闻".encode("gb18030"),
    "说明.txt": "\ufeff已于18时播出".encode(),
    "播出单.docx": a_zip(_WORD),
    "播出单.xlsx": a_zip(_SHEET),
    "回执.ofd": a_zip({"OFD.xml": b"<ofd:OFD/>"}),
    "录音.mp3": an_mp3(),
    "录音.wav": a_wav(),
    "录音.m4a": a_box(b"ftyp", b"M4A mp42") + a_box(b"moov", b"x" * 30) + a_box(b"mdat", b"y" * 90),
}
CITIZENS: Mapping[str, bytes] = {
    name: data for name, data in GOOD.items() if not name.endswith(("csv", "mp3", "wav", "m4a"))
} | {
    "名单.csv": "姓名,金额\r\n甲,5".encode("utf-8-sig"),
    "通知.doc": an_old_office_file("WordDocument"),
    "报表.xls": an_old_office_file("Workbook"),
    "通知.wps": an_old_office_file("WordDocument"),
    "图纸.zip": a_zip({"图纸/一.dwg": b"AC1032", "说明.txt": b"x", "表.xlsx": a_zip(_SHEET)}),
}
"""What may be handed over for citizens to download."""
MACRO = a_zip({**_WORD, "word/vbaProject.bin": b"macro"})
EMPTY_ZIP = a_zip({"a.txt": b"a"})
BOMB = a_zip({**_WORD, "word/media/zeros": bytes(210_000_000)})
