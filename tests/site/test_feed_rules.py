"""Every feed of a site that the whole product made, by the rules of its format and of RFC 5005."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import feedparser
import pytest
import requests
from lxml import html

from tests.support.feed_chain import Page, chain
from tests.support.feed_rules import breaches
from tests.support.feed_rules.atom import A, order_breaches
from tests.support.feed_rules.parts import parsed
from tests.support.site_city import ShownCity, SiteCity, shown_city, site_city

FIELDS = ("财政预决算", "安全生产")
STAGES = ("决策", "执行", "管理", "服务", "结果")
DEPARTMENTS = ("辛集市财政局", "辛集市应急管理局")
TOPICS = ("文化惠民", "应急", "政务公开")
COUNT = 45
"""Two sealed pages of twenty in the whole, one in each field."""
CORRECTED, MINOR, WITHDRAWN = 3, 7, 25
GONE = "这一段话后来撤回了"
STALE = "这一段话后来更正了"
MENDED = "这一段话已经更正"


def an_item(number: int) -> dict[str, Any]:
    said = {CORRECTED: STALE, MINOR: STALE, WITHDRAWN: GONE}.get(
        number, "1<2，甲&乙，<b>不加粗</b>"
    )
    item: dict[str, Any] = {
        "title": f"关于第{number}号“甲&乙”事项的通知",
        "body": f"现将第{number}号事项公布如下。\n\n{said}。",
        "field": FIELDS[number % 2],
        "five_open_stage": STAGES[number % 5],
        "department": DEPARTMENTS[number % 2],
        "topics": [TOPICS[number % 3]],
    }
    if number % 9 == 0:
        item["attachments"] = [
            {"file": "免费开放服务目录.pdf", "title": "服务目录<2026>"},
            {"file": "基层综合性文化服务中心建设标准.pdf", "title": "建设标准"},
        ]
    if number % 10 == 0:
        item["images"] = [{"file": "开放时间对比.png", "alt": "开放时间对比"}]
        item |= {"body": f"{item['body']}\n\n![](开放时间对比.png)", "body_format": "markdown"}
    return item


def fill(city: SiteCity) -> None:
    for number in range(1, COUNT + 1):
        city.city.submit(f"A-{number}", **an_item(number))
        if number % 5 == 0:  # five go out together
            city.city.flush()
            city.clock.advance(hours=5)
    mended = {"body": f"现将事项公布如下。\n\n{MENDED}。"}
    city.correct(f"A-{CORRECTED}", "表二金额单位有误", **an_item(CORRECTED) | mended)
    city.clock.advance(hours=5)
    city.correct(f"A-{MINOR}", "错别字", minor=True, **an_item(MINOR) | mended)
    city.clock.advance(hours=5)
    city.withdraw(f"A-{WITHDRAWN}", "内容不宜公开")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShownCity]:
    with shown_city(tmp_path_factory.mktemp("feeds")) as found:
        fill(found)
        yield found


def feeds_of(city: ShownCity) -> dict[str, bytes]:
    """Every feed of the site by its address: found by what it is, wherever it lies."""
    found = {}
    for path in sorted(city.site.rglob("*")):
        if path.suffix in {".xml", ".json"}:
            data = path.read_bytes()
            if path.suffix == ".json" or b"<feed" in data[:500] or b"<rss" in data[:500]:
                name = path.relative_to(city.site).as_posix()
                found[f"{city.url}/{quote(name)}"] = data
    return found


@pytest.fixture(scope="module")
def feeds(city: ShownCity) -> dict[str, bytes]:
    return feeds_of(city)


def lists() -> dict[str, list[int]]:
    """The folder of each list that has feeds, with the numbers of its items, newest first."""
    found: dict[str, list[int]] = {}
    for number in range(COUNT, 0, -1):
        item = an_item(number)
        for folder in (
            "",
            f"list/field/{item['field']}/",
            f"list/stage/{item['five_open_stage']}/",
            f"list/department/{item['department']}/",
            f"list/topic/{item['topics'][0]}/",
        ):
            found.setdefault(folder, []).append(number)
    return found


LISTS = lists()


def head(city: ShownCity, folder: str, name: str = "atom.xml") -> str:
    return f"{city.url}/{quote(folder)}{name}"


# --- by the rules of the format -------------------------------------------------------------


def test_every_list_has_its_feed_in_three_formats(city: ShownCity, feeds: dict[str, bytes]) -> None:
    folders = {url.rpartition("/")[0] + "/" for url in feeds if "/archive-" not in url}
    assert folders >= {head(city, folder, "") for folder in LISTS}
    for folder in folders:
        assert {f"{folder}{name}" for name in ("atom.xml", "rss.xml", "feed.json")} <= feeds.keys()


def test_no_feed_breaks_a_rule(feeds: dict[str, bytes]) -> None:
    found = {unquote(url): breaches(url, data) for url, data in feeds.items()}
    assert {url: broken for url, broken in found.items() if broken} == {}


def test_feedparser_has_nothing_to_forgive(feeds: dict[str, bytes]) -> None:
    for url, data in feeds.items():
        if url.endswith(".xml"):
            found = feedparser.parse(data)
            assert not found.bozo, (url, found.get("bozo_exception"))
            assert all(one.published_parsed for one in found.entries)


def test_a_living_feed_goes_from_the_latest_change_back(feeds: dict[str, bytes]) -> None:
    for url, data in feeds.items():
        if url.endswith("/atom.xml"):
            assert order_breaches(data) == [], url


def test_the_three_formats_say_the_same(city: ShownCity, feeds: dict[str, bytes]) -> None:
    for folder in LISTS:
        one, other = (
            [(entry.id, entry.title, entry.link) for entry in feedparser.parse(data).entries]
            for data in (feeds[head(city, folder, name)] for name in ("atom.xml", "rss.xml"))
        )
        items = json.loads(feeds[head(city, folder, "feed.json")])["items"]
        assert one == other == [(item["id"], item["title"], item["url"]) for item in items], folder
        assert one


def test_a_summary_is_plain_text_though_rss_takes_it_for_html(
    city: ShownCity, feeds: dict[str, bytes]
) -> None:
    atom, rss = (parsed(feeds[head(city, "", name)]) for name in ("atom.xml", "rss.xml"))
    plain = [one.findtext(f"{A}summary") for one in atom.iter(f"{A}entry")]
    shown: list[Any] = [html.fromstring(one.findtext("description")) for one in rss.iter("item")]
    assert any("<b>不加粗</b>" in one for one in plain)
    assert [one.text_content() for one in shown] == plain


def test_every_address_in_a_feed_leads_somewhere(city: ShownCity, feeds: dict[str, bytes]) -> None:
    named = {
        link.get("href").partition("#")[0]
        for url, data in feeds.items()
        if url.endswith(".xml") and b"<feed" in data[:500]
        for link in parsed(data).iter(f"{A}link")
    }
    assert len(named) > COUNT
    assert all(url.startswith(f"{city.url}/") for url in named)
    with requests.Session() as session:
        answers = {url: session.head(url, timeout=5).status_code for url in named}
    assert {url: code for url, code in answers.items() if code != HTTPStatus.OK} == {
        city.page(f"A-{WITHDRAWN}"): HTTPStatus.GONE
    }


# --- back through the archive (RFC 5005) ----------------------------------------------------


@pytest.mark.parametrize("folder", LISTS)
def test_who_follows_the_chain_gets_each_item_once_in_its_newest_form(
    city: ShownCity, folder: str
) -> None:
    pages = chain(head(city, folder))
    wanted = {city.page(f"A-{number}") for number in LISTS[folder]}
    sealed = [one for page in pages[1:] for one in page.entries]
    assert len(sealed) == len(set(sealed)), "an item stands on one sealed page"
    assert set(sealed) <= wanted, "nothing but the items is kept for ever"
    assert len(sealed) == len(wanted) // 20 * 20
    assert items_of(pages) == wanted
    for address in wanted:
        forms = {page.entries[address] for page in pages if address in page.entries}
        assert len(forms) == 1, f"{address} stands in an old and a new form"


@pytest.mark.parametrize("folder", LISTS)
def test_nothing_withdrawn_or_corrected_is_left_anywhere(city: ShownCity, folder: str) -> None:
    pages = chain(head(city, folder))
    whole = "".join(page.text for page in pages)
    assert GONE not in whole
    assert STALE not in whole
    gone, mended = city.page(f"A-{WITHDRAWN}"), city.page(f"A-{CORRECTED}")
    for page in pages:
        if gone in page.entries:
            assert "已撤回" in page.entries[gone].title
            assert gone in page.tombstones
        if mended in page.entries:
            assert MENDED in page.entries[mended].content


def items_of(pages: Sequence[Page]) -> set[str]:
    """The items among the entries: the news of a correction has an address within its page."""
    return {one for page in pages for one in page.entries if "#" not in one}


def test_an_archive_page_knows_its_place(city: ShownCity) -> None:
    first, *older = chain(head(city, ""))
    assert [unquote(page.url).rpartition("/")[2] for page in older] == [
        "archive-2.xml",
        "archive-1.xml",
    ]
    assert all(page.archive and page.current == first.url for page in older)
    assert not first.archive
    assert len(items_of([first])) <= 59


# --- the same bytes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Watched:
    """The files of a folder, with their times set back, so that any writing shows."""

    folder: Path

    def begin(self) -> None:
        for path in self._files():
            os.utime(path, (1, 1))

    def written(self) -> set[str]:
        return {
            path.relative_to(self.folder).as_posix()
            for path in self._files()
            if path.stat().st_mtime != 1
        }

    def _files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


def test_the_same_content_published_twice_touches_no_file(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "output" / "site")
    for name in ("first", "second"):
        with site_city(tmp_path / name, tmp_path / "output", "https://www.xinji.example") as city:
            for number in (9, 10, 11):
                city.city.submit(f"A-{number}", **an_item(number))
            city.city.flush()
        if name == "first":
            watched.begin()
            assert (watched.folder / "atom.xml").is_file()
    assert watched.written() == set()


def test_a_sealed_page_changes_with_its_own_items_only(tmp_path: Path) -> None:
    def archives() -> set[str]:
        return {name for name in watched.written() if "/archive-" in name}

    with site_city(tmp_path / "city", tmp_path / "output", "https://www.xinji.example") as city:
        fill(city)
        watched = Watched(city.site)
        watched.begin()
        city.publish("B-1", **an_item(COUNT + 1))
        assert "atom.xml" in watched.written()
        assert archives() == set()
        city.clock.advance(hours=5)
        city.withdraw("A-8", "内容不宜公开")
        assert archives() == {
            "catalogue/archive-1.xml",
            f"list/field/{FIELDS[0]}/archive-1.xml",
            f"list/department/{DEPARTMENTS[0]}/archive-1.xml",
        }
