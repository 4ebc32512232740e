"""Is what stands on the site found, in its order, and nothing else?"""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.website.places import own_pages
from channels.website.search import INDEX
from channels.website.search_index import SearchIndex
from channels.website.search_words import asked
from publisher.model import Action
from tests.channels.website_items import a_website
from tests.channels.website_search_pages import a_page, names
from tests.factories import ROOT, an_item, later

BUDGET: dict[str, Any] = {
    "title": "2026年财政预算公开说明",
    "body": "全市一般公共预算收入12亿元，其中税收8亿元。",
    "department": "辛集市财政局",
    "doc_number": "冀政办字〔2018〕1号",
}


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return SearchIndex(tmp_path / INDEX)


@pytest.mark.parametrize(
    "typed",
    [
        *("预算", "财政预算", "算公", "税", "说明", "一般公共预算收入", "财政局"),
        *("2026", "2026年", "2026年财政", "12亿元", "１２亿元", "8", "预算 税收", "税收　说明"),
        *("冀政办字〔2018〕1号", "冀政办字[2018]1号", "政办字2018", "2018 1号", "〔2018〕1号"),
        *(
            "130181/2026-00001",
            "00001",
            "20260101",
            "GDP",
            "gdp",
            "ＧＤＰ",
            "财政,通知",
            "𠮷",
            "〇",
        ),
    ],
)
def test_it_is_found_by(index: SearchIndex, typed: str) -> None:
    body = "<p>全市一般公共预算收入12亿<b>元</b>，其中税收8亿元。</p><p>GDP 20260101 𠮷二〇二六</p>"
    index.put(
        [
            ("2026/00001.html", a_page(
                "2026年财政<wbr>预算公开说明".replace("<wbr>", ""), body,
                number="130181/2026-00001", doc_number="冀政办字〔2018〕1号", keywords="财政,通知",
            )),
            ("2026/00002.html", a_page("别的", "别的内容", by="体育局", at="2027-01-01 08:00")),
        ]
    )  # fmt: skip
    assert names(index, typed) == ["2026/00001.html"]


@pytest.mark.parametrize(
    "typed",
    [
        *("预收", "财政说明", "1", "2018年", "1号2", "0181", "2号", "导航", "首页", "预算 导航"),
        *("元其", "表尾", "脚本", "正文外"),
    ],
)
def test_what_does_not_stand_there_is_not_found(index: SearchIndex, typed: str) -> None:
    body = (
        "<p>全市预算12亿元</p><p>其中12号，共2018元</p><table><tr><td>一表</td><td>尾</td></tr></table>"
        "<script>脚本</script><!-- 正文外 --><p>收入</p>"
    )
    index.put([("2026/00001.html", a_page("财政预算公开说明", body, number="130181/2026-00001"))])
    assert names(index, "12号") == ["2026/00001.html"]
    assert names(index, typed) == []


def test_titles_come_first_then_the_newest(index: SearchIndex) -> None:
    index.put(
        [
            ("a.html", a_page("通知", "本年预算", at="2026-01-01 08:00")),
            ("b.html", a_page("预算通知", "无", at="2024-01-01 08:00")),
            ("c.html", a_page("通知", "上年预算", at="2026-05-01 08:00")),
            ("d.html", a_page("预算说明", "无", at="2025-01-01 08:00")),
            ("e.html", a_page("预算说明", "无", at="2025-01-01 08:00")),
        ]
    )
    assert names(index, "预算") == ["e.html", "d.html", "b.html", "c.html", "a.html"]
    assert [names(index, "预算", page, 2) for page in (1, 2, 3)] == [
        ["e.html", "d.html"],
        ["b.html", "c.html"],
        ["a.html"],
    ]
    assert names(index, "预算", 99, 2) == ["a.html"], "beyond the last page is the last"
    assert names(index, "预算", -5, 2) == ["e.html", "d.html"]


def test_a_corrected_page_is_found_by_its_new_words_in_its_old_place(index: SearchIndex) -> None:
    index.put([("a.html", a_page("预算甲")), ("b.html", a_page("预算乙"))])
    index.put([("a.html", a_page("预算丙"))])
    assert names(index, "预算") == ["b.html", "a.html"]
    assert names(index, "丙") == ["a.html"]
    assert names(index, "甲") == []


def test_the_same_pages_again_change_nothing(index: SearchIndex, tmp_path: Path) -> None:
    pages = [(f"{one}.html", a_page(f"通知{one}")) for one in range(3)]
    index.put(pages)
    before = (tmp_path / INDEX).read_bytes()
    index.put(pages)
    index.put([])
    assert (tmp_path / INDEX).read_bytes() == before


