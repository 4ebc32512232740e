"""Inspecting the site: a clean one passes, and every rule finds the fault it is there for."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from channels.website.inspection import inspect
from channels.website.limits import Limits
from channels.website.search import INDEX
from channels.website.search_index import SearchIndex
from channels.website.site import Site
from publisher.channel import Breach
from tests.factories import NOW
from tests.site.clean_site import FIELD, LISTS, OPTIONS, a_site, make_clean_site, write
from tests.site.deeds import ITEM, Fault, copied, drop, in_body, line_gone, several, swap
from tests.site.faults import FAULTS

_COLUMNS = (FIELD, "list/stage/执行")
_LIMITS = Limits()
_NEWEST = NOW - timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_clean_site(tmp_path / "site")


def found(
    folder: Path, now: datetime = NOW, limits: Limits = _LIMITS, site: Site | None = None
) -> list[Breach]:
    return list(inspect(site or a_site(folder.parent), folder, now, limits=limits))


def told(breaches: list[Breach]) -> list[tuple[str, str]]:
    return [(one.place, one.rule) for one in breaches]


def test_a_clean_site_has_no_breach(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_once_and_told(folder: Path, fault: Fault) -> None:
    fault.plant(folder)
    (breach,) = found(folder)
    assert (breach.place, breach.rule) == (fault.place, fault.rule)
    assert "；" in breach.sentence or "应" in breach.sentence, "what to do"


def test_a_page_from_the_future_is_found(folder: Path) -> None:
    assert found(folder, _NEWEST) == []
    assert told(found(folder, _NEWEST - timedelta(minutes=1))) == [(ITEM, "发布日期")]


def test_a_page_that_no_list_names_is_found(folder: Path) -> None:
    pages = [f"{one}/{name}.html" for one in LISTS for name in ("index", "1")]
    line_gone(1, "index.html", *pages)(folder)
    breaches = found(folder)
    assert ("2026/00001.html", "孤立网页") in told(breaches)
    assert {rule for _, rule in told(breaches)} == {"孤立网页", "空白列表页"}


def test_a_page_that_the_catalogue_lacks_is_found(folder: Path) -> None:
    line_gone(5, "catalogue/index.html")(folder)
    assert told(found(folder)) == [(ITEM, "目录缺漏")]


def test_a_withdrawn_page_may_be_named_by_a_line_that_says_so(folder: Path) -> None:
    line = '<li><a href="00002.html">关于用电的通知</a>（已撤回）</li>'
    in_body(f"<ul>{line}</ul>")(folder)
    assert found(folder) == []


def test_withdrawn_without_the_mark_for_the_server_is_found(folder: Path) -> None:
    drop("2026/00002/.gone")(folder)
    assert ("2026/00002.html", "撤回") in told(found(folder))


def test_withdrawn_with_its_text_still_there_is_found(folder: Path) -> None:
    write(folder / "2026/00003/.gone", "")
    assert told(found(folder))[0] == ("2026/00003.html", "撤回")


def test_an_attachment_may_be_a_page_of_someone_else(folder: Path) -> None:
    page = "<h2>不是本站的网页<img src=//elsewhere.example/a.png>"
    write(folder / "2026/00005/来件.html", page)
    mark = sha256(page.encode()).hexdigest()
    in_body(f'<ul><li><a href="00005/来件.html">来件</a> {mark}</ul>')(folder)
    assert found(folder) == []


def test_what_a_publication_is_just_writing_is_left_alone(folder: Path) -> None:
    write(folder / "2026/.00007.html.part", "半")
    now = datetime.now(UTC)
    limits = Limits(home_days=99999, home_warning_days=99999, steady_days=99999)
    assert found(folder, now, limits) == []
    later = found(folder, now + timedelta(minutes=11), limits)
    assert told(later) == [("2026/.00007.html.part", "遗留文件")]


def test_what_is_not_configured_is_not_asked_for(folder: Path) -> None:
    for name in ("police", "icp", "find_errors_url"):
        bare = OPTIONS.model_copy(update={name: ""})
        assert found(folder, site=a_site(folder.parent, bare)) == []
    unasked = OPTIONS.model_copy(update={"search": False})
    breaches = found(folder, site=a_site(folder.parent, unasked))
    assert {one.rule for one in breaches} == {"死链接", "基本文件"}, "a form, and what robots know"


def test_a_site_below_a_path_of_its_host_knows_its_own_links(folder: Path) -> None:
    """The rest of the city's portal is not ours to inspect."""
    site = a_site(folder.parent)
    below = Site(replace(site.house, site_url="https://www.xinji.example/zwgk"), OPTIONS)
    in_body('<a href="/jggk/none.html">机构</a><a href="/zwgk/none.html">没有</a>')(folder)
    breaches = [one for one in found(folder, site=below) if "none" in one.sentence]
    assert told(breaches) == [(ITEM, "死链接")]
    assert "/zwgk/" in breaches[0].sentence


