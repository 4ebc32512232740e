"""Many topics, long texts, crowds of partners and of postings that end: all stays within bounds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from tests.support.mortal_website import MortalCity, mortal_city, tree
from tests.support.shelf_city import changed

ALL_LISTS = {"subscribe.html", "list/index.html"}
FEEDS = ("atom.xml", "rss.xml", "feed.json")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[MortalCity]:
    with mortal_city(tmp_path / "city", most=500, per_page=20, search=False) as found:
        yield found


def topics_named(city: MortalCity) -> list[str]:
    page = tree(city.read("list/index.html"))
    links = page.xpath("//main//a[contains(@href, 'list/topic/')]")
    return [str(one.text_content()) for one in links]


def test_what_names_all_lists_is_made_when_one_is_new_and_names_no_more_than_people_read(
    city: MortalCity,
) -> None:
    city.publish_together(
        {
            f"A-{place}": {
                "title": f"第{place}号通知",
                "topics": [f"主题{place * 10 + at:03d}" for at in range(10)],
            }
            for place in range(40)
        }
    )
    assert topics_named(city) == [f"主题{number:03d}" for number in range(100, 400)]
    assert "300" in tree(city.read("list/index.html")).xpath("string(//main)")
    assert "主题" not in tree(city.read("subscribe.html")).xpath("string(//dl)")
    city.clock.advance(hours=1)
    before = city.files()
    city.publish("B-1", title="关于B-1的通知", topics=["主题000", "主题399"])
    written = changed(before, city.files())
    assert "list/topic/主题000/index.html" in written
    assert not ALL_LISTS & written
    city.publish("B-2", title="关于B-2的通知", topics=["新的主题"])
    assert "list/index.html" in changed(before, city.files())
    assert "新的主题" in topics_named(city)
    assert len(topics_named(city)) == 300


def test_a_text_that_no_feed_can_carry_stands_there_as_an_excerpt(city: MortalCity) -> None:
    first, last = "开头的一段话。", "结尾的一段话。"
    paragraphs = [first, *(f"第{number}段：{'内容' * 50}。" for number in range(500)), last]
    city.publish("A-1", title="关于长文的通知", body="\n\n".join(paragraphs))
    city.publish("A-2", title="关于短文的通知", body=f"{first}\n\n{last}")
    (long,) = [one for one in items(city) if one["url"].endswith("00001.html")]
    (short,) = [one for one in items(city) if one["url"].endswith("00002.html")]
    assert len(long["content_html"]) < 1000
    assert f'<a href="{city.page("A-1")}">全文见网页</a>' in long["content_html"]
    assert first in long["content_html"]
    assert last not in long["content_html"]
    assert last in short["content_html"]
    assert last in city.text("A-1")
    for name in FEEDS:
        assert len(city.read(name)) < 20_000, name


def items(city: MortalCity) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(city.read("feed.json"))["items"]
    return found


def test_a_crowd_of_ends_does_not_push_a_withdrawal_out_of_the_feed(city: MortalCity) -> None:
    ends = {"from": "2026-11-23", "to": "2026-11-27", "place": "市政务服务大厅公示栏"}
    crowd = {f"P-{number}": {"title": f"第{number}号公示", "posting": ends} for number in range(60)}
    city.publish_together({"W-1": {"title": "要撤回的通知"}} | crowd)
    city.city.flush()
    city.clock.advance(days=2)
    city.withdraw("W-1", "内容有误")
    city.clock.advance(days=5)
    before = city.files()
    city.city.publisher.amendments.expire_due(city.clock())
    while city.city.publisher.courier().due(city.route.channel):
        city.city.flush()
    assert city.status("P-1") is Status.DELIVERED
    assert "公示结束" in city.read("catalogue/1.html")
    for name in FEEDS:
        told = re.findall(r"第\d+号公示", city.read(name))
        assert len(set(told)) <= 2 * 20 - 1, name
        assert "撤回公告：要撤回的通知" in city.read(name), name
    assert "2026/00050.html" in changed(before, city.files())


def test_a_crowd_of_partners_is_cut_and_each_names_the_one(city: MortalCity) -> None:
    """As many as one batch can have."""
    crowd = {
        f"B-{number}": {
            "title": f"第{number}号文件的解读",
            "kind": "政策解读",
            "related": ["C-1"],
        }
        for number in range(500)
    }
    city.publish_together(crowd)
    assert {city.status(item_id) for item_id in crowd} == {Status.DELIVERED}
    city.clock.advance(hours=1)
    city.publish("C-1", title="关于母文件的通知")
    page = tree(city.text("C-1"))
    assert len(page.xpath("//section[@class='partners']//a")) == 50
    for item_id in crowd:
        assert "关于母文件的通知" in city.text(item_id)
