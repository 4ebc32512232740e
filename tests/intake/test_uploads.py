"""Files that people hand over: what is taken, and how one may not be what it says."""

import warnings
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from publisher.intake import Refused
from publisher.intake.files import is_name
from publisher.intake.media import KINDS
from publisher.intake.uploads import (
    check_attachment,
    check_evidence,
    clean_name,
    media_type_of,
)
from tests.channels.wechat_items import a_picture
from tests.support.handed_over import (
    BOMB,
    CITIZENS,
    EMPTY_ZIP,
    GOOD,
    MACRO,
    PDF,
    a_wav,
    a_zip,
    an_old_office_file,
)

MOST = 20_000_000
SCRIPT = b"<html><script>alert(1)</script>"
JPEG, PNG, WAV = GOOD["现场.jpg"], GOOD["截图.png"], a_wav(2)
EXE = b"MZ\x90\x00" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


def a_locked_zip() -> bytes:
    """The mark that a member is encrypted, in both places where it stands."""
    data = bytearray(EMPTY_ZIP)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def refused(name: str, data: bytes, most: int = MOST) -> str:
    with pytest.raises(Refused) as found:
        check_evidence(name, data, most)
    (problem,) = found.value.problems
    assert problem.field == "evidence"
    return problem.sentence


@pytest.mark.parametrize("name", GOOD)
def test_what_staff_have_is_taken(name: str) -> None:
    found = check_evidence(name, GOOD[name], MOST)
    assert (found.name, found.data) == (name, GOOD[name])
    assert (
        media_type_of(found.name)
        == found.media_type
        == KINDS[f".{name.split('.')[1].lower()}"].media_type
    )


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith(("csv", "txt"))])
def test_what_was_cut_off_on_its_way_is_not(name: str) -> None:
    whole = GOOD[name]
    cut = whole[: len(whole) * 2 // 3] if not name.endswith("mp3") else whole[:25]
    assert "重新导出" in refused(name, cut)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.jpg", b"", "文件是空的"),
        ("a.jpg", PNG, "不符"),
        ("a.png", JPEG, "不符"),
        ("a.jpg", SCRIPT, "夹带"),
        ("a.jpg", JPEG + SCRIPT, "夹带"),
        ("a.jpg", JPEG + EMPTY_ZIP, "夹带"),
        ("a.png", PNG + b"<?php system(1);", "夹带"),
        ("a.pdf", PDF + EMPTY_ZIP, "夹带"),
        ("a.pdf", SCRIPT + PDF, "不符"),
        ("a.wav", WAV + EMPTY_ZIP, "夹带"),
        ("a.txt", SCRIPT, "夹带"),
        ("a.csv", SVG, "夹带"),
        ("a.txt", b"\n \xef\xbb\xbf<p>", "夹带"),
        ("a.txt", EXE, "编码"),
        ("a.txt", b"MZ\0\0", "不符"),
        ("a.csv", b"\xff\xfe\xff", "编码"),
        ("a.svg", SVG, "不收这种文件"),
        ("a.html", SCRIPT, "不收这种文件"),
        ("a.exe", EXE, "不收这种文件"),
        ("a", JPEG, "不收这种文件"),
        ("a.jpg.exe", JPEG, "不收这种文件"),
        ("a.exe.jpg", EXE, "重新导出"),
        ("a.docx", EMPTY_ZIP, "不符"),
        ("a.xlsx", GOOD["播出单.docx"], "不符"),
        ("a.docx", PDF, "不符"),
        ("a.docx", MACRO, "宏"),
        ("a.docx", BOMB, "压缩炸弹"),
        ("a.mp3", WAV, "不符"),
        ("a.wav", GOOD["录音.mp3"], "不符"),
        ("a.m4a", WAV, "不符"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, data: bytes, word: str) -> None:
    assert word in refused(name, data)


def test_a_picture_too_large_to_open_is_not_opened() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert "4000 万像素" in refused("a.png", out.getvalue())
    assert "4000 万像素" in refused("a.png", a_huge_header())


def a_huge_header() -> bytes:
    """A small picture that says it is sixty thousand pixels wide and high."""
    data = bytearray(PNG)
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def test_what_is_too_large_is_refused_by_its_size() -> None:
    assert "超过上限 100 字节" in refused("a.jpg", JPEG, 100)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\张\\照片 (1).jpg", "照片 (1).jpg"),
        ("../../etc/x.jpg", "x.jpg"),
        ("a\u202egpj.exe\x00.jpg", "agpj.exe.jpg"),
        ("<b>&\"'.jpg", "_b____.jpg"),
        (".jpg", "jpg"),
        ("长" * 200 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_are_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_the_intake_takes(name: str) -> None:
    found = clean_name(name)
    assert is_name(found)
    assert clean_name(found) == found


@pytest.mark.parametrize("name", CITIZENS)
def test_what_citizens_may_download_is_taken(name: str) -> None:
    assert check_attachment(name, CITIZENS[name], MOST).name == name


def a_double_picture() -> bytes:
    """As many telephones write it: a JPEG behind which a second one, for depth, is stored."""
    out = BytesIO()
    one, other = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))
    one.save(out, "MPO", save_all=True, append_images=[other])
    return out.getvalue()


