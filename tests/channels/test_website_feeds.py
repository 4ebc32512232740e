"""The feeds: what readers get, the faults of feedgen mended, and the same bytes always."""

import json
import locale
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from types import FrameType
from typing import Any

import feedparser
import pytest
from lxml import etree

from publisher.channel import PermanentError, Rendition
from tests.channels.website_items import a_website, hash_of_all, many_items
from tests.factories import NOW, ROOT, an_asset, an_item
from tests.support.shelves import rendered

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
SITE = "https://www.xinji.example"


def find(rendition: Rendition, name: str, path: str) -> list[Any]:
    root = etree.fromstring(rendition.file(name).data)
    found = root.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return found


@pytest.fixture
def with_attachments(tmp_path: Path) -> Rendition:
    files = (
        an_asset("任务分解表.pdf", b"%PDF-1.7 tasks", "任务分解表"),
        an_asset("tasks.csv", b"1,2,3", "任务数据", "text/csv"),
    )
    return rendered(a_website(tmp_path), [an_item(attachments=files, topics=("预算",))])


@pytest.mark.parametrize(("many", "shown"), [(19, 19), (20, 20), (39, 39), (40, 20), (59, 39)])
@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_a_reader_gets_the_last_full_page_and_what_came_after_newest_first(
    tmp_path: Path, name: str, many: int, shown: int
) -> None:
    items = many_items(many)
    # The newest is not in front: what stands may be older or newer than what goes out now.
    rendition = rendered(a_website(tmp_path), items[5:6], [*items[:5], *items[6:]])
    feed = feedparser.parse(rendition.file(name).data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert [entry.title for entry in feed.entries] == [
        item.revision.title for item in items[:shown]
    ]
    assert [entry.link for entry in feed.entries] == [item.url for item in items[:shown]]
    assert len({entry.id for entry in feed.entries}) == shown
    assert feed.entries[0].published_parsed[:6] == (2026, 11, 23, 1, 30, 0)
    assert "以公开为常态" in feed.entries[0].content[0].value


def test_the_number_of_entries_is_an_option(tmp_path: Path) -> None:
    items = many_items(16)
    rendition = rendered(a_website(tmp_path, per_page=7), items[:1], items[1:])
    assert len(find(rendition, "atom.xml", "//a:entry")) == 9
    assert len(find(rendition, "rss.xml", "//item")) == 9
    assert len(json.loads(rendition.file("feed.json").data)["items"]) == 9
    assert rendition.file("catalogue/index.html").data.count(b"<tr>") == 1 + 9
    for number in (1, 2):
        assert len(find(rendition, f"catalogue/archive-{number}.xml", "//a:entry")) == 7
        assert rendition.file(f"catalogue/{number}.html").data.count(b"<tr>") == 1 + 7


def test_atom_has_what_the_standard_demands(with_attachments: Rendition) -> None:
    feed = with_attachments

    def one(path: str) -> str:
        (found,) = find(feed, "atom.xml", path)
        return str(found)

    assert one("/a:feed/a:id/text()") == f"{SITE}/atom.xml"
    assert one("/a:feed/@xml:lang") == "zh-CN"
    assert one("/a:feed/a:updated/text()") == "2026-11-23T09:30:00+08:00"
    assert one("/a:feed/a:author/a:name/text()") == "辛集市人民政府办公室"
    assert one("/a:feed/a:link[@rel='self']/@href") == f"{SITE}/atom.xml"
    assert one("/a:feed/a:link[@rel='alternate'][@type='text/html']/@href").startswith(SITE)
    assert one("//a:entry/a:id/text()") == f"{SITE}/2026/00001.html"
    assert one("//a:entry/a:updated/text()") == "2026-11-23T09:30:00+08:00"
    assert one("//a:entry/a:published/text()") == "2026-11-23T09:30:00+08:00"
    assert one("//a:entry/a:author/a:name/text()") == "辛集市人民政府办公室"
    terms = find(feed, "atom.xml", "//a:entry/a:category/@term")
    assert terms == ["财政预决算", "执行", "预算"]


def test_fault_1_atom_entry_links_keep_rel_type_length_and_title(
    with_attachments: Rendition,
) -> None:
    links = find(with_attachments, "atom.xml", "//a:entry/a:link")
    folder = f"{SITE}/2026/00001"
    assert [dict(link.attrib) for link in links] == [
        {"href": f"{folder}.html", "rel": "alternate", "type": "text/html"},
        {
            "href": f"{folder}/%E4%BB%BB%E5%8A%A1%E5%88%86%E8%A7%A3%E8%A1%A8.pdf",
            "rel": "enclosure",
            "type": "application/pdf",
            "length": "14",
            "title": "任务分解表",
        },
        {
            "href": f"{folder}/tasks.csv",
            "rel": "enclosure",
            "type": "text/csv",
            "length": "5",
            "title": "任务数据",
        },
    ]


def test_fault_2_content_is_escaped_html(with_attachments: Rendition) -> None:
    (content,) = find(with_attachments, "atom.xml", "//a:entry/a:content")
    assert content.get("type") == "html"
    assert content.text.startswith("<")
    assert len(content) == 0
    assert b"CDATA" not in with_attachments.file("atom.xml").data
    (encoded,) = find(with_attachments, "rss.xml", "//item/content:encoded")
    assert encoded.text == content.text


def test_fault_3_the_link_of_rss_is_the_page(with_attachments: Rendition) -> None:
    assert find(with_attachments, "rss.xml", "/rss/channel/link/text()") == [f"{SITE}/catalogue/"]
    assert find(with_attachments, "rss.xml", "//item/link/text()") == [f"{SITE}/2026/00001.html"]


def test_fault_4_rss_has_every_feed_link_and_the_author(with_attachments: Rendition) -> None:
    links = find(with_attachments, "rss.xml", "/rss/channel/a:link")
    assert {(link.get("rel"), link.get("type"), link.get("href")) for link in links} == {
        ("self", "application/rss+xml", f"{SITE}/rss.xml"),
        ("alternate", "application/atom+xml", f"{SITE}/atom.xml"),
        ("alternate", "text/html", f"{SITE}/catalogue/"),
    }
    assert find(with_attachments, "rss.xml", "//item/dc:creator/text()") == ["辛集市人民政府办公室"]
    (guid,) = find(with_attachments, "rss.xml", "//item/guid")
    assert (guid.text, guid.get("isPermaLink")) == (f"{SITE}/2026/00001.html", "true")
    (enclosure,) = find(with_attachments, "rss.xml", "//item/enclosure")
    assert enclosure.get("url").endswith(".pdf")
    assert (enclosure.get("type"), enclosure.get("length")) == ("application/pdf", "14")


def test_fault_5_no_locale_is_touched_by_any_thread(tmp_path: Path) -> None:
    website, items = a_website(tmp_path), many_items(12)
    calls: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is locale.setlocale.__code__:
            calls.append(threading.current_thread().name)

    expected = hash_of_all(rendered(website, items[:1], items[1:]))
    threading.setprofile(watch)
    try:
        with ThreadPoolExecutor(4) as pool:
            made = list(
                pool.map(lambda _: hash_of_all(rendered(website, items[:1], items[1:])), range(8))
            )
    finally:
        threading.setprofile(None)
    assert set(made) == {expected}
    assert calls == []


_RENDER = """
import locale, sys
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
from tests.channels.website_items import a_website, hash_of_all, many_items
from tests.support.shelves import rendered
items = many_items(3)
sys.stdout.write(hash_of_all(rendered(a_website(Path(sys.argv[1])), items[:1], items[1:])))
sys.stderr.write(items[0].published_at.strftime("%a"))
"""


def in_locale(folder: Path, **environment: str) -> tuple[str, str]:
    """The hash of a rendition made by a process in that locale, and its word for Monday."""
    done = subprocess.run(
        [sys.executable, "-c", _RENDER, str(folder)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr


def test_fault_5_the_bytes_do_not_depend_on_the_locale(tmp_path: Path) -> None:
    items = many_items(3)
    rendition = rendered(a_website(tmp_path), items[:1], items[1:])
    expected = hash_of_all(rendition)
    assert "Mon, 23 Nov 2026 09:30:00 +0800" in rendition.file("rss.xml").data.decode()
    assert in_locale(tmp_path, LC_ALL="C") == (expected, "Mon")
    chinese = tmp_path / "zh_CN.UTF-8"
    command = ["localedef", "-i", "zh_CN", "-f", "UTF-8", str(chinese)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine cannot build a Chinese locale")
    made = in_locale(tmp_path, LC_ALL="zh_CN.UTF-8", LOCPATH=str(tmp_path))
    assert made == (expected, "一")


def test_fault_6_times_come_from_the_items_and_never_from_the_clock(tmp_path: Path) -> None:
    item = an_item(published_at=NOW.replace(year=2019))
    rendition = rendered(a_website(tmp_path), [item])
    assert find(rendition, "rss.xml", "/rss/channel/lastBuildDate/text()") == [
        "Sat, 23 Nov 2019 09:30:00 +0800"
    ]
    assert find(rendition, "rss.xml", "//pubDate/text()") == ["Sat, 23 Nov 2019 09:30:00 +0800"]
    assert find(rendition, "atom.xml", "//a:updated/text()") == ["2019-11-23T09:30:00+08:00"] * 2
    other = rendered(a_website(tmp_path / "other"), [item])
    assert hash_of_all(other) == hash_of_all(rendition)


def test_times_are_those_of_the_city(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    rendition = rendered(website, [an_item(published_at=NOW.astimezone(UTC))])
    assert hash_of_all(rendition) == hash_of_all(rendered(website, [an_item()]))


def test_an_entry_appears_once_though_it_also_stood_before(tmp_path: Path) -> None:
    item, other = many_items(2)
    before = replace(item, revision=replace(item.revision, title="旧的标题"))
    rendition = rendered(a_website(tmp_path), [item], [before, other])
    titles = find(rendition, "atom.xml", "//a:entry/a:title/text()")
    assert titles == [item.revision.title, other.revision.title]


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_a_hostile_title_stays_text(tmp_path: Path, name: str) -> None:
    title = """<script>alert(1)</script> & "引号" ']]>"""
    rendition = rendered(a_website(tmp_path), [an_item(title=title)])
    feed = etree.fromstring(rendition.file(name).data)
    assert title in [element.text for element in feed.iter()]
    assert b"<script" not in rendition.file(name).data


def test_control_characters_are_refused_at_the_door(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as caught:
        a_website(tmp_path).render([an_item(title="标题\x0b换行")])
    assert caught.value.field == "title"


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_a_feed_opened_in_a_browser_has_a_style(with_attachments: Rendition, name: str) -> None:
    lines = with_attachments.file(name).data.splitlines()
    assert lines[0].startswith(b"<?xml version='1.0'")
    assert lines[1] == b'<?xml-stylesheet type="text/css" href="/feed.css"?>'
    assert "这是订阅源".encode() in with_attachments.file("feed.css").data
