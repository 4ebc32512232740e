"""Searches as `publisher serve` answers them, whatever is asked."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from channels.website.search import INDEX
from publisher.web.server import Server
from publisher.web.site import site_app
from tests.site.served import ask, served

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>预算'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("serve")) as running:
        yield running


def test_the_search_answers_with_the_page_of_the_channel(server: Server) -> None:
    answer = ask(server, f"/search?q={quote('预算')}&page=2")
    assert (answer.status, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "第 2 页，共 2 页" in answer.text
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in (answer["Content-Security-Policy"] or "")
    assert ask(server, f"/search?q={quote('预算')}", "HEAD").body == b""


@pytest.mark.parametrize(
    "query",
    [
        *("", "?", "?q", "?q=", "?page=2", "?q=a&page=-1", "?q=a&page=x"),
        *("?q=a&page=1e9", "?q=%FF%FE"),
        *("?q=%00%0D%0ASet-Cookie:%20a=b", "?q=" + "a" * 10_000, "?q=1&q=2", "?q=%22"),
        *("?&&&=", "?q=%ZZ"),
        *("?q=%ED%A0%80", "?" + "a=1&" * 2000, "?q=a&page=" + "9" * 5000, "?q=a&page=%D9%A3"),
    ],
)  # fmt: skip
def test_whatever_is_asked_is_answered_with_a_page(server: Server, query: str) -> None:
    answer = ask(server, f"/search{query}")
    assert answer.status == 200
    assert answer["Set-Cookie"] is None
    assert "<form" in answer.text


def test_markup_in_a_question_is_shown_and_not_run(server: Server) -> None:
    answer = ask(server, f"/search?q={quote(HOSTILE)}")
    assert answer.status == 200
    assert not re.search(r"<script>|<img", answer.text)
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize(("word", "status"), [("稍后", 503), ("没开", 404), ("错", 500)])
def test_a_search_that_fails_says_so_in_plain_words(
    server: Server, capsys: pytest.CaptureFixture[str], word: str, status: int
) -> None:
    answer = ask(server, f"/search?q={quote(word)}")
    assert answer.status == status
    assert re.search("过几分钟再试|没有开通搜索", answer.text)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer["Content-Security-Policy"]
    assert ("secret-of-the-house" in capsys.readouterr().out) == (status == 500)


def test_without_its_index_the_search_does_not_say_that_there_is_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        (tmp_path / "output" / INDEX).unlink()
        answer = ask(server, f"/search?q={quote('预算')}")
    assert answer.status == 503
    assert "搜索暂时用不了" in answer.text
    assert "没有找到" not in answer.text


def test_where_nobody_searches_there_is_no_such_page_nor_a_list_of_files(tmp_path: Path) -> None:
    with Server(site_app(tmp_path, None)) as server:
        for path in ("/search?q=1", "/output/", "/output/site/", "/"):
            answer = ask(server, path)
            assert (answer.status, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
            assert re.search("没有这个网页|没有开通", answer.text)
