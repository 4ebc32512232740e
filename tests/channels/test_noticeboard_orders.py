"""Corrected, withdrawn, expired: what lies ready at the board, and what no longer does.

After a wanted change of a slip: `python -m tests.channels.test_noticeboard_orders`, then read it.
"""

import io
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.noticeboard import NoticeBoard, Options, build
from publisher.channel import House, PermanentError, Rendition, TemporaryError
from publisher.model import Action, Item, Notice, PostingPeriod, Status, Trace
from tests.channels.noticeboard_items import rich_item
from tests.channels.noticeboard_reading import pages_of, squeezed
from tests.factories import BEIJING, a_house, an_asset, an_item, later

GOLDEN = Path(__file__).parent / "golden" / "noticeboard"
KEY = "k" * 32
POSTING = PostingPeriod(first=date(2026, 11, 10), last=date(2026, 11, 16), place="政务大厅一楼")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


@pytest.fixture
def board(house: House) -> NoticeBoard:
    return a_board(house)


def a_board(house: House) -> NoticeBoard:
    return build("noticeboard", Options(place="市府街公示栏"), house)


def hung(title: str, status: Status = Status.DELIVERED) -> Trace:
    return Trace(key=KEY, position=0, status=status, title=title)


def the_slips() -> dict[str, Item]:
    """By the name of the golden file."""
    corrected = later(rich_item(), Action.CORRECT, "金额单位有误", title="关于预算的公示")
    return {
        "replace.txt": replace(corrected, traces=(hung("关于预算的通告"),)),
        "remove.txt": later(an_item(), Action.WITHDRAW, "与上级文件不一致。"),
        "expired.txt": later(an_item(posting=POSTING), Action.EXPIRE, "公示期满"),
    }


def slip_of(rendition: Rendition) -> bytes:
    return rendition.files[-1].data


def text_of(rendition: Rendition) -> str:
    return squeezed("".join(page for file in rendition.files for page in pages_of(file.data)))


def lying(house: House) -> list[str]:
    return sorted(path.name for path in (house.output / "noticeboard").iterdir())


# --- what the slips say -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["replace.txt", "remove.txt", "expired.txt"])
def test_slips_as_reviewed(board: NoticeBoard, name: str) -> None:
    (page,) = pages_of(slip_of(board.render([the_slips()[name]])))
    assert f"{page}\n" == (GOLDEN / name).read_text("utf-8")


def test_a_correction_brings_the_marked_sheet_and_a_slip(board: NoticeBoard) -> None:
    item = later(an_item(), Action.CORRECT, "公开率写错")
    item = later(item, Action.CORRECT, "补充附件。", days=2)
    sheet, slip = board.render([item]).files
    assert sheet.name == "130181-2026-00001-v3.pdf"
    assert slip.name == "130181-2026-00001-v3-换张通知单.pdf"
    text = squeezed("".join(pages_of(sheet.data)))
    assert "2026年11月25日更正：补充附件。2026年11月24日更正：公开率写错。" in text
    assert "不公开为例外" in text
    assert "不公开为例外" not in squeezed("".join(pages_of(slip.data)))


def test_a_first_posting_has_no_slip_and_no_mark(board: NoticeBoard) -> None:
    (sheet,) = board.render([an_item()]).files
    assert "更正" not in squeezed("".join(pages_of(sheet.data)))


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.EXPIRE])
def test_what_comes_down_has_a_slip_and_no_sheet(board: NoticeBoard, action: Action) -> None:
    item = replace(rich_item(), traces=(hung("关于预算的通告"),))
    rendition = board.render([later(item, action, "发布有误")])
    (slip,) = rendition.files
    assert slip.name == "130181-2026-00001-v1-撤张通知单.pdf"
    assert rendition.notes == ()
    text = text_of(rendition)
    for wanted in ("关于预算的通告", item.number, "发布有误", "市府街公示栏"):
        assert wanted in text
    blocks = item.revision.document.text.splitlines()
    assert not [line for line in blocks if len(line) > 4 and squeezed(line) in text]
    for unwanted in ("市财政局0311-83200000", item.revision.doc_number, "明细表", "编制说明"):
        assert unwanted not in text


