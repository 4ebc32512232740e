"""WeChat's limits: kept by choice of words, by excerpt, or by a refusal that says the mend."""

import json
from typing import Any

import pytest
from lxml import html as lxml_html
from pydantic import ValidationError

from channels.wechat import WeChatChannel
from publisher.channel import PermanentError
from publisher.content import Block, Cell, Heading, ImageBlock, Run, Table
from publisher.model import Item
from tests.channels.wechat_items import COVER, a_covered_item, a_picture, an_image, p
from tests.channels.wechat_world import a_channel

POINTER = "全文请点击文末“阅读原文”"


@pytest.fixture(scope="module")
def channel() -> WeChatChannel:
    return a_channel()


def article(channel: WeChatChannel, item: Item) -> dict[str, Any]:
    return dict(json.loads(channel.render([item]).file("articles.json").data)["articles"][0])


def a_table(rows: int) -> Table:
    return Table(tuple((Cell((Run("村名"),)), Cell((Run(str(n)),))) for n in range(rows)), 2)


@pytest.mark.parametrize(
    ("title", "short", "used"),
    [
        ("题" * 32, "", "题" * 32),
        ("题" * 32, "短" * 10, "题" * 32),
        ("题" * 33, "短" * 32, "短" * 32),
    ],
)
def test_title(channel: WeChatChannel, title: str, short: str, used: str) -> None:
    assert article(channel, a_covered_item(title=title, short_title=short))["title"] == used


@pytest.mark.parametrize(("short", "said"), [("", "还没有填写短标题"), ("短" * 33, "短标题 33 字")])
def test_no_title_fits(channel: WeChatChannel, short: str, said: str) -> None:
    with pytest.raises(PermanentError) as caught:
        channel.render([a_covered_item(title="题" * 40, short_title=short)])
    assert caught.value.field == "short_title"
    assert "标题 40 字" in caught.value.reason
    assert said in caught.value.reason
    assert "32 字" in caught.value.reason


@pytest.mark.parametrize(
    ("department", "author"),
    [("辛集市财政局", "辛集市财政局"), ("局" * 16, "局" * 16), ("局" * 17, "辛集市")],
)
def test_author(channel: WeChatChannel, department: str, author: str) -> None:
    assert article(channel, a_covered_item(department=department))["author"] == author


def test_author_may_be_fixed() -> None:
    made = article(a_channel(author="政务公开办"), a_covered_item())
    assert made["author"] == "政务公开办"
    with pytest.raises(ValidationError, match="author"):
        a_channel(author="办" * 17)


SENTENCE = "本句恰好二十个字为测试摘要长度所写的。"


