"""Blocks as HTML, with the hooks of channels, and all words for the scans."""

import pytest

from publisher.content import (
    AttachmentBlock,
    Cell,
    Document,
    Heading,
    ImageBlock,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
    described,
    every_word,
    parse_body,
    to_html,
)

LINKED = Paragraph(
    (Run("见"), Run("网", href="https://a.example/?b=1&c=2"), Run("。", strong=True))
)


def test_every_character_of_html_is_escaped() -> None:
    blocks = (
        Paragraph((Run("<b>&\"'", strong=True),)),
        ImageBlock('a"b.png', '<甲>"'),
        Table(((Cell((Run("<td>"),)),),), 1, "<表>"),
    )
    assert to_html(blocks) == (
        "<p><strong>&lt;b&gt;&amp;\"'</strong></p>\n"
        '<p><img src="a&quot;b.png" alt="&lt;甲&gt;&quot;"></p>\n'
        "<table><caption>&lt;表&gt;</caption><tbody><tr><td>&lt;td&gt;</td></tr></tbody></table>"
    )


def test_channel_says_where_pictures_and_links_point_to() -> None:
    html = to_html(
        [LINKED, ImageBlock("图.png", "示意")],
        image_src=lambda name: f"https://img.example/{name}",
        link=lambda href: "" if "b=1" in href else href,
    )
    assert html == (
        '<p>见网<strong>。</strong></p>\n<p><img src="https://img.example/图.png" alt="示意"></p>'
    )


def test_link_keeps_its_styles_inside_one_anchor() -> None:
    link = "https://a.example"
    block = Paragraph((Run("甲", href=link), Run("乙", strong=True, href=link)))
    assert to_html([block]) == '<p><a href="https://a.example">甲<strong>乙</strong></a></p>'


def test_channel_chooses_the_tag_of_level_one_and_the_mark_of_alignment() -> None:
    title, sub = Heading(1, (Run("甲"),)), Heading(4, (Run("乙"),))
    blocks = (title, sub, Paragraph((Run("丙"),), "right"))
    assert to_html(blocks) == "<h2>甲</h2>\n<h5>乙</h5>\n<p>丙</p>"
    html = to_html(blocks, top=1, align=lambda side: f' class="{side}"')
    assert html == '<h1>甲</h1>\n<h4>乙</h4>\n<p class="right">丙</p>'


def test_attachments_are_left_to_the_channel() -> None:
    assert (
        to_html([AttachmentBlock("a.pdf", "甲"), Paragraph((Run("乙\n丙"),))]) == "<p>乙<br>丙</p>"
    )


def test_lists_keep_their_start_and_nesting() -> None:
    inner = ListBlock((ListItem((Run("乙"),)),))
    block = ListBlock(
        (ListItem((Run("甲"),), (inner,)), ListItem((Run("丙"),))), ordered=True, start=3
    )
    assert to_html([block]) == '<ol start="3"><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>'


def test_head_cells_say_what_they_head() -> None:
    html = (
        "<table><thead><tr><th rowspan=2>镇<th colspan=2>安排<tr><th>日<th>人</thead>"
        "<tr><th rowspan=2>甲<td>1<td>2<tr><td>3<td>4</table>"
    )
    assert parse_body(html, "html").html == (
        '<table><thead><tr><th scope="col" rowspan="2">镇</th>'
        '<th scope="colgroup" colspan="2">安排</th></tr>'
        '<tr><th scope="col">日</th><th scope="col">人</th></tr></thead>'
        '<tbody><tr><th scope="rowgroup" rowspan="2">甲</th><td>1</td><td>2</td></tr>'
        "<tr><td>3</td><td>4</td></tr></tbody></table>"
    )


def test_head_cell_that_reaches_into_the_body_is_not_cut_off_by_thead() -> None:
    html = "<table><tr><th rowspan=2>甲<th>乙<tr><td>1</table>"
    assert "<thead>" not in parse_body(html, "html").html


def test_every_word_holds_what_the_plain_text_leaves_out() -> None:
    table = Table(((Cell((Run("张某"),)), Cell((Run("1"),))),), 2, "名单")
    listed = ListBlock((ListItem((), (ListBlock((ListItem((Run("拨", href="tel:138"),)),)),)),))
    document = Document((LINKED, table, listed, ImageBlock("a.png", "图解")))
    words = every_word(document)
    for word in ("名单", "张某\t1", "https://a.example/?b=1&c=2", "tel:138", "图解"):
        assert word in words


@pytest.mark.parametrize(
    ("body", "body_format", "told"),
    [
        ("<p>见图</p><img src='图.png'>", "html", "三步 办结"),
        ("<p>见图</p><img src='图.png' alt=' '>", "html", "三步 办结"),
        ("<p>见图</p><img src='./图.png' alt='图.PNG'>", "html", "三步 办结"),
        ("见图\n\n![](图.png)\n", "markdown", "三步 办结"),
        ("<p>见图</p><img src='图.png' alt='流程'>", "html", "流程"),
    ],
)
def test_a_picture_of_which_the_body_says_nothing_bears_its_description(
    body: str, body_format: str, told: str
) -> None:
    document = described(
        parse_body(body, body_format, frozenset({"图.png"})), {"图.png": " 三步\n办结"}
    )
    assert document.blocks[-1] == ImageBlock("图.png", told)
    assert f'alt="{told}"' in document.html
