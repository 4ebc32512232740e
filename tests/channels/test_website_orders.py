"""Corrected, withdrawn, expired: what page and feeds say, and what no file says any more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from channels.website import Website
from publisher.channel import PermanentError, Rendition
from publisher.content import parse_body
from publisher.model import Action, Item, PostingPeriod
from tests.channels.website_items import a_website, many_items
from tests.factories import an_asset, an_item, later
from tests.support.shelves import rendered

FEEDS = ("atom.xml", "rss.xml")
NEW = parse_body("现将核对后的数据重新公布。", "text", frozenset())
AT = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def entries(rendition: Rendition, name: str) -> list[Any]:
    feed = feedparser.parse(rendition.file(name).data)
    assert not feed.bozo, feed.get("bozo_exception")
    return list(feed.entries)


def page(rendition: Rendition) -> Any:
    return html.document_fromstring(rendition.files[0].data.decode())


def notices(rendition: Rendition) -> list[str]:
    return [one.text_content() for one in page(rendition).find_class("notice")[0]]


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return a_website(tmp_path)


# --- corrected ----------------------------------------------------------------------------


def test_a_correction_is_the_same_page_with_the_new_text_and_why(website: Website) -> None:
    item = an_item()
    corrected = later(item, Action.CORRECT, "表二金额单位有误。", document=NEW)
    twice = later(corrected, Action.CORRECT, "附表漏列一项", days=9)
    rendition = rendered(website, [twice])
    assert rendition.files[0].name == website.render([item]).files[0].name
    assert "现将核对后的数据重新公布" in page(rendition).text_content()
    assert "不公开为例外" not in page(rendition).text_content()
    assert notices(rendition) == [
        "2026年12月2日更正：附表漏列一项。",
        "2026年11月24日更正：表二金额单位有误。",
    ]


@pytest.mark.parametrize("name", FEEDS)
def test_a_reader_sees_publication_correction_and_withdrawal_of_one_entry(
    website: Website, name: str
) -> None:
    item, *others = many_items(3)
    item, others = others[-1], [item, *others[:-1]]
    corrected = later(item, Action.CORRECT, "数据有误", document=NEW)
    withdrawn = later(corrected, Action.WITHDRAW, "涉及商业秘密", days=2)
    states: Sequence[Item] = (item, corrected, withdrawn)
    found = [entries(rendered(website, [one], others), name) for one in states]
    ids = [entry.id for entry in found[0]]
    assert ids[-1] == item.url, "the oldest stands last"
    told = [f"{item.url}#notice-2", f"{item.url}#notice-1"]
    for place, one in enumerate(found):
        news = [entry.id for entry in one if "#" in entry.id]
        assert news == told[2 - place :], "each change is told once as news, the newest first"
        assert sorted(entry.id for entry in one) == sorted([*ids, *news])
        first = {entry.id for entry in one[: place + 1]}
        assert place == 0 or first == {item.url, *news}, "what changed comes first"
    first, second, third = ({entry.id: entry for entry in one}[item.url] for one in found)
    assert [one.title for one in (first, second, third)] == [
        "关于第1号公开事项的通知",
        "［更正］关于第1号公开事项的通知",
        "［已撤回］关于第1号公开事项的通知",
    ]
    assert second.summary.startswith("2026年11月24日更正：数据有误。现将核对后的数据")
    assert third.summary == "2026年11月25日撤回：涉及商业秘密。"
    assert "不公开为例外" in first.content[0].value
    assert "现将核对后的数据" in second.content[0].value
    assert "现将核对后的数据" not in str(found[2])
    assert "数据有误" not in str(found[2]), "of what is withdrawn only that is told"
    updated = [
        one.updated_parsed if "updated" in one else one.published_parsed
        for one in (first, second, third)
    ]
    assert updated == sorted(set(updated))
    assert first.published == second.published == third.published


@pytest.mark.parametrize("name", FEEDS)
def test_a_correction_and_a_withdrawal_come_as_news_of_their_own(
    website: Website, name: str
) -> None:
    """Who reads by mail never gets an entry twice."""
    item, other = many_items(2)
    corrected = later(item, Action.CORRECT, "数据有误", document=NEW)
    twice = later(corrected, Action.CORRECT, "附表漏列一项", days=3)
    gone = later(other, Action.WITHDRAW, "涉及商业秘密", days=2)
    found = {one.id: one for one in entries(rendered(website, [twice, gone]), name)}
    news = {key.partition("#")[2]: one for key, one in found.items() if "#" in key}
    assert {(key, one.title) for key, one in found.items() if "#" in key} == {
        (f"{item.url}#notice-1", f"更正公告：{item.revision.title}"),
        (f"{item.url}#notice-2", f"更正公告：{item.revision.title}"),
        (f"{other.url}#notice-1", f"撤回公告：{other.revision.title}"),
    }
    assert news["notice-2"].summary == "2026年11月26日更正：附表漏列一项。"
    assert news["notice-2"].link == f"{item.url}#notice-2"
    content = found[f"{other.url}#notice-1"].content[0].value
    assert "2026年11月25日撤回：涉及商业秘密。" in content
    assert "不公开为例外" not in content
    (notice,) = page(rendered(website, [twice])).xpath("//*[@id='notice-2']")
    assert notice.text_content() == news["notice-2"].summary


def test_a_minor_correction_mends_page_and_feeds_in_silence(website: Website) -> None:
    item, other = many_items(2)
    minor = later(other, Action.CORRECT, document=NEW)
    rendition = rendered(website, [minor], [item])
    assert page(rendition).find_class("notice") == []
    before = entries(rendered(website, [other], [item]), "atom.xml")
    after = entries(rendition, "atom.xml")
    assert [(one.id, one.title, one.updated) for one in after] == [
        (one.id, one.title, one.updated) for one in before
    ]
    assert "现将核对后的数据" in after[1].content[0].value
    assert "不公开为例外" not in after[1].content[0].value


@pytest.mark.parametrize("name", ["index.html", "list/year/2026/index.html"])
def test_lists_keep_the_order_of_publication(website: Website, name: str) -> None:
    new, middle, old = many_items(3)
    corrected = later(old, Action.CORRECT, "数据有误")
    rendition = rendered(website, [corrected], [middle, new])
    tree: Any = html.document_fromstring(rendition.file(name).data)
    shown = tree.xpath("//ol[@class='lines']/li")
    hrefs = [str(href).removeprefix("../../../") for li in shown for href in li.xpath("./a/@href")]
    assert hrefs == ["2026/00003.html", "2026/00002.html", "2026/00001.html"]
    assert [li.xpath(".//*[@class='mark']/text()") for li in shown] == [[], [], ["更正"]]


# --- withdrawn ----------------------------------------------------------------------------


def test_a_withdrawn_item_leaves_a_stub_and_no_place_in_the_list(website: Website) -> None:
    item, other = many_items(2)
    rendition = rendered(website, [later(item, Action.WITHDRAW, "发布有误。")], [other])
    stub = page(rendition)
    assert stub.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert stub.xpath("//link[@rel='canonical']/@href") == [item.url]
    text = stub.xpath("//article")[0].text_content()
    assert text.split() == [
        "索引号130181/2026-00002",
        "关于第2号公开事项的通知",
        "本信息已撤回",
        "2026年11月24日撤回：发布有误。",
        "如有疑问，请联系：辛集市人民政府办公室",
        "0311-83220000",
    ]
    pages = [one for one in rendition.around if one.media_type.startswith("text/html")]
    assert not [one.name for one in pages if item.revision.title in one.data.decode()]
    for name in ("index.html", "catalogue/index.html", "list/year/2026/index.html"):
        assert other.revision.title in rendition.file(name).data.decode()
    assert item.url not in rendition.file("sitemap/1.xml").data.decode()
    assert other.url in rendition.file("sitemap/1.xml").data.decode()
    mark = rendition.file("2026/00002/.gone")
    assert mark in rendition.files
    assert mark.data == b""


def test_a_tombstone_stands_beside_the_stub_and_is_not_older(website: Website) -> None:
    item, other = many_items(2)
    withdrawn = later(item, Action.WITHDRAW, "发布有误")
    for ours, stands in ((withdrawn, other), (other, withdrawn)):
        rendition = rendered(website, [ours], [stands])
        feed = etree.fromstring(rendition.file("atom.xml").data)
        (tombstone,) = feed.findall(AT)
        assert (tombstone.get("ref"), tombstone.get("when")) == (
            item.url,
            "2026-11-24T09:30:00+08:00",
        )
        assert entries(rendition, "atom.xml")[0].updated == tombstone.get("when")
    untouched = rendered(website, [item], [other]).file("atom.xml").data
    assert b"tombstones" not in untouched


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.WITHDRAW])
def test_a_recent_item_that_was_withdrawn_stays_withdrawn(website: Website, action: Action) -> None:
    item, other = many_items(2)
    withdrawn = replace(later(item, Action.WITHDRAW, "发布有误"), action=action)
    rendition = rendered(website, [other], [withdrawn])
    titles = {one.id: one.title for one in entries(rendition, "rss.xml")}
    assert titles[item.url] == f"［已撤回］{item.revision.title}"
    assert item.revision.title.encode() not in rendition.file("index.html").data


def test_what_was_withdrawn_can_be_withdrawn_whatever_its_text(website: Website) -> None:
    """A later rule of ours must not keep an old text out there."""
    item = an_item(summary="旧\x0b文")
    with pytest.raises(PermanentError):
        website.render([item])
    assert website.render([later(item, Action.WITHDRAW, "发布有误")]).files


def test_a_reason_that_cannot_be_written_is_refused(website: Website) -> None:
    with pytest.raises(PermanentError) as caught:
        website.render([later(an_item(), Action.WITHDRAW, "发布\x0b有误")])
    assert caught.value.field == "why"


_WORDS = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5), min_size=2, max_size=9)
"""Characters that no template, setting or title of ours has."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(_WORDS, min_size=13, max_size=13, unique=True), minor=st.booleans())
def test_no_word_of_a_withdrawn_item_is_in_any_file(
    website: Website, words: list[str], *, minor: bool
) -> None:
    body, other, summary, department, contact, topic, field, stage, kind, *names = words
    assets = [
        an_asset(f"{name}.pdf", name.encode(), title)
        for name, title in zip(names[:2], names[2:], strict=True)
    ]
    item = an_item(
        body=f"{body}\n\n{other}",
        summary=summary,
        department=department,
        doc_number=f"{kind}〔2018〕1号",
        contact=contact,
        topics=(topic,),
        field=field,
        five_open_stage=stage,
        kind=kind,
        attachments=(assets[0],),
        images=(assets[1],),
        posting=PostingPeriod(
            first=date(2026, 11, 1), last=date(2026, 11, 9), place=other, contact=contact
        ),
    )
    published = rendered(website, [item])
    everything = _all(published)
    assert body in everything
    assert names[0] in everything
    item = later(item, Action.CORRECT, "" if minor else "数据有误")
    withdrawn = later(item, Action.WITHDRAW, "发布有误")
    rendition = rendered(website, [withdrawn], many_items(2))
    lists = {department, topic, field, stage}
    left = _all(rendition)
    assert [word for word in words if word in left and word not in lists] == []
    # A list stays where it is, with its name and without the item.
    left = _all(rendition, lambda name: not name.startswith(("list/", "subscribe.html")))
    assert [word for word in words if word in left] == []


def _all(rendition: Rendition, wanted: Callable[[str], bool] = bool) -> str:
    return "\n".join(
        f"{file.name}\n{file.data.decode()}" for file in rendition.every if wanted(file.name)
    )