@pytest.mark.parametrize(
    ("summary", "paragraphs", "digest"),
    [
        ("已有摘要", ["正文。"], "已有摘要"),
        ("字" * 120, ["正文。"], "字" * 120),
        ("字" * 60 + "。" + "字" * 60 + "。", ["正文。"], "字" * 60 + "。"),
        ("字" * 130, ["正文。"], "字" * 118 + "……"),
        ("", ["各乡镇人民政府：", "第一句。第二句。"], "第一句。第二句。"),
        ("", [SENTENCE * 9], SENTENCE * (120 // len(SENTENCE))),
        ("", ["没有句号的正文"], "标题在此"),
        ("", ["第一段没有句号", "第二段有。"], "第二段有。"),
    ],
)
def test_digest(channel: WeChatChannel, summary: str, paragraphs: list[str], digest: str) -> None:
    item = a_covered_item(1, *map(p, paragraphs), title="标题在此", summary=summary)
    assert article(channel, item)["digest"] == digest


def test_a_shortened_summary_is_noted(channel: WeChatChannel) -> None:
    item = a_covered_item(summary="字" * 60 + "。" + "字" * 60 + "。")
    assert channel.render([item]).notes == ("摘要超过微信 120 字上限，已用其中 61 字",)


def test_the_longest_that_fits_is_sent_whole(channel: WeChatChannel) -> None:
    empty = len(article(channel, a_covered_item(1, p("")))["content"])
    whole = article(channel, a_covered_item(1, p("字" * (19_500 - empty))))["content"]
    assert len(whole) == 19_500
    assert POINTER not in whole
    assert POINTER in article(channel, a_covered_item(1, p("字" * (19_501 - empty))))["content"]


def test_a_long_text_is_cut_after_whole_blocks(channel: WeChatChannel) -> None:
    blocks = [p(f"第{n}段，" + "政务公开" * 40 + "。") for n in range(200)]
    rendition = channel.render([a_covered_item(1, *blocks)])
    content = json.loads(rendition.file("articles.json").data)["articles"][0]["content"]
    shown = [e.text for e in lxml_html.fragment_fromstring(content).findall("p") if not e.attrib]
    assert len(content) <= 19_500
    assert shown == [block.text[0].text for block in blocks[: len(shown)]]
    assert 19_500 - len(content) < len(f"<p>{blocks[0].text[0].text}</p>") + 2
    assert POINTER in content
    assert any(f"前 {len(shown)} 段（共 200 段）" in note for note in rendition.notes)


def test_a_table_is_never_cut(channel: WeChatChannel) -> None:
    blocks: list[Block] = [p("说明。"), Heading(1, (Run("一、名单"),)), a_table(2_000), p("完。")]
    content = article(channel, a_covered_item(1, *blocks))["content"]
    assert "说明。" in content
    assert "<table" not in content
    assert "一、名单" not in content, "a heading stands over nothing"
    assert POINTER in content


def test_where_nothing_fits_the_summary_and_the_pointer_remain(channel: WeChatChannel) -> None:
    item = a_covered_item(1, a_table(2_000), summary="共二百个村。")
    content = article(channel, item)["content"]
    assert "<p>共二百个村。</p>" in content
    assert POINTER in content


def test_addresses_of_pictures_count(channel: WeChatChannel) -> None:
    """Their names are short here; what WeChat calls them is not."""
    images = tuple(an_image(f"{n}.png", a_picture(8, 8)) for n in range(20))
    blocks: list[Block] = [p("字" * 15_000), *(ImageBlock(one.name, "图") for one in images)]
    item = a_covered_item(1, *blocks, images=(COVER, *images))
    rendition = channel.render([item])
    content = json.loads(rendition.file("articles.json").data)["articles"][0]["content"]
    shown = content.count("<img ")
    assert 0 < shown < 20
    assert len(content.replace(".png", "." + "x" * 190)) < 20_000
    assert sum(file.name.startswith("image-") for file in rendition.files) == shown


@pytest.mark.parametrize("count", [0, 9])
def test_number_of_articles(channel: WeChatChannel, count: int) -> None:
    with pytest.raises(PermanentError, match="1 至 8 篇"):
        channel.render([a_covered_item(n) for n in range(1, count + 1)])


def test_eight_articles_go_together(channel: WeChatChannel) -> None:
    rendition = channel.render([a_covered_item(n) for n in range(1, 9)])
    assert len(json.loads(rendition.file("articles.json").data)["articles"]) == 8


def test_notes_say_which_article(channel: WeChatChannel) -> None:
    long = a_covered_item(1, title="题" * 33, short_title="短题")
    assert channel.render([long, a_covered_item(2)]).notes[0].startswith(f"“{'题' * 33}”：")


@pytest.mark.parametrize("site", ["ftp://x.example", f"https://x.example/{'a' * 1010}"])
def test_source_address(channel: WeChatChannel, site: str) -> None:
    with pytest.raises(PermanentError, match="阅读原文") as caught:
        channel.render([a_covered_item(site_url=site)])
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "api.example"},
        {"base_url": "https://api.example/"},
        {"base_url": "https://user:pw@api.example"},
        {"app_id": ""},
        {"app_secret": ""},
        {"account": ""},
        {"read_timeout": 0},
        {"retries": 3},
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_channel(**wrong)
