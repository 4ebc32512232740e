"""Topics that make bad names of folders each have their own, and lead there from everywhere."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree

from channels.website.lists import slug
from tests.channels.website_items import a_website
from tests.factories import an_item
from tests.support.mortal_website import MortalCity, mortal_city, tree
from tests.support.shelves import rendered

SITE = "https://www.xinji.example"
STRANGE = (
    *("A/B", "A-B", "a-b", "..", ".", "。，、", "😀", "👍🏽", "长" * 90),
    *(unicodedata.normalize(form, "caf\u00e9") for form in ("NFC", "NFD")),
    *("list", "index.html", "atom.xml", "CON", "%2F", "x?y#z", "<b>&", "a b", "\u9f98\U00030000"),
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalCity]:
    folder: Path = tmp_path_factory.mktemp("strange") / "city"
    with mortal_city(folder) as found:
        for start in range(0, len(STRANGE), 10):
            some = list(STRANGE[start : start + 10])
            found.publish(f"T-{start}", title=f"关于第{start}批主题的通知", topics=some)
        yield found


def path_of(address: str) -> str:
    return unquote(urlsplit(address).path).removeprefix("/")


def linked(city: MortalCity, name: str) -> dict[str, str]:
    """By text: the file that a link of a page leads to."""
    page: Any = tree(city.read(name))
    found = {}
    for link in page.xpath("//main//a[contains(@href, 'list/topic/')]"):
        path = path_of(urljoin(f"{SITE}/{name}", link.get("href")))
        found[str(link.text_content())] = f"{path}index.html"
    return found


def shown(topic: str) -> str:
    """As the item was taken in: what readers cannot tell apart is one topic."""
    return unicodedata.normalize("NFC", " ".join(topic.split()))


def test_each_has_a_folder_of_its_own_on_any_disk(city: MortalCity) -> None:
    names = [path.name for path in (city.site / "list/topic").iterdir()]
    assert len(names) == len(set(map(shown, STRANGE)))
    assert len(set(map(slug, STRANGE))) == len(STRANGE), "even of what no door has made one"
    assert all(len(name.encode()) <= 100 and not name.startswith(".") for name in names)


def test_links_lead_to_the_page_of_the_very_topic(city: MortalCity) -> None:
    found = linked(city, "list/index.html")
    for name in ("2026/00001.html", "2026/00002.html"):
        for topic, file in linked(city, name).items():
            assert found[topic] == file
    assert len(set(found.values())) == len(found) == len(set(map(shown, STRANGE)))
    for topic, file in found.items():
        assert tree(city.read(file)).xpath("string(//h1)").strip() == topic


def test_feeds_say_where_they_are(city: MortalCity) -> None:
    for file in linked(city, "list/index.html").values():
        folder = file.removesuffix("index.html")
        atom = etree.fromstring(city.read(f"{folder}atom.xml").encode())
        rss = etree.fromstring(city.read(f"{folder}rss.xml").encode())
        (own,) = [one.get("href") for one in atom.iter("{*}link") if one.get("rel") == "self"]
        feed = json.loads(city.read(f"{folder}feed.json"))
        assert path_of(str(own)) == f"{folder}atom.xml"
        assert path_of(feed["feed_url"]) == f"{folder}feed.json"
        assert path_of(str(rss.findtext("channel/link"))) == folder
        assert len(feed["items"]) == len(rss.findall("channel/item")) > 0


def test_an_inspector_finds_nothing_wrong(city: MortalCity) -> None:
    channel: Any = city.route.channel
    found = channel.inspect(city.clock(), lambda *_: None)
    breaches = [one for one in found if one.rule not in {"空白栏目", "单项否决"}]
    assert breaches == []


def test_an_item_without_field_stage_and_topics_is_in_the_other_lists(tmp_path: Path) -> None:
    """None comes through the door; a migration may bring one."""
    item = an_item(field="", five_open_stage="", topics=())
    rendition = rendered(a_website(tmp_path), [item])
    page = tree(rendition.file("2026/00001.html").data.decode())
    kinds = {one.split("/")[2] for one in page.xpath("//main//a/@href") if "../list/" in one}
    assert kinds <= {"department", "year"}
    for name in ("index.html", "catalogue/index.html", "list/year/2026/index.html", "rss.xml"):
        assert item.revision.title in rendition.file(name).data.decode()
    assert not [one.name for one in rendition.every if "//" in one.name]
