"""Does a reader get a page of results, or a plain sentence, whatever was typed?"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from channels.website.options import Options
from channels.website.search import INDEX, Search
from channels.website.site import Site
from channels.website.templates import Templates
from publisher.channel import TemporaryError
from tests.channels.website_search_pages import a_page
from tests.factories import a_house


@pytest.fixture
def search(tmp_path: Path) -> Search:
    site = Site(a_house(tmp_path), Options(search=True))
    return Search(site.house.output, Templates(site))


def shown(search: Search, typed: str, page: int = 1) -> str:
    return " ".join(parsed(search, typed, page).text_content().split())


def parsed(search: Search, typed: str, page: int = 1) -> Any:
    tree: Any = html.document_fromstring(search.page(typed, page).data.decode())
    return tree.get_element_by_id("main")


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


def test_a_damaged_index_is_said_in_plain_words(search: Search, tmp_path: Path) -> None:
    file = tmp_path / "output" / INDEX
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(TemporaryError, match="搜索暂时用不了"):
        search.page("预算", 1)
    with pytest.raises(TemporaryError, match="publisher rebuild"):
        search.put([("a.html", a_page("预算"))])


def test_the_index_lies_beside_the_site_and_never_in_it(search: Search, tmp_path: Path) -> None:
    search.put([("a.html", a_page("预算"))])
    assert [path.name for path in (tmp_path / "output").iterdir()] == [INDEX]