@pytest.mark.parametrize(
    ("days", "rules"),
    [(9, []), (10, ["首页将到期"]), (13, ["首页将到期"]), (14, ["首页更新"]), (60, ["首页更新"])],
)
def test_the_home_page_goes_stale(folder: Path, days: int, rules: list[str]) -> None:
    breaches = found(folder, _NEWEST + timedelta(days=days))
    assert [one.rule for one in breaches] == rules
    assert all(f"{days} 天" in one.sentence for one in breaches)


def test_columns_go_stale_by_their_kind(folder: Path) -> None:
    def stale(days: int) -> Iterator[str]:
        for one in found(folder, _NEWEST + timedelta(days=days)):
            if one.rule == "栏目更新":
                yield one.place

    assert not list(stale(182))
    steady = [f"{one}/index.html" for one in _COLUMNS]
    assert sorted(stale(183)) == sorted(steady), "a topic or a year goes stale rightly"
    swap(f"{FIELD}/index.html", 'ColumnName" content="', 'ColumnName" content="工作动态·')(folder)
    assert not list(stale(13))
    assert list(stale(14)) == [f"{FIELD}/index.html"]


def test_too_many_stale_columns_fail_the_whole_site(folder: Path) -> None:
    later, limits = _NEWEST + timedelta(days=200), Limits(home_days=999, home_warning_days=999)
    assert {one.rule for one in found(folder, later, limits)} == {"栏目更新"}
    strict = limits.model_copy(update={"most_stale": 2})
    breaches = found(folder, later, strict)
    assert told(breaches)[-1] == ("index.html", "单项否决")
    assert "2 个栏目没有按期更新" in breaches[-1].sentence


def test_an_empty_column_is_found_and_too_many_fail_the_whole_site(folder: Path) -> None:
    page, feeds = f"{FIELD}/index.html", [f"{FIELD}/{one}" for one in ("atom.xml", "rss.xml")]
    several(*(line_gone(serial, page) for serial in (5, 4, 3, 1)))(folder)
    write(folder / feeds[0], '<feed xmlns="http://www.w3.org/2005/Atom"/>')
    write(folder / feeds[1], "<rss><channel/></rss>")
    write(folder / f"{FIELD}/feed.json", '{"feed_url": "", "home_page_url": "", "items": []}')
    assert told(found(folder)) == [(page, "空白栏目")]
    strict = Limits(most_empty=1)
    assert told(found(folder, limits=strict))[-1] == ("index.html", "单项否决")


def test_a_file_that_is_not_to_be_had_is_told_and_stops_no_other_rule(folder: Path) -> None:
    """A disk fails in the middle: the names were there, the files are not."""
    swap("atom.xml", "</feed>", "")(folder)
    first: list[str] = []

    def progress(_done: int, _all: int) -> None:
        if not first:
            first.append("gone")
            drop("subscribe.html", "robots.txt")(folder)

    breaches = list(inspect(a_site(folder.parent), folder, NOW, progress))
    assert sorted(told(breaches)) == [
        ("atom.xml", "订阅源"),
        ("robots.txt", "基本文件"),
        ("subscribe.html", "基本文件"),
    ]
    assert "磁盘" in breaches[0].sentence


