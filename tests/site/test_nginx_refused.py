"""What nginx will not take: said in plain words, with the status and the headers as they are."""

import socket
from collections.abc import Iterator

import pytest

from tests.site.small_site import make_small_site
from tests.support.nginx import Answer, Nginx, serving


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with serving(make_small_site(tmp_path_factory.mktemp("site"))) as running:
        yield running


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/search?q=1", "/nothing", "/2026/00001.html"])
def test_the_site_can_only_be_read(nginx: Nginx, method: str, path: str) -> None:
    answer = nginx.ask(path, method)
    assert (answer.status, answer["Allow"]) == (405, "GET, HEAD")
    assert_in_plain_words(answer, "这里只能查看")


def assert_in_plain_words(answer: Answer, title: str) -> None:
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert f"<h1>{title}</h1>" in answer.text
    assert '<a href="/">' in answer.text
    assert "nginx" not in answer.text


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/%00", {}, 400),
        ("/%zz", {}, 400),
        ("/../../etc/passwd", {}, 400),
        ("*", {}, 400),
        ("/" + "a" * 20_000, {}, 414),
        ("/search?q=" + "a" * 20_000, {}, 414),
        ("/", {"Cookie": "a" * 20_000}, 400),
        ("/", {"Host": "a/b"}, 400),
    ],
)
def test_an_address_that_is_none_is_told_in_plain_words(
    nginx: Nginx, path: str, sent: dict[str, str], status: int
) -> None:
    answer = nginx.ask(path, sent=sent)
    assert answer.status == status
    assert_in_plain_words(answer, "网址不对")
    head = nginx.ask(path, "HEAD", sent=sent)
    assert (head.status, head.body) == (status, b"")


@pytest.mark.parametrize(
    ("line", "status", "title"),
    [
        ("nonsense", 400, "网址不对"),
        ("G\x00T / HTTP/1.1", 400, "网址不对"),
        ("CONNECT / HTTP/1.1", 405, "这里只能查看"),
    ],
)
def test_who_speaks_no_http_is_answered_all_the_same(
    nginx: Nginx, line: str, status: int, title: str
) -> None:
    with socket.create_connection(("127.0.0.1", nginx.port), 10) as plain:
        plain.sendall(f"{line}\r\nHost: a\r\n\r\n".encode())
        said = b"".join(iter(lambda: plain.recv(4096), b""))
    assert said.startswith(f"HTTP/1.1 {status} ".encode())
    assert f"<h1>{title}</h1>".encode() in said


@pytest.mark.parametrize("path", ["/-/unreadable", "/-/refused", "/-/"])
def test_the_pages_of_the_server_itself_are_at_no_address(nginx: Nginx, path: str) -> None:
    assert nginx.ask(path).status == 404
