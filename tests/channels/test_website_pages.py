"""The pages read as a harvester reads them: head block, meta tags, and what they show."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from pydantic import ValidationError

from channels.website import Options, build
from publisher.channel import PermanentError, Rendition
from publisher.model import PostingPeriod
from tests.channels.website_items import FIELDS, STAGES, a_website, many_items
from tests.factories import a_house, an_asset, an_item
from tests.support.shelves import rendered

PAGE = "2026/00001.html"
TABLE = """前言。

| 科目 | 金额 |
| --- | ---: |
| 教育支出 | 159,200.00 |
"""


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
    }
    item = an_item(summary="一句话概述。", topics=("试点",))
    rendition = rendered(a_website(tmp_path), [item])
    page = {
        "ColumnName": "财政预决算",
        "ColumnType": "信息公开目录",
        "ArticleTitle": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
        "PubDate": "2026-11-23 09:30",
        "ContentSource": "辛集市人民政府办公室",
        "Keywords": "财政预决算,执行,其他文件,试点",
        "Description": "一句话概述。",
        "Url": "https://www.xinji.example/2026/00001.html",
    }
    columns = {
        "index.html": ("首页", "首页"),
        "catalogue/index.html": ("政府信息公开", "信息公开目录"),
        "list/stage/执行/index.html": ("执行公开", "信息公开目录"),
        "list/index.html": ("分类导航", "信息公开目录"),
    }
    assert (site | page).items() <= metas(rendition).items()
    for name, column in columns.items():
        found = metas(rendition, name)
        assert site.items() <= found.items()
        assert (found["ColumnName"], found["ColumnType"]) == column
        assert "ArticleTitle" not in found
    for name in (PAGE, *columns):
        assert metas(rendition, name)["ColumnDescription"]
        assert metas(rendition, name)["ColumnKeywords"]


@pytest.mark.parametrize(
    ("kind", "column"),
    [("政策解读", "政策解读"), ("回应关切", "回应关切"), ("其他文件", "信息公开目录")],
)
def test_what_explains_or_answers_is_of_a_column_of_its_own_type(
    tmp_path: Path, kind: str, column: str
) -> None:
    assert metas(a_website(tmp_path).render([an_item(kind=kind)]))["ColumnType"] == column


def test_without_a_summary_the_description_says_what_the_text_says(tmp_path: Path) -> None:
    body = "各乡、镇人民政府，市政府各部门：\n\n" + "坚持以公开为常态、不公开为例外。" * 9
    description = metas(a_website(tmp_path).render([an_item(body=body)]))["Description"]
    assert description.startswith("坚持以公开为常态")
    assert description.endswith("…")
    assert len(description) == 100


def test_pictures_and_attachments_are_found_beside_the_page(tmp_path: Path) -> None:
    picture = an_asset("图1.png", b"\x89PNG picture", "流程图", "image/png")
    item = an_item(
        body="![流程图](图1.png)\n\n正文。",
        body_format="markdown",
        images=(picture,),
        attachments=(an_asset("a.pdf", b"x" * 1_300_000, "任务分解表"),),
    )
    rendition = rendered(a_website(tmp_path), [item])
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


def test_the_home_page_shows_the_newest_with_field_and_stage(tmp_path: Path) -> None:
    items = many_items(60)
    page = tree(rendered(a_website(tmp_path), items[:1], items[1:]), "index.html")
    lines = page.xpath("//section[@class='newest']//li")
    assert len(lines) == 8
    assert " ".join(lines[1].text_content().split()) == (
        "关于第59号公开事项的通知 2026-11-23 安全生产 执行公开 辛集市人民政府办公室"
    )
    assert [one.get("href") for line in lines for one in line.iter("a")] == [
        f"2026/000{60 - place}.html" for place in range(8)
    ]
    fronts = {
        front.xpath(".//h3")[0].text_content(): front.xpath(".//li/a/text()")
        for front in page.find_class("front")
    }
    assert set(fronts) == {*FIELDS, *(f"{stage}公开" for stage in STAGES)}, "none that is empty"
    by_field = [one.revision.title for one in items if one.revision.field == "安全生产"]
    assert fronts["安全生产"] == by_field[:5]


@pytest.mark.parametrize("search", [True, False])
def test_crawlers_are_kept_out_of_the_search(tmp_path: Path, *, search: bool) -> None:
    robots = rendered(a_website(tmp_path, search=search), [an_item()]).file("robots.txt").data
    assert (b"Disallow: /search\n" in robots) is search


def test_a_list_groups_by_month(tmp_path: Path) -> None:
    items = many_items(90)
    rendition = rendered(a_website(tmp_path, per_page=100), items[:1], items[1:])
    page = tree(rendition, "list/year/2026/index.html")
    assert page.xpath("//main//section/h2/text()") == ["2026年11月", "2026年10月"]
    months = [
        [time.get("datetime")[:7] for time in section.iter("time")]
        for section in page.find_class("month")
    ]
    assert [set(month) for month in months] == [{"2026-11"}, {"2026-10"}]
    assert sum(map(len, months)) == 90


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
        ("per_page", 1),
        ("unknown", "x"),
    ],
)
def test_options_of_a_wrong_form_are_refused(option: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({option: value})
