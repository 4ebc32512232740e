"""HTML: what passes, what is unwrapped, what refuses the item."""

from time import monotonic

import pytest

from publisher.content import Table, parse_body
from tests.unit.outline import IMAGES, outline, refusal


def of_html(body: str) -> str:
    return outline(parse_body(body, "html", IMAGES))


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<div>甲<div>乙</div>丙</div>", "paragraph: 甲\nparagraph: 乙\nparagraph: 丙\n"),
        ("<blockquote><p>引文</p></blockquote>", "paragraph: 引文\n"),
        ("甲<hr>乙", "paragraph: 甲\nparagraph: 乙\n"),
        ("<p>甲<br>乙</p>", "paragraph: 甲⏎乙\n"),
        ("<p>甲<br><br>乙</p>", "paragraph: 甲\nparagraph: 乙\n"),
        ("<p>　　甲<br>　　乙</p>", "paragraph: 甲\nparagraph: 乙\n"),
        ("<p>中文\n换行 and\nEnglish</p>", "paragraph: 中文换行 and English\n"),
        ("<p>m<sup>2</sup>H<sub>2</sub>O</p>", "paragraph: m{sup: 2}H{sub: 2}O\n"),
        ("<b>甲</b><u>乙</u><i>丙</i>", "paragraph: {strong: 甲}{underline: 乙}{emphasis: 丙}\n"),
        ('<span style="font-weight:700">甲</span>', "paragraph: {strong: 甲}\n"),
        ('<p style="text-align:center">甲', "paragraph center: 甲\n"),
        ("<center>甲</center>", "paragraph center: 甲\n"),
        (
            "<h2>甲</h2>文<h4>乙</h4>文",
            "heading 1: 甲\nparagraph: 文\nheading 3: 乙\nparagraph: 文\n",
        ),
        ("<h3>一、面积m<sup>2</sup></h3>文", "heading 1: 一、面积m{sup: 2}\nparagraph: 文\n"),
        ("<p><b>一、甲</b></p>文", "heading 1: 一、甲\nparagraph: 文\n"),
        ("<ul><li>甲<ul><li>乙</ul><li>丙</ul>", "* 甲\n  * 乙\n* 丙\n"),
        ("<ul><li>甲</li><ul><li>乙</li></ul></ul>", "* 甲\n  * 乙\n"),
        ("<ol start=3><li>甲<li>乙</ol>", "3. 甲\n4. 乙\n"),
        ("<ol><li>甲<li>乙<li value=7>丙<li>丁</ol>", "1. 甲\n2. 乙\n7. 丙\n8. 丁\n"),
        ("<ol start=2><li>落实开放</ol>文", "heading 3: 2. 落实开放\nparagraph: 文\n"),
        (
            "<p>甲<img src='图.png' alt='示 意'>乙</p>",
            "paragraph: 甲\nimage 图.png: 示 意\nparagraph: 乙\n",
        ),
        ("<img src='./%E5%9B%BE.png'>", "image 图.png: \n"),
        ("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>", "paragraph: 甲\nparagraph: 乙\n"),
        ("甲<o:p>乙</o:p><st1:place>丙</st1:place>", "paragraph: 甲乙丙\n"),
        ("印发<关于公开的意见>，小于<5", "paragraph: 印发<关于公开的意见>，小于<5\n"),
    ],
)
def test_html_becomes_the_blocks_an_editor_meant(html: str, seen: str) -> None:
    assert of_html(html) == seen


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<!-- 草稿 -->",
        "<p onclick='alert(1)' style='position:fixed' class=x id=y></p>",
        "<template><p>模板</p></template>",
        "<span style='display:none'> </span>",
        "<noscript></noscript>",
        "<noscript><img src='//tongji.example/p.gif'></noscript>",
        "<style>@media screen{p{color:red}.x{display:none}}</style>",
    ],
)
def test_what_is_not_meant_to_be_read_leaves_nothing(attack: str) -> None:
    assert parse_body(f"<p>甲</p>{attack}<p>乙</p>", "html").html == "<p>甲</p>\n<p>乙</p>"


