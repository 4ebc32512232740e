"""Small promises of the site that others lean on: addresses in feeds, ids, sitemaps, columns."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.support.mortal_website import MortalCity, mortal_city, tree

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[MortalCity]:
    with mortal_city(tmp_path / "city") as found:
        found.publish_each("A-1", "A-2", "A-3", "A-4", "A-5")
        yield found


def atom(city: MortalCity, name: str) -> Any:
    return etree.fromstring(city.read(name).encode())


def told(city: MortalCity) -> set[str]:
    """What the feeds say that something on a page of an item is."""
    names = [name for name in city.files() if name.endswith(".xml") and "/archive-" not in name]
    ids = (one for name in names for one in atom(city, name).itertext() if "#notice-" in one)
    return {one.strip() for one in ids if one.startswith("http")}


def test_what_a_feed_ever_named_on_a_page_is_there_for_ever(city: MortalCity) -> None:
    ever: set[str] = set()
    for number in (1, 2):
        city.correct("A-1", "写错了", title=f"关于A-1的通知（改{number}次）")
        city.clock.advance(hours=1)
        ever |= told(city)
    city.correct("A-1", "错字", minor=True, title="关于A-1的通知")
    ever |= told(city)
    city.withdraw("A-1", "内容有误")
    ever |= told(city)
    page = city.page("A-1")
    assert ever == {f"{page}#notice-{number}" for number in (1, 2, 3)}
    ids = tree(city.text("A-1")).xpath("//@id")
    assert {urlsplit(one).fragment for one in ever} <= set(ids)
    assert len(ids) == len(set(ids))


def test_an_archive_has_the_id_of_its_feed(city: MortalCity) -> None:
    """RFC 5005: they are documents of one feed, and a reader puts them together by it."""
    archives = [name for name in city.files() if "/archive-" in name]
    assert {"catalogue/archive-1.xml", "list/field/财政预决算/archive-2.xml"} <= set(archives)
    for name in archives:
        archive = atom(city, name)
        (current,) = archive.xpath("a:link[@rel='current']/@href", namespaces={"a": ATOM[1:-1]})
        folder = "" if name.startswith("catalogue/") else f"{name.rpartition('/')[0]}/"
        head = atom(city, f"{folder}atom.xml").findtext(f"{ATOM}id")
        assert archive.findtext(f"{ATOM}id") == head == current


def test_the_sitemap_names_the_pages_that_are_no_items(city: MortalCity) -> None:
    def addresses(name: str) -> list[str]:
        found = [one.text for one in atom(city, name).iter("{*}loc")]
        return [urlsplit(one).path.removeprefix("/") for one in found]

    assert addresses("sitemap.xml") == ["sitemap/pages.xml", "sitemap/1.xml"]
    assert addresses("sitemap/pages.xml") == ["", "catalogue/", "list/", "subscribe.html"]
    for path in addresses("sitemap/pages.xml"):
        page = city.site / path
        assert (page / "index.html" if page.is_dir() else page).is_file()
    city.withdraw("A-3", "内容有误")
    items = [f"2026/0000{number}.html" for number in (1, 2, 4, 5)]
    assert addresses("sitemap/1.xml") == items


def test_a_column_is_described_in_one_way(city: MortalCity) -> None:
    city.publish("B-1", title="关于B-1的解读", kind="政策解读", field="安全生产", topics=["防汛"])
    told: dict[str, set[str]] = defaultdict(set)
    for name in city.files():
        if name.endswith(".html"):
            metas = tree(city.read(name)).iter("meta")
            tags = {one.get("name"): one.get("content") for one in metas}
            if "ColumnName" in tags:
                told[str(tags["ColumnName"])].add(str(tags["ColumnDescription"]))
    assert {"首页", "财政预决算", "安全生产", "执行公开", "防汛", "政府信息公开"} <= told.keys()
    assert {name: found for name, found in told.items() if len(found) != 1} == {}
    descriptions = [next(iter(found)) for name, found in told.items() if name != "首页"]
    assert all(descriptions)
