"""Does a reader get a page of results, or a plain sentence, whatever was typed?"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from channels.website.search import INDEX, Search
from tests.channels.website_search_pages import a_page, a_search, parsed, shown


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return a_search(tmp_path)


def test_the_results_page(search: Search) -> None:
    body = (
        "<p>"
        + "前文。" * 60
        + "全市一般公共预算收入12亿元，其中税收8亿元。"
        + "后文。" * 60
        + "</p>"
    )
    page = a_page("关于&lt;财政&gt;预算的说明", body, doc_number="辛政〔2026〕8号")
    search.put([("2026/00001.html", page)])
    file = search.page("预算 税收", 1)
    assert (file.name, file.media_type) == ("search", "text/html; charset=utf-8")
    main = parsed(search, "预算 税收")
    (link,) = main.find_class("results")[0].iter("a")
    assert link.get("href") == "2026/00001.html"
    assert link.text_content() == "关于<财政>预算的说明"
    assert [one.text for one in main.iter("mark")] == ["预算", "预算", "税收"]
    assert main.find(".//time").get("datetime") == "2026-03-01"
    said = shown(search, "预算 税收")
    assert "共找到 1 条信息" in said
    assert "财政局 辛政〔2026〕8号" in said
    assert "…前文。" in said
    assert "全市一般公共预算收入12亿元，其中税收8亿元。后文。" in said
    assert main.find(".//input").get("value") == "预算 税收"


def test_paging(search: Search) -> None:
    search.put(
        (f"{one}.html", a_page(f"通知{one}", at=f"2026-01-{one:02d} 08:00")) for one in range(1, 26)
    )
    first, second, third = (parsed(search, "通知", page) for page in (1, 2, 3))

    def ways(main: Any) -> list[tuple[str, str]]:
        return [(one.get("rel"), one.get("href")) for one in main.find_class("pager")[0].iter("a")]

    word = "search?q=%E9%80%9A%E7%9F%A5&page="
    assert ways(first) == [("next", f"{word}2")]
    assert ways(second) == [("prev", f"{word}1"), ("next", f"{word}3")]
    assert ways(third) == [("prev", f"{word}2")]
    assert second.find_class("results")[0].get("start") == "11"
    assert "第 3 页，共 3 页" in third.text_content()
    assert len(third.find_class("results")[0]) == 5
    assert "第 3 页" in parsed(search, "通知", 10**9).text_content()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "几个词之间用空格隔开"),
        ("　 \n\t", "几个词之间用空格隔开"),
        ("。，！？——…… \"' () * ^ - + : AND", "没有找到"),
        ("。，！？—…\"'()*^-+:", "没有可以查找的字"),
        ("\x00\x01\x7f\u200b\ud800", "几个词之间用空格隔开"),
        ("字" * 10_000, "太长了"),
        (" ".join("一二三四五六七八九十百"), "一次最多找10个词"),
        ("没有的词", "没有找到含有“没有的词”的信息"),
    ],
)
def test_what_cannot_be_found_is_said_in_plain_words(search: Search, typed: str, said: str) -> None:
    search.put([("a.html", a_page("预算"))])
    assert said in shown(search, typed)
    assert "预算" in shown(search, "预算\x00\u200b"), "what nobody sees is not asked for"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            '"',
            '"预算',
            "预算 OR 税",
            "NEAR(预算 税)",
            "title:预算",
            "预算*",
            "^预算",
            "{a b}:c",
            "-预算",
        ),
        *("预算 AND", "NOT", "'; DROP TABLE page; --", "\\", "%", "_", "预算\x00税", "¶", "预算¶"),
    ],
)
def test_no_mark_that_means_something_to_the_index_does_so_to_a_reader(
    search: Search, typed: str
) -> None:
    search.put([("a.html", a_page("预算"))])
    assert shown(search, typed)
    assert "共找到 1 条" in shown(search, "预算")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.integers(-3, 10**12))
def test_nothing_that_is_typed_is_an_error(search: Search, typed: str, page: int) -> None:
    assert html.document_fromstring(search.page(typed, page).data.decode()) is not None


def test_markup_in_the_words_is_shown_and_not_run(search: Search) -> None:
    typed = '"><script>alert(1)</script>预算'
    page = search.page(typed, 1).data.decode()
    assert "<script>alert" not in page
    assert typed.split(maxsplit=1)[0] in parsed(search, typed).find(".//input").get("value")


def test_nothing_published_yet_is_nothing_found(search: Search, tmp_path: Path) -> None:
    assert "没有找到" in shown(search, "预算")
    assert not (tmp_path / "output" / INDEX).exists(), "a reader makes no files"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("暴雨预警", ["暴雨天气预警信号", "发布暴雨橙色预警"]),
        ("预警暴雨", ["暴雨天气预警信号", "发布暴雨橙色预警"]),
        ("市暴雨预警", ["暴雨天气预警信号", "发布暴雨橙色预警"]),
        ("怎么申请公开", ["依申请公开指南"]),
        ("申请指南", ["依申请公开指南"]),
        ("申请表格", ["依申请公开指南"]),
        ("申请表格在哪里下载", []),
        ("2026年暴雨预警", ["发布暴雨橙色预警"]),
        ("龙凤呈祥", []),
        ("税 暴雨", []),
    ],
)
def test_what_is_partly_the_same_is_found_where_nothing_is_the_same(
    search: Search, typed: str, found: list[str]
) -> None:
    titles = {
        "发布暴雨橙色预警": "2026年第3号。",
        "暴雨天气预警信号": "",
        "依申请公开指南": "如何提交申请。",
        "公开说明": "",
    }
    search.put((f"{title}.html", a_page(title, text)) for title, text in titles.items())
    main = parsed(search, typed)
    assert [one.text_content() for one in main.iterfind(".//h2/a")] == found
    said = " ".join(main.text_content().split())
    assert ("没有完全相同的，下面是部分相同的" in said) == bool(found)
    assert "都从新到旧" not in said


def test_in_what_is_partly_the_same_the_pieces_are_marked(search: Search) -> None:
    search.put([("a.html", a_page("发布暴雨橙色预警", "全市有暴雨。"))])
    marks = [one.text for one in parsed(search, "暴雨预警").iter("mark")]
    assert marks == ["暴雨", "预警", "暴雨"]


def test_what_is_the_same_comes_without_what_is_so_in_part(search: Search) -> None:
    search.put([("a.html", a_page("暴雨橙色预警")), ("b.html", a_page("暴雨预警"))])
    said = shown(search, "暴雨预警")
    assert "共找到 1 条" in said
    assert "部分相同" not in said
    assert "都从新到旧" not in said, "one alone has no order"


def test_of_what_is_only_alike_there_are_some_pages_and_the_best_comes_first(
    search: Search,
) -> None:
    search.put(
        (f"{one}.html", a_page(f"申请第{one}号公开", at=f"2026-01-01 08:{one % 60:02d}"))
        for one in range(80)
    )
    search.put([("best.html", a_page("怎么申请第一次公开", at="2020-01-01 08:00"))])
    main = parsed(search, "怎么申请公开呢")
    assert main.find(".//h2/a").get("href") == "best.html"
    assert "共找到 50 条" in main.text_content()
    assert "第 5 页，共 5 页" in parsed(search, "怎么申请公开呢", 9).text_content()


@pytest.mark.parametrize("typed", ["暴雨预警" * 50, "暴" * 200, "申请 2026年 GDP 公开指南 " * 8])
def test_the_longest_that_may_be_typed_is_looked_for_in_pieces(search: Search, typed: str) -> None:
    search.put([("a.html", a_page("发布暴雨橙色预警"))])
    assert shown(search, typed)


@pytest.mark.parametrize("title", ["依申请公开", "政府信息依申请公开办法"])
def test_who_finds_nothing_is_led_to_the_way_to_apply_where_there_is_one(
    tmp_path: Path, title: str
) -> None:
    guides = {"政府信息公开指南": "https://a.example/1", title: "https://a.example/2"}
    main = parsed(a_search(tmp_path, guides=guides), "没有的词")
    links = [one.get("href") for one in main.find_class("nothing")[0].iter("a")]
    assert "https://a.example/2" in links
    assert "https://a.example/1" not in links


def test_who_finds_nothing_is_promised_nothing(search: Search) -> None:
    said = shown(search, "没有的词")
    assert "没有找到" in said
    assert "申请" not in said


def test_the_index_lies_beside_the_site_and_never_in_it(search: Search, tmp_path: Path) -> None:
    search.put([("a.html", a_page("预算"))])
    assert [path.name for path in (tmp_path / "output").iterdir()] == [INDEX]