@pytest.mark.parametrize(
    "trouble", ["missing", "folder", "damaged", "half", "begun anew", "lacking"]
)
def test_a_search_that_does_not_find_all_is_found(folder: Path, trouble: str) -> None:
    file = folder.parent / INDEX
    whole = file.read_bytes()
    if trouble != "lacking":
        file.unlink()
    match trouble:
        case "folder":
            file.mkdir()
        case "damaged":
            file.write_bytes(b"x" * 5000)
        case "half":
            file.write_bytes(whole[: len(whole) // 2])
        case "begun anew":
            page = (folder / ITEM).read_bytes()
            SearchIndex(file).put([(ITEM, page)], all_there_are=False)
        case "lacking":
            SearchIndex(file).put([(ITEM, b"")])
    (breach,) = found(folder)
    name = f"{folder.parent.name}/search.db"
    assert (breach.place, breach.rule) == (name, "搜索")
    assert f"“{name}”" in breach.sentence
    assert "publisher rebuild website" in breach.sentence
    assert (ITEM in breach.sentence) == (trouble == "lacking")
    unasked = OPTIONS.model_copy(update={"search": False})
    assert "搜索" not in {one.rule for one in found(folder, site=a_site(folder.parent, unasked))}


def test_a_link_to_a_foreign_file_makes_it_none_of_ours(folder: Path) -> None:
    write(folder / "evil.html", "<p>evil")
    in_body('<a href="../evil.html">见</a>')(folder)
    assert told(found(folder)) == [("evil.html", "外来文件")]


def test_each_old_page_of_a_list_is_told_with_the_mend(folder: Path) -> None:
    for number in (3, 4):
        copied(f"{FIELD}/1.html", f"{FIELD}/{number}.html")(folder)
    breaches = found(folder)
    assert told(breaches) == [(f"{FIELD}/{number}.html", "旧列表") for number in (3, 4)]
    assert all("publisher rebuild website" in one.sentence for one in breaches)


@pytest.mark.parametrize(
    ("style", "rule"),
    [
        ("body { background: url(icon.svg) }", ""),
        ("body { background: url(old.svg) }", "死链接"),
        ('@import "https://cdn.example/a.css";', "外部请求"),
    ],
)
def test_a_style_of_the_citys_own_is_looked_into(folder: Path, style: str, rule: str) -> None:
    site = a_site(folder.parent)
    own = folder.parent / "templates"
    shutil.copytree(site.house.templates, own)
    for place in (own / "website", folder):
        write(place / "style.css", style)
    breaches = found(folder, site=Site(replace(site.house, templates=own), OPTIONS))
    assert told(breaches) == ([("style.css", rule)] if rule else [])


def test_a_link_to_nowhere_on_the_disk_is_no_file(folder: Path) -> None:
    drop("410.html", "style.css")(folder)
    (folder / "410.html").symlink_to("/nowhere")
    (folder / "style.css").symlink_to("/nowhere")
    assert {one.rule for one in found(folder)} == {"基本文件", "死链接"}


def test_without_a_folder_that_is_all_there_is_to_say(tmp_path: Path) -> None:
    (breach,) = found(tmp_path / "site")
    assert "磁盘" in breach.sentence


def test_a_site_that_grows_meanwhile_is_no_breach(folder: Path) -> None:
    inspection = inspect(a_site(folder.parent), folder, NOW, _grow(folder))
    assert list(inspection) == []


def _grow(folder: Path) -> Callable[[int, int], None]:
    """An item comes out after the names were read: a page read later links to it."""

    def progress(done: int, _all: int) -> None:
        if done == 1:
            write(folder / "2026/00006.html", "新的")
            in_body('<a href="2026/00006.html">新的</a>', "index.html")(folder)

    return progress


def test_progress_is_told_page_by_page(folder: Path) -> None:
    steps: list[tuple[int, int]] = []
    list(inspect(a_site(folder.parent), folder, NOW, lambda *step: steps.append(step)))
    pages = len([one for one in folder.rglob("*.html") if one.parent.name != "00005"])
    assert steps == [(done, pages) for done in range(1, pages + 1)]