def test_a_picture_of_a_telephone_is_a_jpeg() -> None:
    assert check_attachment("照片.jpg", a_double_picture(), MOST).media_type == "image/jpeg"
    assert check_evidence("照片.jpg", a_double_picture(), MOST).media_type == "image/jpeg"


PHOTO = a_picture(400, 300, "JPEG")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("表.csv", "甲,乙".encode("gb18030"), "UTF-8"),
        ("表.pdf", PNG, "不符"),
        ("图.gif", b"GIF8", "重新导出"),
        ("页.html", SCRIPT, "不收这种文件"),
        ("录音.mp3", GOOD["录音.mp3"], "不收这种文件"),
        ("表.pdf", b"%PDF-1.7 a table", "重新导出"),
        ("表.pdf", PDF[:-6], "重新导出"),
        ("表.pdf", PDF + EMPTY_ZIP, "夹带"),
        ("图.jpg", b"\xff\xd8", "重新导出"),
        ("图.jpg", PHOTO[: len(PHOTO) // 3], "重新导出"),
        ("图.png", PNG[: len(PNG) // 3], "重新导出"),
        ("图.png", PNG + SCRIPT, "夹带"),
        ("表.docx", b"PK", "不符"),
        ("表.docx", MACRO, "不带宏"),
        ("表.docx", BOMB, "压缩炸弹"),
        ("表.ofd", EMPTY_ZIP, "不符"),
        ("说明.txt", SCRIPT, "网页"),
        ("名单.csv", SVG, "网页"),
        ("表.doc", b"\xd0\xcf\x11\xe0", "不符"),
        ("表.doc", an_old_office_file()[:600], "重新导出"),
        ("表.xls", an_old_office_file("Workbook", "_VBA_PROJECT_CUR"), "不带宏"),
        ("包.zip", b"PK", "不符"),
        ("包.zip", a_zip({"表.txt": b"x" * 99})[:-30], "重新导出"),
        ("包.zip", a_zip({"装/a.EXE": b"MZ"}), "a.EXE"),
        ("包.zip", a_zip({"a.docm": b"x"}), "a.docm"),
        ("包.zip", a_zip({"a.js ": b"x"}), "a.js"),
        ("包.zip", a_zip({"里.zip": EMPTY_ZIP}), "里.zip"),
        ("包.zip", a_zip({"../../a.txt": b"x"}), "a.txt"),
        ("包.zip", a_zip({}), "不符"),
        ("包.zip", a_zip({"零.txt": bytes(210_000_000)}), "压缩炸弹"),
        ("包.zip", a_locked_zip(), "密码"),
    ],
)
def test_what_citizens_would_download_is_looked_at_as_hard(
    name: str, data: bytes, word: str
) -> None:
    with pytest.raises(Refused, match=word) as found:
        check_attachment(name, data, MOST)
    (problem,) = found.value.problems
    assert problem.field == "file"


def test_nothing_of_a_file_is_told_by_its_repr() -> None:
    assert "已于18时" not in repr(check_evidence("说明.txt", GOOD["说明.txt"], MOST))
