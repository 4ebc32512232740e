"""Files that hold other files: office documents, new and old, and archives. Pure.

office          a .docx, .xlsx or .ofd: an archive with certain parts in it
old_office      a .doc, .xls or .wps: a small disk of streams
archive         a .zip: it may hold what citizens can read, and nothing that runs
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zipfile import BadZipFile, ZipFile, ZipInfo

from publisher.intake.problems import shown
from publisher.intake.unfit import BROKEN, HIDDEN, MACROS, NOT_THIS, Unfit

_MOST_MEMBERS = 5_000
_MOST_UNPACKED = 200_000_000
_ZIP_START = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_ZIP_END_REACH = 65_557
_LOCKED = 1
_IN_OFFICE = ("vbaproject.bin", ".exe", ".dll", ".js")
_PROGRAMS = """
.apk .app .bat .chm .cmd .com .cpl .dll .dmg .docm .dotm .exe .hta .img .inf .iso .jar .js .jse
.lnk .msi .msp .pif .pptm .ps1 .reg .scr .sh .url .vb .vbe .vbs .wsf .wsh .xlam .xlsm .xltm
"""
_PAGES = ".htm .html .mht .mhtml .shtml .svg .xhtml"
_ARCHIVES = ".7z .bz2 .cab .gz .rar .tar .tgz .xz .zip"
_NOT_IN_ARCHIVES = tuple(f"{_PROGRAMS} {_PAGES} {_ARCHIVES}".split())
_OLD_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def office(*needed: str) -> Callable[[bytes], None]:
    """What looks at an office document that has the parts `needed`."""

    def look(data: bytes) -> None:
        with _opened(data) as package:
            members = _members(package)
            names = {one.filename for one in members}
            if not names.issuperset(needed):
                raise Unfit(NOT_THIS)
            if any(name.lower().endswith(_IN_OFFICE) for name in names):
                raise Unfit(MACROS)
            _read_all(package)

    return look


def archive(data: bytes) -> None:
    with _opened(data) as package:
        for member in _members(package):
            _refuse_member(member.filename)
        _read_all(package)


def old_office(data: bytes) -> None:
    """Its header names the sectors that tell where the others are; these must be there."""
    if not data.startswith(_OLD_START):
        raise Unfit(NOT_THIS)
    try:
        (shift,) = struct.unpack_from("<H", data, 30)
        (listed,) = struct.unpack_from("<I", data, 44)
        (first,) = struct.unpack_from("<I", data, 48)
        tables = struct.unpack_from("<109I", data, 76)[:listed]
    except struct.error:
        raise Unfit(BROKEN) from None
    if shift not in {9, 12} or not tables or (max(*tables, first) + 2 << shift) > len(data):
        raise Unfit(BROKEN)
    if _OLD_MACROS in data:
        raise Unfit(MACROS)


def refuse_zip_behind(data: bytes) -> None:
    """Archives are read from their end: one may hang behind anything."""
    end = data[-_ZIP_END_REACH:].rfind(_ZIP_END)
    if end < 0:
        return
    try:
        with ZipFile(io.BytesIO(data)):
            raise Unfit(HIDDEN)
    except BadZipFile:
        return  # these four bytes by chance


@contextmanager
def _opened(data: bytes) -> Iterator[ZipFile]:
    if not data.startswith(_ZIP_START):
        raise Unfit(NOT_THIS)
    try:
        with ZipFile(io.BytesIO(data)) as package:
            yield package
    except (BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error):
        raise Unfit(BROKEN) from None
    except (EOFError, struct.error):
        raise Unfit(BROKEN) from None


def _members(package: ZipFile) -> list[ZipInfo]:
    members = package.infolist()
    unpacked = sum(one.file_size for one in members)
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED:
        raise Unfit("解开后太大，像是压缩炸弹，不能收，请重新导出")
    if any(one.flag_bits & _LOCKED for one in members):
        raise Unfit("加了密码，别人打不开，请去掉密码后再传")
    return members


def _read_all(package: ZipFile) -> None:
    if package.testzip() is not None:
        raise Unfit(BROKEN)


def _refuse_member(name: str) -> None:
    """Windows leaves out blanks and dots at the end of a name, and runs what is left."""
    plain = name.replace("\\", "/").rstrip(" .").lower()
    last = shown(name.rpartition("/")[2])
    if plain.endswith(_NOT_IN_ARCHIVES):
        raise Unfit(f"里面的「{last}」是程序、网页或另一个压缩包，不能收，请只打包文档、表格和图片")
    if ".." in plain.split("/") or plain.startswith("/") or ":" in plain:
        raise Unfit(f"里面的「{last}」解开后会跑到别的文件夹，不能收，请重新打包")