def test_the_sheet_at_the_board_is_named_by_its_own_title(board: NoticeBoard) -> None:
    traces = (hung("最早的标题"), hung("挂着的标题"), hung("没挂上的标题", Status.FAILED))
    text = text_of(board.render([replace(later(an_item(), Action.WITHDRAW, "误"), traces=traces)]))
    assert "挂着的标题" in text
    assert "最早的标题" not in text
    assert "没挂上的标题" not in text


# Hypothesis also tries the words of our own program: those the slip says of every item.
_OWN_WORDS = squeezed((GOLDEN / "remove.txt").read_text("utf-8"))
_WORDS = st.text(
    st.characters(min_codepoint=0x5000, max_codepoint=0x9FA5), min_size=5, max_size=9
).filter(lambda word: word not in _OWN_WORDS)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(_WORDS, min_size=6, max_size=6, unique=True))
def test_no_word_of_a_withdrawn_item_is_on_its_slip(board: NoticeBoard, words: list[str]) -> None:
    body, other, summary, department, contact, attachment = words
    item = an_item(
        body=f"{body}\n\n{other}",
        summary=summary,
        department=department,
        contact=contact,
        attachments=(an_asset("a.pdf", b"%PDF", attachment),),
    )
    rendition = board.render([later(item, Action.WITHDRAW, "发布有误")])
    assert not [word for word in words if word in text_of(rendition)]


@pytest.mark.parametrize(
    ("changes", "at", "when"),
    [
        ({"posting": POSTING}, 17, "自2026年11月17日起撤下"),
        ({"posting": POSTING}, 16, "办理时限收到本单当日完成"),
        ({"valid_until": date(2026, 11, 20)}, 21, "自2026年11月21日起撤下"),
        ({}, 17, "办理时限收到本单当日完成"),
    ],
)
def test_by_when_it_must_come_down(
    board: NoticeBoard, changes: dict[str, object], at: int, when: str
) -> None:
    now = datetime(2026, 11, at, 0, 5, tzinfo=BEIJING)
    notice = Notice(action=Action.EXPIRE, reason="已办结", at=now)
    item = replace(an_item(**changes), action=Action.EXPIRE, notices=(notice,))  # type: ignore[arg-type]
    assert when in text_of(board.render([item]))


def test_the_longest_slip_is_one_page(board: NoticeBoard) -> None:
    item = later(an_item(title="关于" + "长" * 296 + "通知"), Action.CORRECT, "因" * 300)
    item = replace(item, traces=(hung("旧" * 300),))
    slip = slip_of(board.render([item]))
    assert len(pages_of(slip)) == 1
    text = squeezed(pages_of(slip)[0])
    assert "旧" * 300 in text
    assert "经办人" in text


def test_a_slip_is_as_fit_for_the_archive_as_a_sheet(board: NoticeBoard) -> None:
    data = slip_of(board.render([later(an_item(), Action.WITHDRAW, "发布有误")]))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        claims = pdf.open_metadata()
        assert (claims["pdfaid:part"], claims["pdfuaid:part"]) == ("2", "1")
        assert not pdf.check_pdf_syntax()


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_a_reason_that_cannot_be_printed_is_refused(board: NoticeBoard, action: Action) -> None:
    with pytest.raises(PermanentError) as caught:
        board.render([later(an_item(), action, "图形🎭有误")])
    assert caught.value.field == "why"


# --- what lies ready --------------------------------------------------------------------


