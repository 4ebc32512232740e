"""The notice: what stands on it, as a reader, a scanner and an archive would find it."""

import re
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp

from channels._typst import count_pages
from channels.noticeboard import NoticeBoard, Options, build
from channels.noticeboard.inline import with_lead
from channels.noticeboard.sheet import sheet
from publisher.channel import House, PermanentError
from publisher.content import Cell, Document, Heading, ImageBlock, Paragraph, Run, Table, text_of
from tests.channels.noticeboard_items import (
    HOSTILE,
    a_merged_table,
    a_picture,
    cell,
    plain,
    rich_blocks,
    rich_item,
)
from tests.channels.noticeboard_reading import pages_of, pdf_of, squeezed
from tests.factories import a_house, an_item

GOLDEN = Path(__file__).parent / "golden" / "noticeboard"
LEGAL_MARGIN = 26 / 25.4 * 72 - 3  # pt: nothing but the margin may lie outside the type area


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


@pytest.fixture
def board(house: House) -> NoticeBoard:
    return build("noticeboard", Options(), house)


# --- the text -------------------------------------------------------------------------


def test_everything_a_reader_must_find_is_on_the_sheets(board: NoticeBoard) -> None:
    text = squeezed("".join(pages_of(pdf_of(board, rich_item()))))
    item = rich_item()
    wanted = [text_of(block.text) for block in rich_blocks() if isinstance(block, Paragraph)]
    wanted += [text_of(block.text) for block in rich_blocks() if isinstance(block, Heading)]
    wanted += [text_of(cell.text) for row in a_merged_table().rows for cell in row]
    wanted += ["预算执行情况表", "现场办理：", "带身份证明；", "网上办理。"]
    wanted += [item.revision.title, item.revision.department, item.revision.doc_number]
    wanted += ["附件：1.明细表2.编制说明", "2018年1月20日", "市财政局0311-83200000"]
    wanted += ["2026年11月24日至2026年11月30日", "2026年12月1日起可撤下", item.url, item.number]
    wanted += ["3f2a9c41d07be586", "扫码核对网页原文", "张贴日期", "张贴地点"]
    for line in wanted:
        # raised and lowered figures are read on a line of their own
        parts = re.split("2(?=，|下降)", line) if "CO" in line else [line]
        for part in parts:
            assert squeezed(part) in text, part


def test_text_as_reviewed(board: NoticeBoard) -> None:
    pages = pages_of(pdf_of(board, rich_item()))
    shown = "\n\f\n".join(pages) + "\n"
    assert shown == (GOLDEN / "rich.txt").read_text("utf-8")


def test_markup_in_the_text_is_printed_as_it_is(board: NoticeBoard) -> None:
    item = an_item(title=HOSTILE[:60], document=Document((Paragraph(plain(HOSTILE)),)))
    text = squeezed("".join(pages_of(pdf_of(board, item))))
    assert squeezed(HOSTILE) in text
    assert squeezed(HOSTILE[:60]) in text


def test_a_text_that_signs_itself_is_not_signed_twice(board: NoticeBoard) -> None:
    body = (Paragraph(plain("现予公示。")), Paragraph(plain("辛集市司法局\n2025年12月5日")))
    text = "".join(pages_of(pdf_of(board, an_item(document=Document(body)))))
    assert squeezed(text).count("2025年12月5日") == 1
    assert "2018年1月20日" not in squeezed(text), (
        "the date of the text counts, not that of the form"
    )


def test_an_annex_begins_a_page_and_comes_after_the_signature(board: NoticeBoard) -> None:
    body = (
        Paragraph(plain("现印发给你们。")),
        Paragraph(plain("附件1")),
        Paragraph(plain("任务分解表")),
        a_merged_table(),
    )
    first, second = pages_of(pdf_of(board, an_item(document=Document(body))))
    assert "2018年1月20日" in squeezed(first)
    assert squeezed(second).index("附件1") < squeezed(second).index("任务分解表")


# --- the tables -----------------------------------------------------------------------


def test_a_long_table_repeats_its_head_and_says_that_it_goes_on(board: NoticeBoard) -> None:
    item = an_item(document=Document((a_merged_table(groups=60),)))
    pages = [squeezed(page) for page in pages_of(pdf_of(board, item))]
    with_rows = [page for page in pages if "教育支出" in page]
    assert len(with_rows) >= 3
    assert all("科目" in page and "上年" in page for page in with_rows)
    assert "续表" not in with_rows[0]
    assert all("（续表）" in page for page in with_rows[1:])
    for group in range(1, 61):
        assert any(f"合计{group}本组不分年度{group}" in page for page in pages)


def test_what_merged_rows_share_is_never_parted_from_them(board: NoticeBoard) -> None:
    item = an_item(document=Document((a_merged_table(groups=60),)))
    for page in map(squeezed, pages_of(pdf_of(board, item))):
        for group in range(1, 61):
            parts = (
                f"第{group}组两项共用的说明",
                f"支出{group}{152346.78 + group:,.2f}",
                f"合计{group}本",
            )
            assert len({part in page for part in parts}) == 1


def test_a_wide_table_lies_across_the_page(board: NoticeBoard) -> None:
    rows = tuple(tuple(cell(f"{row}{at}1,234.56") for at in range(11)) for row in range(4))
    pdf = pypdfium2.PdfDocument(pdf_of(board, an_item(document=Document((Table(rows, 11),)))))
    assert any(page.get_width() > page.get_height() for page in pdf)


