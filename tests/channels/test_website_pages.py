"""The pages read as a harvester reads them: head block, meta tags, links, and sound HTML."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html
from lxml.html import HtmlElement
from pydantic import ValidationError

from channels.website import Options, build
from publisher.channel import PermanentError, Rendition
from publisher.model import PostingPeriod
from tests.channels.website_items import a_website, many_items
from tests.factories import a_house, an_asset, an_item

PAGE = "2026/00001.html"
VOID = {"meta", "link", "img", "br", "hr", "col", "input", "wbr"}
TABLE = """前言。

| 科目 | 金额 |
| --- | ---: |
| 教育支出 | 159,200.00 |
"""


class Balance(HTMLParser):
    """Collects tags that are opened and not closed, or closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"{tag}: an attribute twice")
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag}: closed out of turn")


def tree(rendition: Rendition, name: str = PAGE) -> HtmlElement:
    return html.document_fromstring(rendition.file(name).data)


def metas(rendition: Rendition, name: str = PAGE) -> dict[str, str]:
    return {
        str(meta.get("name")): str(meta.get("content"))
        for meta in tree(rendition, name).iter("meta")
        if meta.get("name")
    }


def facts(rendition: Rendition) -> dict[str, str]:
    dl = tree(rendition).find_class("facts")[0]
    texts = [element.text_content().strip() for element in dl.iter("dt", "dd")]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_the_header_block_has_the_five_fields_in_order(tmp_path: Path) -> None:
    found = facts(a_website(tmp_path).render([an_item()]))
    wanted = {
        "名称": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
        "发布机构": "辛集市人民政府办公室",
        "发文字号": "辛政办字〔2018〕1号",
        "发布日期": "2026年11月23日",
        "有效性": "有效",
    }
    assert [name for name in found if name in wanted] == list(wanted)
    assert wanted.items() <= found.items()
    assert found["索引号"] == "130181/2026-00001"
    assert found["成文日期"] == "2018年1月20日"


def test_an_item_without_a_number_says_so(tmp_path: Path) -> None:
    assert facts(a_website(tmp_path).render([an_item(doc_number="")]))["发文字号"] == "无"


def test_the_meta_tags_of_the_state_council_s_annex(tmp_path: Path) -> None:
    site = {
        "SiteName": "辛集市人民政府",
        "SiteDomain": "www.xinji.example",
        "SiteIDCode": "1301810003",
        "ColumnName": "政府信息公开",
        "ColumnType": "信息公开目录",
    }
    rendition = a_website(tmp_path).render([an_item(summary="一句话概述。", topics=("试点",))])
    page = {
        "ArticleTitle": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
        "PubDate": "2026-11-23 09:30",
        "ContentSource": "辛集市人民政府办公室",
        "Keywords": "财政预决算,执行,其他文件,试点",
        "Description": "一句话概述。",
        "Url": "https://www.xinji.example/2026/00001.html",
    }
    assert (site | page).items() <= metas(rendition).items()
    assert site.items() <= metas(rendition, "index.html").items()
    assert "ArticleTitle" not in metas(rendition, "index.html")


@pytest.mark.parametrize("name", [PAGE, "index.html"])
def test_the_html_is_well_formed_and_asks_nothing_of_others(tmp_path: Path, name: str) -> None:
    item = an_item(
        body=TABLE,
        body_format="markdown",
        attachments=(an_asset("a.pdf", b"%PDF"),),
        posting=PostingPeriod(first=date(2026, 11, 24), last=date(2026, 11, 30)),
        validity="失效",
        contact="0311-83220000",
    )
    rendition = a_website(tmp_path).render([item], many_items(4)[:3])
    text = rendition.file(name).data.decode()
    balance = Balance()
    balance.feed(text)
    assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert balance.faults == []
    assert balance.open == []
    assert len(set(balance.ids)) == len(balance.ids)
    page = tree(rendition, name)
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    assert page.xpath("//script") == []
    fetched = page.xpath("//@src | //link[@rel='stylesheet']/@href")
    assert all("//" not in str(address) for address in fetched)


def test_every_link_of_a_page_leads_to_a_file_of_the_site(tmp_path: Path) -> None:
    files = (an_asset("任务 分解表#1.pdf", b"%PDF"),)
    rendition = a_website(tmp_path).render([an_item(attachments=files)])
    names = {file.name for file in rendition.files} | {""}
    for name in (PAGE, "index.html"):
        links = tree(rendition, name).xpath("//a/@href | //link[not(@rel='canonical')]/@href")
        depth = name.count("/")
        for link in map(str, links):
            if link.startswith("#"):
                continue
            path = link.split("?")[0].removeprefix("../" * depth).removeprefix("./")
            assert unquote(path) in names, link


