"""The body of a page: what the blocks become, and the Chinese conventions of a document."""

import json
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import html

from publisher.channel import PermanentError
from publisher.content import AttachmentBlock, Document
from publisher.model import PostingPeriod
from tests.channels.test_website_pages import tree
from tests.channels.website_items import a_website
from tests.factories import BEIJING, an_asset, an_item
from tests.support.shelves import rendered


def test_an_attachment_named_in_the_text_is_listed_on_the_page_and_a_link_in_feeds(
    tmp_path: Path,
) -> None:
    block = AttachmentBlock("a.pdf", "任务分解表")
    item = an_item(attachments=(an_asset("a.pdf", b"%PDF"),))
    named = replace(item, revision=replace(item.revision, document=Document((block,))))
    rendition = rendered(a_website(tmp_path), [named])
    page = tree(rendition)
    assert page.find_class("body")[0].xpath(".//a") == [], "it has a place of its own"
    assert page.find_class("downloads")[0].xpath(".//a/@href") == ["../2026/00001/a.pdf"]
    (entry,) = json.loads(rendition.file("feed.json").data)["items"]
    (link,) = html.fragment_fromstring(entry["content_html"]).iter("a")
    assert link.get("href") == "https://www.xinji.example/2026/00001/a.pdf"
    assert link.text_content() == "任务分解表"
    missing = replace(named, revision=replace(named.revision, attachments=()))
    with pytest.raises(PermanentError, match=r"a\.pdf") as caught:
        rendered(a_website(tmp_path), [missing])
    assert caught.value.field == "attachments"


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        (["1.甲", "2.乙"], "h2.level-3 h2.level-3"),
        (["一、甲", "1.乙", "（一）丙"], "h2.level-1 h3.level-3 h3.level-2"),
        (
            ["（一）甲", "（1）乙", "一、丙", "（一）丁"],
            "h2.level-2 h3.level-4 h2.level-1 h3.level-2",
        ),
    ],
)
def test_headings_skip_no_rank_and_keep_their_look(
    tmp_path: Path, lines: list[str], tags: str
) -> None:
    text = "\n\n".join(f"{line}\n\n正文。" for line in lines)
    page = tree(a_website(tmp_path).render([an_item(body=text)]))
    heads = page.find_class("body")[0].xpath("./*[starts-with(name(), 'h')]")
    assert " ".join(f"{one.tag}.{one.get('class')}" for one in heads) == tags


@pytest.mark.parametrize(
    "first",
    [
        "各乡、镇人民政府，市政府各部门：",
        "各乡、镇人民政府，经济开发区管委会，市政府有关部门：",
        "各乡镇人民政府（街道办事处），各有关单位（企业）：",
        "市财政局：",
        "广大市民朋友：",
    ],
)
def test_whom_a_document_speaks_to_is_set_apart(tmp_path: Path, first: str) -> None:
    page = tree(a_website(tmp_path).render([an_item(body=f"{first}\n\n请认真执行。")]))
    (addressee,) = page.find_class("addressee")
    assert addressee.text_content() == first


@pytest.mark.parametrize(
    "first",
    [
        "只有一句话。",
        "根据年度公共文化服务计划，市文化馆组织7支文艺团队开展重阳节惠民演出，现将排期公布如下：",
        "市政府各部门要做好以下工作：",
        "主办单位：",
        "请各单位抓紧报名。联系市文化馆办公室：",
    ],
)
def test_what_only_ends_in_a_colon_is_indented_like_the_rest(tmp_path: Path, first: str) -> None:
    page = tree(a_website(tmp_path).render([an_item(body=f"{first}\n\n其余从略。")]))
    assert page.find_class("addressee") == []


def test_dates_are_written_without_leading_zeros(tmp_path: Path) -> None:
    posting = PostingPeriod(first=date(2025, 2, 3), last=date(2025, 3, 9))
    item = an_item(
        published_at=datetime(2025, 2, 3, 9, 5, tzinfo=BEIJING),
        formed_on=date(2025, 1, 2),
        posting=posting,
    )
    words = tree(a_website(tmp_path).render([item]), "2025/00001.html").text_content()
    assert not re.search("年0|月0", words)
    for day in ("2025年1月2日", "2025年2月3日 09:05", "2025年2月3日至2025年3月9日"):
        assert day in words