def test_only_the_latest_of_an_item_lies_ready(board: NoticeBoard, house: House) -> None:
    item, neighbour = an_item(), an_item(11)
    for one in (item, neighbour):
        board.send(board.render([one]), KEY)
    corrected = later(item, Action.CORRECT, "公开率写错")
    receipt = board.send(board.render([corrected]), KEY)
    assert receipt.status is Status.AWAITING
    assert "换张通知单" in receipt.reason
    assert receipt.reference == "noticeboard/130181-2026-00001-v2.pdf"
    assert lying(house) == [
        "130181-2026-00001-v2-换张通知单.pdf",
        "130181-2026-00001-v2.pdf",
        "130181-2026-00011-v1.pdf",
    ]
    receipt = board.send(board.render([later(corrected, Action.WITHDRAW, "发布有误")]), KEY)
    assert receipt.status is Status.AWAITING
    assert "撤张通知单" in receipt.reason
    assert lying(house) == ["130181-2026-00001-v2-撤张通知单.pdf", "130181-2026-00011-v1.pdf"]
    corrected = later(corrected, Action.CORRECT, "重新公示")
    board.send(board.render([corrected]), KEY)
    assert len(lying(house)) == 3
    assert not [name for name in lying(house) if "撤张" in name]


def test_files_of_others_and_links_are_left_alone(board: NoticeBoard, house: House) -> None:
    board.send(board.render([an_item()]), KEY)
    folder = house.output / "noticeboard"
    (folder / "130181-2026-00001-v1.pdf.扫描件.pdf").write_bytes(b"%PDF scan")
    (folder / "值班表.pdf").write_bytes(b"%PDF")
    (folder / ".130181-2026-00001-v1.pdf.part").write_bytes(b"half of the old sheet")
    board.send(board.render([later(an_item(), Action.WITHDRAW, "发布有误")]), KEY)
    assert lying(house) == [
        "130181-2026-00001-v1-撤张通知单.pdf",
        "130181-2026-00001-v1.pdf.扫描件.pdf",
        "值班表.pdf",
    ]


def test_the_folder_may_be_a_link_to_where_the_clerk_prints(
    board: NoticeBoard, house: House, tmp_path: Path
) -> None:
    (tmp_path / "clerk").mkdir()
    house.output.mkdir()
    (house.output / "noticeboard").symlink_to(tmp_path / "clerk")
    board.send(board.render([an_item()]), KEY)
    board.send(board.render([later(an_item(), Action.WITHDRAW, "发布有误")]), KEY)
    assert lying(house) == ["130181-2026-00001-v1-撤张通知单.pdf"]


def test_stopped_half_way_the_old_sheet_is_gone_and_a_repeat_completes(
    board: NoticeBoard, house: House
) -> None:
    """A folder stands where the slip should be written."""
    board.send(board.render([an_item()]), KEY)
    rendition = board.render([later(an_item(), Action.WITHDRAW, "发布有误")])
    in_the_way = house.output / "noticeboard" / rendition.files[0].name
    in_the_way.mkdir()
    with pytest.raises(TemporaryError):
        board.send(rendition, KEY)
    assert lying(house) == [in_the_way.name]
    in_the_way.rmdir()
    board.send(rendition, KEY)
    board.send(rendition, KEY)
    assert lying(house) == [in_the_way.name]
    assert in_the_way.read_bytes() == rendition.files[0].data


@pytest.mark.parametrize("over", [{"posting": POSTING}, {"valid_until": POSTING.last}])
def test_nobody_is_asked_to_hang_what_is_over(board: NoticeBoard, over: dict[str, Any]) -> None:
    item = an_item(**over)
    with pytest.raises(PermanentError, match=r"11月16日.*不能再张贴") as caught:
        board.render([item])
    assert caught.value.field == "channels"
    assert board.render([later(item, Action.CORRECT, "数据有误")]).files
    assert board.render([replace(item, published_at=datetime(2026, 11, 16, 23, tzinfo=BEIJING))])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        for name, item in the_slips().items():
            (shown,) = pages_of(slip_of(a_board(a_house(Path(made))).render([item])))
            (GOLDEN / name).write_text(f"{shown}\n", "utf-8")