def test_without_a_summary_the_description_says_what_the_text_says(tmp_path: Path) -> None:
    body = "各乡、镇人民政府，市政府各部门：\n\n" + "坚持以公开为常态、不公开为例外。" * 9
    description = metas(a_website(tmp_path).render([an_item(body=body)]))["Description"]
    assert description.startswith("坚持以公开为常态")
    assert description.endswith("…")
    assert len(description) == 100


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    evil = """<script>alert(1)</script>"'&<img src=x onerror=alert(1)>"""
    item = an_item(
        title=evil,
        department=evil,
        doc_number=evil,
        field=evil,
        summary=evil,
        validity=evil,
        topics=(evil,),
        contact=evil,
        attachments=(an_asset("a.pdf", b"%PDF", evil, 'application/pdf"><b>'),),
        posting=PostingPeriod(
            first=date(2026, 11, 24), last=date(2026, 11, 30), place=evil, contact=evil
        ),
    )
    rendition = a_website(tmp_path).render([item])
    for name in (PAGE, "index.html"):
        page = tree(rendition, name)
        assert page.xpath("//script | //*[@onerror] | //b") == []
        assert evil in page.text_content()
    assert metas(rendition)["ArticleTitle"] == evil
    assert facts(rendition)["名称"] == evil


def test_pictures_and_attachments_are_found_beside_the_page(tmp_path: Path) -> None:
    picture = an_asset("图1.png", b"\x89PNG picture", "流程图", "image/png")
    item = an_item(
        body="![流程图](图1.png)\n\n正文。",
        body_format="markdown",
        images=(picture,),
        attachments=(an_asset("a.pdf", b"x" * 1_300_000, "任务分解表"),),
    )
    rendition = a_website(tmp_path).render([item])
    assert rendition.file("2026/00001/图1.png").data == picture.data
    page = tree(rendition)
    (image,) = page.iter("img")
    assert image.get("src") == "../2026/00001/%E5%9B%BE1.png"
    assert image.get("alt") == "流程图"
    downloads = page.find_class("downloads")[0]
    assert "任务分解表 PDF，1.2 MB" in " ".join(downloads.text_content().split())
    assert downloads.xpath(".//a/@href") == ["../2026/00001/a.pdf"]
    feed = rendition.file("atom.xml").data.decode()
    assert "https://www.xinji.example/2026/00001/%E5%9B%BE1.png" in feed


def test_a_picture_that_was_not_uploaded_is_named(tmp_path: Path) -> None:
    picture = an_asset("图1.png", b"\x89PNG", "流程图", "image/png")
    item = an_item(body="![流程图](图1.png)", body_format="markdown", images=(picture,))
    bare = replace(item, revision=replace(item.revision, images=()))
    with pytest.raises(PermanentError, match=r"图1\.png") as caught:
        a_website(tmp_path).render([bare])
    assert caught.value.field == "images"


def test_a_table_scrolls_in_a_labelled_box_that_takes_the_keyboard(tmp_path: Path) -> None:
    page = tree(a_website(tmp_path).render([an_item(body=TABLE, body_format="markdown")]))
    (box,) = page.find_class("table")
    assert (box.get("role"), box.get("tabindex")) == ("region", "0")
    assert box.get("aria-label")
    assert box.xpath("./table//td/text()") == ["教育支出", "159,200.00"]


def test_a_posting_shows_its_first_and_last_day(tmp_path: Path) -> None:
    posting = PostingPeriod(
        first=date(2026, 11, 24), last=date(2026, 11, 30), place="市政府公示栏", contact="纪检组"
    )
    page = tree(a_website(tmp_path).render([an_item(posting=posting)]))
    words = " ".join(page.find_class("posting")[0].text_content().split())
    assert "2026年11月24日至2026年11月30日" in words
    assert "公示地点：市政府公示栏" in words
    assert "意见受理：纪检组" in words


def test_a_page_that_is_no_longer_valid_says_so_above_the_text(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    assert tree(website.render([an_item()])).find_class("notice") == []
    (notice,) = tree(website.render([an_item(validity="废止")])).find_class("notice")
    assert "废止" in notice.text_content()


def test_the_home_page_marks_field_and_stage_and_groups_by_month(tmp_path: Path) -> None:
    items = many_items(60)
    page = tree(a_website(tmp_path).render(items[:1], items[1:]), "index.html")
    assert page.xpath("//main//section/h2/text()") == ["2026年11月"]
    lines = page.xpath("//main//li")
    assert len(lines) == 50
    assert " ".join(lines[1].text_content().split()) == (
        "关于第59号公开事项的通知 11-23 安全生产 执行公开 辛集市人民政府办公室"
    )
    assert lines[1].xpath("./a/@href") == ["2026/00059.html"]


def test_nothing_local_stands_in_a_site_that_did_not_set_it(tmp_path: Path) -> None:
    rendition = build("gov_website", Options(), a_house(tmp_path)).render([an_item()])
    footer = tree(rendition).xpath("//footer")[0].text_content()
    for word in ("主办", "承办", "ICP", "公网安备", "网站标识码"):
        assert word not in footer
    assert "SiteIDCode" not in metas(rendition)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("site_code", "130181"),
        ("icp", "冀ICP备号"),
        ("police", "公网安备13018102000135号"),
        ("column_type", "新闻"),
        ("entries", 0),
        ("unknown", "x"),
    ],
)
def test_options_of_a_wrong_form_are_refused(option: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({option: value})
