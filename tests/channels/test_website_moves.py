"""The site gets another name, an item another field: what was out before goes along."""

from pathlib import Path

import pytest
from lxml import etree

from publisher.channel import HasVerify
from publisher.model import Status, Trace
from tests.channels.website_items import FIELDS
from tests.support.mortal_website import MortalCity, mortal_city, tree
from tests.support.web_folder import WebFolder

OLD = "https://www.xinji.example"
BEFORE = Trace(key="0" * 32, position=0, status=Status.DELIVERED)
FINANCE, SAFETY = (f"list/field/{field}" for field in FIELDS[:2])


def hrefs(city: MortalCity, item_id: str) -> list[str]:
    return [str(one) for one in tree(city.text(item_id)).xpath("//main//a/@href")]


def test_under_another_name_items_keep_their_addresses_and_can_be_changed(tmp_path: Path) -> None:
    """And it is the new name under which they are looked at."""
    folder = tmp_path / "city"
    with mortal_city(folder) as city:
        city.publish_each("A-1", "A-2", "A-3", related=["A-1"], body="钱七的病历。")
        now = city.clock.now
    with (
        WebFolder(folder / "output/site") as web,
        mortal_city(folder, base_url=web.url, verify_url=True) as city,
    ):
        city.clock.now = now
        city.correct("A-1", "写错了", title="关于A-1的新通知", body="改好的正文。")
        city.withdraw("A-2", "内容有误")
        assert city.status("A-1") is city.status("A-2") is Status.DELIVERED
        assert city.page("A-1") == f"{OLD}/2026/00001.html"
        assert "改好的正文" in city.text("A-1")
        assert (city.site / "2026/00002/.gone").is_file()
        assert "../2026/00001.html" in hrefs(city, "A-3")
        assert not [one for item in ("A-1", "A-3") for one in hrefs(city, item) if OLD in one]
        web.asked.clear()
        shelves, channel = city.city.publisher.store.shelves, city.route.channel
        assert isinstance(channel, HasVerify)
        standing = shelves.load(city.route.name, ["A-1", "A-2", "A-3"], city.clock())
        assert [channel.verify(item, BEFORE) for item in standing] == [""] * 3
        assert web.asked == [f"/2026/0000{number}.html" for number in (1, 2, 3)]
        assert city.rebuild().left == {}


def test_an_item_that_moves_is_shown_in_its_new_field_alone(tmp_path: Path) -> None:
    """Home and lists follow; who reads the feed of the old field gets the corrected text."""
    with mortal_city(tmp_path / "city") as city:
        city.publish_each("A-1", "A-2", "A-3", field=FIELDS[0], body="写错的正文。")
        city.correct("A-2", "栏目有误", title="关于A-2的通知", field=FIELDS[1], body="改好的正文。")
        home = tree(city.read("index.html"))
        shown = {
            str(one.xpath("string(.//h3)")).strip(): one.xpath("string(.)")
            for one in home.xpath("//section[.//h3]")
            if not one.xpath(".//section[.//h3]")
        }
        assert "关于A-2的通知" in shown[FIELDS[1]]
        assert "关于A-2的通知" not in shown[FIELDS[0]]
        assert "关于A-2的通知" in city.read(f"{SAFETY}/index.html")
        for name in ("index", "1"):
            assert "关于A-2的通知" not in city.read(f"{FINANCE}/{name}.html")
        for folder in (FINANCE, SAFETY):
            feed = city.read(f"{folder}/atom.xml")
            assert "改好的正文" in feed
            root = etree.fromstring(feed.encode())
            (entry,) = [one for one in root if one.findtext("{*}id") == city.page("A-2")]
            assert "写错的正文" not in str(entry.findtext("{*}content"))


def test_the_last_of_a_list_that_is_withdrawn_leaves_its_notice_in_the_feed(tmp_path: Path) -> None:
    with mortal_city(tmp_path / "city") as city:
        city.publish_each("A-1", field=FIELDS[0], topics=["张三一案"])
        city.publish_each("A-2", field=FIELDS[1])
        city.withdraw("A-1", "内容有误")
        city.publish_each("A-3", field=FIELDS[2], topics=["别的"])
        for folder in (FINANCE, "list/topic/张三一案"):
            assert "deleted-entry" in city.read(f"{folder}/atom.xml")
            assert "［已撤回］关于A-1的通知" in city.read(f"{folder}/rss.xml")
        for name in ("list/index.html", "subscribe.html", "index.html"):
            assert "张三一案" not in city.read(name)
        before = city.files()
        city.rebuild()
        assert city.files() == before


def test_the_only_item_that_is_withdrawn_leaves_no_list_as_it_was(tmp_path: Path) -> None:
    with mortal_city(tmp_path / "city") as city:
        city.publish("A-1", title="关于A-1的通知", body="钱七的病历。")
        city.withdraw("A-1", "内容有误")
        assert city.holding("钱七的病历") == []
        assert "关于A-1的通知" not in city.read("index.html")
        assert "deleted-entry" in city.read("atom.xml")


def test_an_address_with_a_path_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="网站要在域名的根上，不能带路径"),
        mortal_city(tmp_path / "city", base_url=f"{OLD}/zwgk"),
    ):
        pass


def test_a_related_id_may_be_long(database: str, tmp_path: Path) -> None:
    """In both databases."""
    assert database
    long = "关" * 300
    with mortal_city(tmp_path / "city") as city:
        city.publish("A-1", title="关于A-1的通知", related=[long, "x" * 300])
        city.publish("A-2", title="关于A-2的通知", related=["A-1"])
        assert city.status("A-1") is city.status("A-2") is Status.DELIVERED
        assert city.near("A-1")[2] == ["A-2"]
