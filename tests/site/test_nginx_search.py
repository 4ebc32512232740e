"""Searches go to the program behind nginx, and what is wrong there stays small."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.site.small_site import make_small_site
from tests.support.nginx import Answer, Nginx, serving

RESULT = "<h1>查到一条</h1>"
REFUSALS = {"太长": 400, "没有": 404, "出错": 500, "稍后": 503}
OWN = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Program(ThreadingHTTPServer):
    """Stands where `publisher serve` will; the word that is searched says how it behaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.patience = threading.Event()
        """Set it to let slow searches end."""


class _Handler(BaseHTTPRequestHandler):
    server: Program

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        word = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        if word == "慢":
            self.server.patience.wait(60)
        if word in {"慢", "断"}:
            return
        data = RESULT.encode()
        self.send_response(REFUSALS.get(word, 200))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in OWN.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base
        """Silent."""


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with Program() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        running.patience.set()
        running.shutdown()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Iterator[Nginx]:
    site = make_small_site(tmp_path_factory.mktemp("site"))
    with serving(site, program.server_port) as running:
        yield running


def search(nginx: Nginx, word: str, source: str = "127.0.0.1") -> Answer:
    return nginx.ask(f"/search?q={quote(word)}&page=2", source=source)


def assert_in_plain_words(answer: Answer) -> None:
    assert answer.status == 503
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>暂时打不开</h1>" in answer.text
    assert "nginx" not in answer.text


def test_a_search_reaches_the_program_as_it_was_asked(nginx: Nginx, program: Program) -> None:
    answer = nginx.ask("/search?q=%E9%A2%84%E7%AE%97+%26&page=2", sent={"Cookie": "a=b"})
    assert (answer.status, answer.text) == (200, RESULT)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    path, headers = program.asked[-1]
    assert path == "/search?q=%E9%A2%84%E7%AE%97+%26&page=2"
    assert headers["Host"] == "127.0.0.1"


def test_its_headers_are_those_of_every_page_and_come_once(nginx: Nginx) -> None:
    page, result = nginx.ask("/"), search(nginx, "预算")
    for header in OWN:
        assert result[header] == page[header]


def test_a_program_that_breaks_off_is_told_in_plain_words(nginx: Nginx) -> None:
    assert_in_plain_words(search(nginx, "断"))


@pytest.mark.parametrize(("word", "status"), REFUSALS.items())
def test_what_the_program_itself_says_of_an_error_reaches_who_asked(
    nginx: Nginx, word: str, status: int
) -> None:
    answer = search(nginx, word)
    assert (answer.status, answer.text) == (status, RESULT)


def test_a_flood_from_one_address_is_held_off_and_troubles_nobody_else(
    nginx: Nginx, program: Program
) -> None:
    before = len(program.asked)
    answers = [search(nginx, "洪水", "127.0.0.66") for _ in range(60)]
    refused = [answer for answer in answers if answer.status == 503]
    assert 20 <= len(program.asked) - before == 60 - len(refused) < 50
    assert all("使用的人较多" in answer.text for answer in refused)
    assert search(nginx, "预算", "127.0.0.77").status == 200
    assert nginx.ask("/", source="127.0.0.66").status == 200, "pages are never held off"


def test_a_program_that_hangs_is_given_up_and_asked_by_few_at_a_time(
    nginx: Nginx, program: Program
) -> None:
    before, began = len(program.asked), time.monotonic()
    answers: list[Answer] = []
    threads = [
        threading.Thread(
            target=lambda source: answers.append(search(nginx, "慢", source)),
            args=(f"127.0.1.{number}",),
        )
        for number in range(1, 31)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 9
    assert len(answers) == 30
    for answer in answers:
        assert_in_plain_words(answer)
    assert len(program.asked) - before == 16
