"""Files as people hand them over: good ones of every kind, made here and not kept."""

import io
import struct
import wave
import zipfile
from collections.abc import Mapping

from tests.channels.wechat_items import a_picture

_WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
_SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"


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
MACRO = a_zip({**_WORD, "word/vbaProject.bin": b"macro"})
EMPTY_ZIP = a_zip({"a.txt": b"a"})
BOMB = a_zip({**_WORD, "word/media/zeros": bytes(210_000_000)})
