"""The notice as a file: fit for the archive, refused where it must be, put where it is printed."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from channels.noticeboard import NoticeBoard, Options, build
from publisher.channel import House, PermanentError, TemporaryError
from publisher.content import Document, ImageBlock
from publisher.model import PostingPeriod, ReasonClass, Status
from tests.channels.noticeboard_items import (
    a_merged_table,
    a_picture,
    rich_item,
)
from tests.channels.noticeboard_reading import is_tag, objects, pages_of, pdf_of, squeezed
from tests.factories import a_house, an_asset, an_item

GOLDEN = Path(__file__).parent / "golden" / "noticeboard"
LEGAL_MARGIN = 26 / 25.4 * 72 - 3  # pt: nothing but the margin may lie outside the type area


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


@pytest.fixture
def board(house: House) -> NoticeBoard:
    return build("noticeboard", Options(), house)


# --- the file -------------------------------------------------------------------------


def test_claims_and_keeps_what_an_archive_asks(board: NoticeBoard) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(board, rich_item()))) as pdf:
        claims = pdf.open_metadata()
        assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("2", "A")
        assert claims["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("zh")
        assert pdf.Root.OutputIntents
        assert "/ID" in pdf.trailer
        assert not {"/AA", "/OpenAction"} & set(pdf.Root.keys())
        assert not pdf.check_pdf_syntax()
        tags = {str(one.S) for one in pdf.objects if is_tag(one)}
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= tags
        spans = [one for one in pdf.objects if is_tag(one) and "Span" in str(one.get("/A", ""))]
        assert spans, "merged cells are told to a screen reader"
        pictures = [one for one in pdf.objects if is_tag(one) and one.S == "/Figure"]
        assert {str(one.Alt) for one in pictures} >= {"办理流程图：先登记后审核"}


def test_every_font_is_embedded_as_a_subset_and_readable(board: NoticeBoard) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(board, rich_item()))) as pdf:
        fonts = list(objects(pdf, Type="Font", Subtype="Type0"))
        assert len(fonts) >= 4
        assert not list(objects(pdf, Subtype="Type3"))
        for font in fonts:
            assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
            assert "/ToUnicode" in font
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"body": "图形🎭不能印"}, "body", "U+1F3AD"),
        ({"title": "标题\u202e反转"}, "title", "U+202E"),
        ({"department": "某\ue000局"}, "department", "U+E000"),
        ({"contact": "电话\u200b"}, "contact", "U+200B"),
        ({"title": "A" * 90}, "title", "无法分行"),
        ({"document": Document((ImageBlock("没有.png", "图"),))}, "images", "没有.png"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_field(
    board: NoticeBoard, changes: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        board.render([an_item(**changes)])  # type: ignore[arg-type]
    assert caught.value.field == field
    assert says in caught.value.reason


def test_a_picture_needs_words_and_pixels(board: NoticeBoard) -> None:
    silent = an_asset("流程图.png", a_picture().data, " ", "image/png")
    broken = an_asset("流程图.png", b"\x89PNG\r\n\x1a\nbroken", "图", "image/png")
    for picture, field in ((silent, "body"), (broken, "images")):
        body = Document((ImageBlock("流程图.png", ""),))
        with pytest.raises(PermanentError) as caught:
            board.render([an_item(document=body, images=(picture,))])
        assert caught.value.field == field


def test_somebody_must_be_there_to_ask(house: House) -> None:
    board = build("noticeboard", Options(), replace(house, contact=""))
    with pytest.raises(PermanentError) as caught:
        board.render([an_item()])
    assert caught.value.field == "contact"
    helped = build(
        "noticeboard", Options(contact="值班室 0311-83200001"), replace(house, contact="")
    )
    assert "值班室0311-83200001" in squeezed("".join(pages_of(pdf_of(helped, an_item()))))


def test_more_sheets_than_the_board_holds_are_refused(house: House) -> None:
    board = build("noticeboard", Options(pages=2), house)
    with pytest.raises(PermanentError) as caught:
        board.render([an_item(document=Document((a_merged_table(groups=60),)))])
    assert caught.value.field == "body"


def test_one_item_a_sheet(board: NoticeBoard) -> None:
    with pytest.raises(PermanentError):
        board.render([an_item(1), an_item(2)])


# --- putting it out -------------------------------------------------------------------


def test_the_file_waits_where_the_clerk_prints(board: NoticeBoard, house: House) -> None:
    rendition = board.render([an_item()])
    receipt = board.send(rendition, "k" * 32)
    assert receipt.status is Status.AWAITING
    assert receipt.reference == "noticeboard/130181-2026-00001-v1.pdf"
    assert (house.output / receipt.reference).read_bytes() == rendition.files[0].data


def test_a_blocked_folder_is_temporary(board: NoticeBoard, house: House) -> None:
    house.output.write_text("in the way")
    with pytest.raises(TemporaryError) as caught:
        board.send(board.render([an_item()]), "k" * 32)
    assert caught.value.kind is ReasonClass.INTERNAL
    assert str(house.output) not in caught.value.reason


def test_notes_tell_what_paper_cannot_carry(board: NoticeBoard) -> None:
    (note,) = board.render([rich_item()]).notes
    assert "1 处链接" in note


def test_a_posting_without_a_place_leaves_a_line_to_fill_in(board: NoticeBoard) -> None:
    period = PostingPeriod(first=date(2026, 11, 24), last=date(2026, 11, 30), place="一楼大厅")
    filled = squeezed("".join(pages_of(pdf_of(board, an_item(posting=period)))))
    assert "张贴地点一楼大厅" in filled