def test_a_real_page_is_found_by_all_it_says_and_no_more_once_withdrawn(
    tmp_path: Path, index: SearchIndex
) -> None:
    website = a_website(tmp_path)
    item = an_item(**BUDGET)
    index.put((one.name, one.data) for one in own_pages(website.render([item])))
    for typed in (
        "预算 收入",
        "公开说明",
        "冀政办字〔2018〕1号",
        item.number,
        "财政局",
        "财政预决算",
    ):
        assert names(index, typed) == ["2026/00001.html"], typed
    withdrawn = later(item, Action.WITHDRAW, "内容有误")
    index.put((one.name, one.data) for one in own_pages(website.render([withdrawn])))
    for typed in ("预算", "公开说明", "内容有误", "撤回"):
        assert names(index, typed) == [], typed
    assert "税收8亿元".encode() not in (tmp_path / INDEX).read_bytes(), "nor lies it in the file"


WRITER = """
import sys
from itertools import count
from pathlib import Path
from channels.website.search_index import SearchIndex
from tests.channels.website_search_pages import a_page

index = SearchIndex(Path(sys.argv[1]))
for ten in count():
    index.put([(f"{ten}-{one}.html", a_page(f"预算{ten}-{one}")) for one in range(5)])
    print(ten, flush=True)
"""


def test_a_writer_that_is_killed_leaves_all_of_a_batch_or_nothing(
    index: SearchIndex, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / INDEX)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for _ in range(8):
            last = writer.stdout.readline()
        writer.kill()
    found = names(index, "预算", per_page=1000)
    assert len(found) % 5 == 0
    assert len(found) >= (int(last) + 1) * 5
    index.put([("after.html", a_page("预算之后", at="2027-01-01 08:00"))])
    assert names(index, "预算", per_page=1000) == ["after.html", *found]


def test_readers_are_not_kept_waiting_by_a_writer(index: SearchIndex, tmp_path: Path) -> None:
    index.put([("a.html", a_page("预算甲"))])
    writer = sqlite3.connect(tmp_path / INDEX, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM page")
    assert names(index, "预算") == ["a.html"]
    writer.execute("ROLLBACK")
    writer.close()


def test_many_threads_search_while_pages_are_put_out(index: SearchIndex) -> None:
    index.put([("0.html", a_page("预算0"))])
    wrong: list[object] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                found = names(index, "预算", per_page=100)
            except sqlite3.Error as error:  # told to the test below
                wrong.append(error)
                return
            if len(found) not in {1, 6}:
                wrong.append(found)  # half of what was put out together

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for ten in range(1, 25):
        new = [(f"{ten}-{one}.html", a_page(f"预算{ten}{one}")) for one in range(5)]
        withdrawn = [(f"{ten - 1}-{one}.html", b"") for one in range(5)]
        index.put([*withdrawn, *new])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(names(index, "预算", per_page=100)) == 6


def test_no_more_is_counted_than_can_be_paged_through(index: SearchIndex) -> None:
    index.put((f"{one}.html", a_page("同样的通知", f"第{one}件")) for one in range(1005))
    question = asked("通知")
    assert question
    found = index.search(question, 100, 10)
    assert (found.count, found.many, len(found.hits)) == (1000, True, 10)
    few = index.search(asked("第7件") or question, 1, 10)
    assert (few.count, few.many) == (1, False)


def test_a_very_long_page_is_read_as_far_as_is_reasonable(index: SearchIndex) -> None:
    index.put([("a.html", a_page("长文", "开头" + "很长的文字" * 60_000 + "结尾"))])
    assert names(index, "开头") == ["a.html"]
    assert names(index, "结尾") == []


@pytest.mark.parametrize(
    "page", [b"", b"<", b"\xff\xfe\x00", b"<html></html>", a_page(""), b"<meta name=ArticleTitle>"]
)
def test_what_is_no_page_of_an_item_is_not_taken_in(index: SearchIndex, page: bytes) -> None:
    index.put([("a.html", a_page("预算"))])
    index.put([("a.html", page)])
    assert names(index, "预算") == []


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.text("财政预算年号aB1２（）/〔 。", min_size=1, max_size=8), min_size=1, max_size=3
    ),
    st.data(),
)
def test_any_piece_of_a_text_finds_it(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], data: st.DataObject
) -> None:
    """Cut anywhere but within a figure or a Latin word."""
    line = data.draw(st.sampled_from(lines))
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    inside = "aB1２"
    if (start and line[start - 1] in inside) or (end < len(line) and line[end] in inside):
        return
    question = asked(line[start:end])
    if question is None:
        return
    index = SearchIndex(tmp_path_factory.mktemp("index") / INDEX)
    index.put([("a.html", a_page("标题", "".join(f"<p>{one}</p>" for one in lines)))])
    assert [hit.name for hit in index.search(question, 1, 10).hits] == ["a.html"]
