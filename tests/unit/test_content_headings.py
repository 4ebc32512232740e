"""Headings, run-in headings, notes of attachments and signatures, as a reader knows them."""

import pytest

from publisher.content import Heading, Paragraph, Run, parse_body
from tests.unit.outline import outline


def of_text(body: str) -> str:
    return outline(parse_body(body, "text"))


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、总体要求", 1),
        ("十二、附则", 1),
        ("第二章　职责", 1),
        ("（一）基本原则", 2),
        ("(二)工作目标", 2),
        ("第一节 申请", 2),
        ("1.优化布局", 3),
        ("１．优化布局", 3),
        ("2、落实开放", 3),
        ("3. 报名", 3),
        ("（1）乡镇文化站", 4),
        ("(2)村文化中心", 4),
        ("二、2025年10:30至12:00的安排，", 0),
        ("1.5亿元以上项目", 0),
        ("2025.3月份", 0),
        ("①图书阅览室", 0),
        ("一、企业：立即停止装卸作业", 0),
        ("（一）深入贯彻落实；", 0),
        ("一、", 0),
        ("一、" + "长" * 40, 0),
        ("总体要求", 0),
    ],
)
@pytest.mark.parametrize("body_format", ["text", "markdown", "html"])
def test_short_labelled_line_is_a_heading_of_the_level_of_its_label(
    line: str, level: int, body_format: str
) -> None:
    body = f"{line}\n\n为推进工作。"
    if body_format == "html":
        body = f"<p>　　{line}</p><p>为推进工作。</p>"
    first = parse_body(body, body_format).blocks[0]
    assert (first.level if isinstance(first, Heading) else 0) == level
    assert isinstance(first, Heading | Paragraph)
    assert "".join(run.text for run in first.text) == line.rstrip()


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("（一）指导思想。深入贯彻落实。", "（一）指导思想。"),
        ("1.突出需求导向,发挥实效。紧密围绕群众。", "1.突出需求导向,发挥实效。"),
        ("（1）乡镇综合文化站。面积不少于300平方米，其中：", "（1）乡镇综合文化站。"),
        ("1.对工作不力的，予以通报。", ""),
        ("3. 我局将依法重新调查处理,处理结果另行公开。我局深表歉意。", ""),
        ("（一）本办法自印发之日起施行。有效期2年。", ""),
        ("（一）时间：10月8日。地点：旧城镇。", ""),
        ("为推进公开。制定本方案。", ""),
    ],
)
def test_first_short_sentence_after_a_label_is_a_run_in_heading(line: str, head: str) -> None:
    (block,) = parse_body(line, "text").blocks
    runs = (Run(head, strong=True), Run(line[len(head) :])) if head else (Run(line),)
    assert block == Paragraph(runs)


def test_labelled_lines_in_a_row_are_a_list_and_not_headings() -> None:
    body = "申请材料\n1.身份证复印件\n2.申请表\n3.照片两张\n以上材料一式两份。"
    assert of_text(body) == (
        "paragraph: 申请材料\nparagraph: 1.身份证复印件\nparagraph: 2.申请表\n"
        "paragraph: 3.照片两张\nparagraph: 以上材料一式两份。\n"
    )


def test_heading_needs_something_below_it() -> None:
    assert of_text("为此。\n一、总则") == "paragraph: 为此。\nparagraph: 一、总则\n"


def test_heading_over_a_table_and_over_a_lower_heading() -> None:
    body = "一、名单\n（一）优秀顾问\n| 甲 |\n|---|\n| 乙 |"
    assert outline(parse_body(body, "markdown")) == (
        "heading 1: 一、名单\nheading 2: （一）优秀顾问\ntable 1 wide, 1 head: \n  # 甲\n  乙\n"
    )


@pytest.mark.parametrize("body_format", ["text", "markdown"])
def test_note_of_attachments_keeps_its_lines_and_their_hanging_indent(body_format: str) -> None:
    body = "正文。\n\n附件：1.建设标准\n　　　2.服务目录\n\n　　联系人：张某"
    assert outline(parse_body(body, body_format)) == (
        "paragraph: 正文。\nparagraph: 附件：1.建设标准⏎　　　2.服务目录\nparagraph: 联系人：张某\n"
    )


def test_name_broken_over_two_lines_stays_in_the_note_and_the_imprint_does_not() -> None:
    body = (
        "附件:试点事项及责任单位\n      任务分解表\n\n  辛集市人民政府办公室    2018年1月20日印发"
    )
    assert of_text(body) == (
        "paragraph: 附件:试点事项及责任单位⏎　　　任务分解表\n"
        "paragraph: 辛集市人民政府办公室 2018年1月20日印发\n"
    )


def test_attachments_in_paragraphs_of_their_own_are_no_headings() -> None:
    html = "<p>附件：1.甲表</p><p>　　　2.乙表</p><p>（此件公开发布）</p>"
    assert "heading" not in outline(parse_body(html, "html"))


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (["正文。", "辛集市司法局", "2025年12月5日"], 2),
        (["正文。", "辛集市应急管理局", "２０２５年６月２０日　　"], 2),
        (["正文。", "辛集市财政局", "辛集市教育局", "二〇二五年六月三日"], 3),
        (["正文。", "辛集市司法局", "12月5日"], 0),
        (["正文。", "特此通知。", "2025年12月5日"], 0),
        (["辛集市司法局", "2025年12月5日"], 0),
    ],
)
def test_signature_and_date_stand_on_the_right(lines: list[str], right: int) -> None:
    blocks = parse_body("\n".join(lines), "text").blocks
    sides = [block.align for block in blocks if isinstance(block, Paragraph)]
    assert sides == ["left"] * (len(lines) - right) + ["right"] * right


def test_signature_in_the_middle_is_seen_too() -> None:
    body = "请执行。\n辛集市人民政府办公室\n2018年1月20日\n（此件公开发布）"
    assert [line.split(":")[0] for line in of_text(body).splitlines()] == [
        "paragraph",
        "paragraph right",
        "paragraph right",
        "paragraph",
    ]