def test_a_table_too_wide_for_any_page_is_refused(board: NoticeBoard) -> None:
    rows = (tuple(cell("1,234,567.89") for _ in range(30)),)
    with pytest.raises(PermanentError) as caught:
        board.render([an_item(document=Document((Table(rows, 30),)))])
    assert caught.value.field == "body"


# --- the page -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "blocks",
    [
        rich_blocks(),
        (a_merged_table(groups=30),),
        (Paragraph(plain("A" * 5000)), Paragraph(plain("见https://a.example/" + "x" * 300))),
        (Table(((Cell(plain("长" * 300)), Cell(plain("z" * 300))),), 2),),
        (ImageBlock("流程图.png", "很高的图"),),
    ],
    ids=["rich", "table", "long words", "long cells", "tall picture"],
)
def test_no_ink_outside_the_type_area(board: NoticeBoard, blocks: tuple[object, ...]) -> None:
    tall = blocks == (ImageBlock("流程图.png", "很高的图"),)
    picture = a_picture(600, 3000) if tall else a_picture()
    item = an_item(document=Document(blocks), images=(picture,))  # type: ignore[arg-type]
    for page in pypdfium2.PdfDocument(pdf_of(board, item)):
        ink = page.render(scale=1).to_pil().convert("L").point(lambda level: 255 * (level < 200))
        left, top, right, bottom = ink.getbbox()
        assert left >= LEGAL_MARGIN
        assert right <= page.get_width() - LEGAL_MARGIN
        assert top >= 20
        assert bottom <= page.get_height() - 20


def test_page_one_holds_text_under_the_longest_title(board: NoticeBoard) -> None:
    title = (
        "辛集市人民政府办公室关于转发市文化广电和旅游局等部门《〈关于进一步加强基层综合性"
        "文化服务中心建设的若干措施〉实施细则（试行）》和废止《农家书屋管理办法》等3件"
        "行政规范性文件的通知"
    )
    body = tuple(Paragraph(plain(f"第{at}段，" + "内容" * 60)) for at in range(12))
    first, *_ = pages_of(pdf_of(board, an_item(title=title, document=Document(body))))
    assert squeezed(title) in squeezed(first)
    assert "第0段" in first
    opening = [line for line in first.split("\n") if line.strip().endswith(("《", "〈"))]
    assert not opening, "an opening mark never ends a line"


def test_pages_are_numbered_on_the_outer_side(board: NoticeBoard) -> None:
    item = an_item(document=Document((a_merged_table(groups=40),)))
    for number, page in enumerate(pypdfium2.PdfDocument(pdf_of(board, item)), 1):
        text = page.get_textpage()
        found = text.search(f"— {number} —").get_next()
        assert found is not None
        left = text.get_charbox(found[0])[0]
        assert (left > page.get_width() / 2) == (number % 2 == 1)


def test_a_last_page_is_saved_where_one_line_more_does_it(board: NoticeBoard) -> None:
    body = Document(tuple(Paragraph(plain(f"第{at}行")) for at in range(10)))
    data = sheet(an_item(document=body), board.house, "", "")
    pages = {
        lines: count_pages("notice.typ", {**data, "lines": lines}, house=board.house)
        for lines in (22, 24)
    }
    assert pages == {22: 2, 24: 1}, "the case in question"
    assert len(pages_of(pdf_of(board, an_item(document=body)))) == 1


@pytest.mark.parametrize(("doc_number", "red"), [("辛政办字〔2018〕1号", True), ("", False)])
def test_only_an_official_document_wears_red(
    board: NoticeBoard, doc_number: str, *, red: bool
) -> None:
    pdf = pdf_of(board, an_item(doc_number=doc_number))
    assert "辛集市人民政府办公室" in pages_of(pdf)[0].split("\n", 1)[0]
    colours = pypdfium2.PdfDocument(pdf)[0].render().to_pil().convert("RGB").getcolors(1 << 24)
    assert any(r > g + 80 for _, (r, g, _b) in colours) is red


def test_the_qr_code_leads_to_the_page(board: NoticeBoard) -> None:
    item = rich_item()
    first = pypdfium2.PdfDocument(pdf_of(board, item))[0]
    codes = zxingcpp.read_barcodes(first.render(scale=150 / 72).to_pil())
    assert [code.text for code in codes] == [item.url]


def test_no_page_holds_a_signature_alone(board: NoticeBoard) -> None:
    for lines in range(8, 14):
        body = Document(tuple(Paragraph(plain(f"正文第{at}行")) for at in range(lines)))
        for page in pages_of(pdf_of(board, an_item(document=body))):
            assert "正文第" in page


def test_heads_within_a_paragraph_look_as_the_standard_has_them() -> None:
    strong = (Run("（二）支出。", strong=True), Run("安排69亿元。"))
    assert with_lead(strong) == [{"s": "（二）支出。", "lead": 2}, {"s": "安排69亿元。"}]
    assert with_lead(plain("一、企业：停止作业。"))[0] == {"s": "一、企业：", "lead": 1}
    assert with_lead((Run("1.布局。", strong=True),)) == [{"s": "1.布局。", "lead": 3}]
    assert with_lead((Run("问：怎么办？", strong=True),)) == [{"s": "问：怎么办？", "b": True}]