@pytest.mark.parametrize("start", ["<!--", "<style>", "<style>@media all{", "<script "])
def test_what_is_never_closed_costs_no_more_than_its_length(start: str) -> None:
    began = monotonic()
    assert parse_body("<p>甲</p>" + start * 20_000, "html").html == "<p>甲</p>"
    assert monotonic() - began < 5, "it was minutes"


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("https://mmbiz.example/a?wx_fmt=gif", "“https://mmbiz.example/a?wx_fmt=gif”"),
        ("data:image/png;base64,AA", "没有文件名"),
    ],
)
@pytest.mark.parametrize("body_format", ["html", "markdown"])
def test_foreign_picture_is_refused_with_the_mend(
    source: str, named: str, body_format: str
) -> None:
    body = f"![图解]({source})" if body_format == "markdown" else f'<p><img src="{source}"></p>'
    sentence = refusal(body, body_format)
    assert named in sentence
    assert "images" in sentence


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<p>甲<del>删去</del></p>", "删除线的文字“删去”"),
        ("<span style='text-decoration:line-through'>删去</span>", "删除线"),
        ("<iframe src='https://v.example/'></iframe>", "视频"),
        ("<svg><text>甲</text></svg>", "图形"),
        ("<textarea>甲</textarea>", "表单"),
        ("请安装<APP名称>后", "“<APP名称>”"),
        ("<zhang@xinji.example>", "网页标签"),
        ("<ul><li>甲<ul><li>乙</ul>丙</ul>", "“丙”"),
        ("<ul>甲<li>乙</ul>", "“甲”"),
        ("<ul><li>甲<img src='图.png'></ul>", "列表里有图片"),
        ("<table><tr><td>甲<td><img src='图.png'></table>", "第 1 张表的单元格里有图片"),
        ("<table><tr><td>甲<td><table><tr><td>乙<td>丙</table></table>", "里有表格"),
        ("", "正文是空的"),
        ("<p>&nbsp;</p>", "正文是空的"),
        ("<div>" * 101 + "甲", "嵌套超过 100 层"),
        ("<div>" * 60_000 + "甲", "嵌套超过 100 层"),
        ("<b>" * 90_000 + "甲", "嵌套超过 100 层"),
        ("甲" * 500_001, "超过 500,000"),
    ],
)
def test_what_cannot_be_carried_is_refused_by_name(html: str, named: str) -> None:
    assert named in refusal(html)


def test_unknown_format_is_refused() -> None:
    assert "docx" in refusal("甲", "docx")


# --- Tables


def table(html: str) -> Table:
    (block,) = parse_body(html, "html").blocks
    assert isinstance(block, Table)
    assert sum(cell.colspan * cell.rowspan for row in block.rows for cell in row) == (
        block.columns * len(block.rows)
    )
    return block


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        ("<tr><td>甲<td>乙<tr><td>丙", "table 2 wide, 0 head: \n  甲 | 乙\n  丙 | \n"),
        (
            "<tr><td>甲<td rowspan=2>乙<tr><td>丙<tr><td>丁",
            "table 2 wide, 0 head: \n  甲 | 乙 <1x2>\n  丙\n  丁 | \n",
        ),
        (
            "<tr><td rowspan=99>甲<td>乙<tr><td>丙",
            "table 2 wide, 0 head: \n  甲 <1x2> | 乙\n  丙\n",
        ),
        ("<tr><td rowspan=0>甲<td>乙<tr><td>丙", "table 2 wide, 0 head: \n  甲 <1x2> | 乙\n  丙\n"),
        (
            "<tr><td>甲<td>乙<tr></tr><tr><td>丙<td>丁",
            "table 2 wide, 0 head: \n  甲 | 乙\n  丙 | 丁\n",
        ),
        ("<tr><th>甲<th>乙<tr><th>丙<td>1", "table 2 wide, 1 head: \n  # 甲 | # 乙\n  # 丙 | 1\n"),
        (
            "<thead><tr><td>甲<td>乙</thead><tfoot><tr><td>合计<td>3</tfoot><tr><td>丙<td>3",
            "table 2 wide, 1 head: \n  # 甲 | # 乙\n  丙 | 3\n  合计 | 3\n",
        ),
        (
            "<tr><td><b>甲</b><td><b>乙</b><tr><td>1<td>2",
            "table 2 wide, 1 head: \n  # 甲 | # 乙\n  1 | 2\n",
        ),
        (
            "<tr><td>甲<p>乙<td>丙<br>丁<tr><td>1<td>2",
            "table 2 wide, 0 head: \n  甲⏎乙 | 丙⏎丁\n  1 | 2\n",
        ),
        (
            "<tr><td>甲<td><ol><li>一<li>二</ol><ul><li>三</ul><tr><td>1<td>2",
            "table 2 wide, 0 head: \n  甲 | 1. 一⏎2. 二⏎• 三\n  1 | 2\n",
        ),
    ],
)
def test_table_covers_every_place_once(rows: str, seen: str) -> None:
    html = f"<table>{rows}</table>"
    table(html)
    assert of_html(html) == seen


def test_overlapping_cells_are_refused() -> None:
    html = "<table><tr><td>甲<td rowspan=2>乙<tr><td colspan=2>丙</table>"
    assert refusal(html) == "第 1 张表第 2 行的合并单元格互相重叠。请重新合并这些单元格。"


def test_monstrous_table_is_refused() -> None:
    assert "超过 60 列" in refusal("<table><tr><td colspan=61>甲<td>乙</table>")


def test_rowspan_of_the_head_ends_with_the_head() -> None:
    html = "<table><thead><tr><th rowspan=3>甲<th>乙</thead><tr><td>丙<td>丁</table>"
    assert [len(row) for row in table(html).rows] == [2, 2]
