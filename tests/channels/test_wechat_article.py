"""What an article looks like and what must not be in it. The goldens were read by eye."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from PIL import Image

from channels.wechat import WeChatChannel
from channels.wechat.body import ATTRIBUTES, SURVIVES
from publisher.channel import PermanentError, Rendition
from publisher.content import ImageBlock, Paragraph, Run
from publisher.model import Item
from tests.channels.wechat_items import (
    COVER,
    GOLDEN,
    a_budget,
    a_covered_item,
    a_picture,
    a_posting,
    an_image,
    p,
)
from tests.channels.wechat_world import a_channel
from tests.factories import an_item

FOLDER = Path(__file__).parent / "golden" / "wechat"


@pytest.fixture(scope="module")
def channel() -> WeChatChannel:
    return a_channel()


def articles(rendition: Rendition) -> list[dict[str, Any]]:
    return list(json.loads(rendition.file("articles.json").data)["articles"])


def article(channel: WeChatChannel, item: Item) -> dict[str, Any]:
    return articles(channel.render([item]))[0]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(channel: WeChatChannel, name: str) -> None:
    rendition = channel.render([GOLDEN[name]()])
    for file, suffix in (("article.html", "html"), ("articles.json", "json")):
        golden = (FOLDER / f"{name}.{suffix}").read_text("utf-8")
        assert rendition.file(file).data.decode() == golden


def test_goldens_are_all_used() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*GOLDEN, "withdrawal"}


def test_files_come_in_order(channel: WeChatChannel) -> None:
    rendition = channel.render([a_budget(), a_posting()])
    names = [file.name for file in rendition.files]
    first = ["article.html", "articles.json", "cover-1.png", "cover-2.png", "image-1-1.jpg"]
    assert names == first
    assert [one["cover"] for one in articles(rendition)] == ["cover-1.png", "cover-2.png"]


def test_same_items_same_bytes_in_any_thread(channel: WeChatChannel) -> None:
    items = [a_budget(), a_posting()]
    with ThreadPoolExecutor(4) as pool:
        renditions = list(pool.map(lambda _: channel.render(items), range(4)))
    assert {one.sha256 for one in renditions} == {channel.render(items).sha256}


@pytest.mark.parametrize("name", GOLDEN)
def test_only_what_survives_wechat(channel: WeChatChannel, name: str) -> None:
    root = lxml_html.fragment_fromstring(article(channel, GOLDEN[name]())["content"])
    for element in root.iter():
        assert element.tag in SURVIVES
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(element.tag, set())
        assert set(element.attrib) <= allowed
    hrefs = {link.get("href") for link in root.iter("a")}
    assert all(href.startswith("https://mp.weixin.qq.com/") for href in hrefs)


def test_plain_paragraphs_cost_seven_characters(channel: WeChatChannel) -> None:
    one, two = (
        len(article(channel, a_covered_item(1, *[p("文")] * count))["content"]) for count in (1, 2)
    )
    assert two - one == len("<p>文</p>")


def test_markup_in_the_text_stays_text(channel: WeChatChannel) -> None:
    item = a_covered_item(1, p("<script>alert(1)</script> & <img src=x onerror=y>"))
    content = article(channel, item)["content"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img" in content
    assert lxml_html.fragment_fromstring(content).find(".//img") is None


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://mp.weixin.qq.com/s/Ab12", True),
        ("http://mp.weixin.qq.com/s/Ab12", False),
        ("https://mp.weixin.qq.com.evil.example/s", False),
        ("https://user@mp.weixin.qq.com/s", False),
        ("javascript:alert(1)", False),
        ("#top", False),
        ("/local.html", False),
    ],
)
def test_links(channel: WeChatChannel, href: str, *, kept: bool) -> None:
    content = article(channel, a_covered_item(1, Paragraph((Run("看这里", href=href),))))["content"]
    assert ("<a " in content) is kept
    assert "看这里" in content
    noted = f"[1] {href}" in content
    assert noted is (href.startswith("http") and not kept)


def test_one_address_has_one_number(channel: WeChatChannel) -> None:
    link, other = Run("甲", href="https://a.example/"), Run("丙", href="https://c.example/")
    item = a_covered_item(1, Paragraph((link, Run("乙"), link, other)))
    content = article(channel, item)["content"]
    assert "甲<sup>[1]</sup>乙甲<sup>[1]</sup>丙<sup>[2]</sup>" in content
    assert content.count("https://a.example/") == 1


def test_the_official_title_stands_first_however_long(channel: WeChatChannel) -> None:
    title = "关于印发《辛集市推进基层政务公开标准化规范化建设试点工作实施方案（试行）》的通知"
    made = article(channel, a_covered_item(title=title, short_title="政务公开试点方案"))
    first = lxml_html.fragment_fromstring(made["content"])[0]
    assert (first.tag, first.text) == ("h1", title)
    assert made["title"] == "政务公开试点方案"


def test_a_picture_that_is_a_cover_only_is_not_in_the_text(channel: WeChatChannel) -> None:
    rendition = channel.render([a_covered_item()])
    assert [file.name for file in rendition.files][2:] == ["cover-1.png"]
    assert "<img" not in articles(rendition)[0]["content"]


def test_a_cover_may_be_a_photo(channel: WeChatChannel) -> None:
    photo = an_image("cover.jpg", a_picture(1600, 900, "JPEG"))
    made = article(channel, a_covered_item(images=(photo,)))
    assert made["cover"] == "cover-1.jpg"
    assert made["pic_crop_235_1"] == "0_0.122_1_0.878"
    assert made["pic_crop_1_1"] == "0.219_0_0.781_1"


def test_without_a_cover_one_is_drawn_with_the_title(channel: WeChatChannel) -> None:
    rendition = channel.render([a_covered_item(images=())])
    with Image.open(BytesIO(rendition.file("cover-1.png").data)) as cover:
        assert cover.size == (900, 383)
    assert rendition.sha256 == channel.render([a_covered_item(images=())]).sha256


def test_unused_picture_is_not_carried(channel: WeChatChannel) -> None:
    spare = an_image("备用.png", a_picture(20, 20))
    names = [file.name for file in channel.render([a_covered_item(images=(COVER, spare))]).files]
    assert names == ["article.html", "articles.json", "cover-1.png"]


def test_preview_shows_every_picture_it_names(channel: WeChatChannel) -> None:
    rendition = channel.render([a_budget(), a_posting()])
    root = lxml_html.document_fromstring(rendition.files[0].data.decode())
    sources = {image.get("src") for image in root.iter("img")}
    assert sources == {file.name for file in rendition.files if "image/" in file.media_type}


def test_comments_are_asked_for_only_when_switched_on(channel: WeChatChannel) -> None:
    talkative = a_channel(comments=True)
    assert article(channel, a_covered_item())["need_open_comment"] == 0
    assert article(talkative, a_covered_item())["need_open_comment"] == 1


def test_characters_that_json_would_escape_are_gone(channel: WeChatChannel) -> None:
    item = a_covered_item(1, p("甲\x0b乙\x1f。"), title="标\x07题", summary="摘\x01要")
    data = channel.render([item]).file("articles.json").data
    assert not re.search(rb"\\u[0-9a-f]{4}", data)
    assert "甲乙。" in data.decode()


@pytest.mark.parametrize("missing", ["absent", "empty"])
def test_a_missing_picture_is_refused(channel: WeChatChannel, missing: str) -> None:
    images = (COVER, an_image("图.png", b"")) if missing == "empty" else (COVER,)
    with pytest.raises(PermanentError, match=r"“图\.png”没有上传") as caught:
        channel.render([a_covered_item(1, ImageBlock("图.png", "图"), images=images)])
    assert caught.value.field == "images"


def test_a_missing_attachment_is_refused(channel: WeChatChannel) -> None:
    item = a_covered_item(1, *a_budget().revision.document.blocks[-2:])
    with pytest.raises(PermanentError, match=r"附件“预算表\.xlsx”没有上传") as caught:
        channel.render([item])
    assert caught.value.field == "attachments"


def test_the_content_opens_with_the_official_title_only_where_wechat_shows_a_short_one(
    channel: WeChatChannel,
) -> None:
    long = "关于" + "印发辛集市政务公开标准化规范化试点工作实施方案" * 2 + "的通知"
    shortened = article(channel, an_item(title=long, short_title="试点工作实施方案"))
    assert long in shortened["content"]
    plain = article(channel, an_item(title="关于召开听证会的公告"))
    assert "关于召开听证会的公告" not in plain["content"]
