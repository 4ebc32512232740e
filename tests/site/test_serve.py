"""The site as `publisher serve` shows it: the same as nginx, and nothing else."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from publisher.web.server import Server
from tests.site.served import ask, served
from tests.site.small_site import GONE, HERE
from tests.support.nginx import Nginx, serving

SAME = (
    *("Content-Type", "Cache-Control", "Content-Security-Policy", "Content-Disposition"),
    *("X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Location"),
    *("Cross-Origin-Opener-Policy", "Content-Length", "Content-Range"),
)
FIELD = "/list/field/安全生产/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with served(folder) as running:
        yield running


@pytest.fixture(scope="module")
def nginx(folder: Path, server: Server) -> Iterator[Nginx]:
    with serving(folder / "output" / "site", server.port) as running:
        yield running


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), 20) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65536), b""))


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/catalogue/", "/catalogue/3.html", FIELD, FIELD.rstrip("/")),
        *("/list?a=b", "/sitemap"),
        *("/style.css", "/style.css?v=", "/style.css?v=5f3a"),
        *("/site.js?v=1", "/nothing/style.css?v=1"),
        *("/robots.txt", "/sitemap.xml", "/sitemap/1.xml", "/atom.xml", "/rss.xml", "/feed.json"),
        *(f"{FIELD}atom.xml", f"{FIELD}archive-3.xml", "/catalogue/archive-3.xml"),
        *(f"{HERE}.html", f"{HERE}.html?v=1", HERE, f"{HERE}/"),
        *(f"{HERE}/附件.pdf", f"{HERE}/大写.PDF"),
        *(f"{HERE}/附件.docx", f"{HERE}/附件.csv", f"{HERE}/附件.jpg", f"{HERE}/来件.html"),
        *(f"{HERE}/来件.SVG", f"{HERE}/来件.bin", f"{HERE}/没有.docx", f"{HERE}/没有.pdf"),
        *(f"{HERE}/图 1+2（〔2026〕5号）.png", f"{GONE}.html", f"{GONE}/附件.pdf"),
        *(f"{GONE}/", GONE),
        *(f"{GONE}/.gone", f"{GONE}/a/b.html", "/404.html", "/410.html", "/nothing", "/2026/"),
        *("/.git/config", "/%2Egit/config", "/list/.hidden/index.html", "/later.part", "/search/"),
        *("/%E4%B8", "/a%0Ab", "/ ", "/%3F", "/2026/00002.html/", "/index.html"),
    ],
)  # fmt: skip
def test_every_address_is_answered_as_nginx_answers_it(
    server: Server, nginx: Nginx, path: str
) -> None:
    address = quote(path, safe="/%?=")
    for method in ("GET", "HEAD"):
        ours, theirs = ask(server, address, method), nginx.ask(address, method)
        assert (ours.status, ours.body) == (
            theirs.status,
            theirs.body if ours.status != 301 else b"",
        )
        for name in SAME:
            if ours.status == 301 and name in {"Content-Type", "Content-Length"}:
                continue
            assert ours[name] == theirs[name], name


@pytest.mark.parametrize("path", ["/", "/atom.xml", f"{HERE}/附件.pdf", FIELD])
def test_who_has_it_already_is_told_so(server: Server, path: str) -> None:
    first = ask(server, quote(path))
    for condition, value, old in (
        ("If-None-Match", first["ETag"], '"5f3a-1"'),
        ("If-Modified-Since", first["Last-Modified"], "Thu, 01 Jan 2026 00:00:00 GMT"),
    ):
        again = ask(server, quote(path), sent={condition: value or ""})
        assert (again.status, again.body) == (304, b"")
        for header in ("Cache-Control", "Content-Security-Policy", "ETag"):
            assert again[header] == first[header]
        assert ask(server, quote(path), sent={condition: old}).body == first.body


@pytest.mark.parametrize(
    ("given", "status", "size"),
    [
        ("bytes=1000-1099", 206, 100),
        ("bytes=1990-", 206, 10),
        ("bytes=-5", 206, 5),
        ("bytes=5000-", 416, 0),
        ("bytes=9-3", 200, 2000),
        ("bytes=-", 200, 2000),
        ("bytes=x-y", 200, 2000),
        ("lines=1-2", 200, 2000),
        ("bytes=" + ",".join(f"{one}-{one}" for one in range(300)), 200, 2000),
        ("bytes=0-" + "9" * 4000, 200, 2000),
    ],
)
def test_a_part_or_the_whole(server: Server, given: str, status: int, size: int) -> None:
    answer = ask(server, quote(f"{HERE}/附件.pdf"), sent={"Range": given})
    assert (answer.status, len(answer.body)) == (status, size)


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/..%2fsecret.txt"),
        *("/%2e%2e/secret.txt", "/list/..%2f..%2f..%2fsecret.txt"),
        *("//secret.txt", "/outside/secret.txt", "/outside/"),
        *("/%5c..%5csecret.txt", "/secret.txt%00"),
        *("/%00", "/output/%00", "/output/../secret.txt", "/output/%2e%2e/secret.txt", "/output//"),
        *("/output/broadcast/130181-2026-00001/.half", "/output/site/outside/secret.txt"),
        *("/output/search.db", "/search.db", "/output/site/.git/config"),
        *("/" + "长" * 3000, "/" + "a/" * 8000, "/" + "%2e/" * 4000),
        *("http://elsewhere.example/secret.txt", "/\u00e9"),
    ],
)  # fmt: skip
def test_nothing_else_is_served(server: Server, path: str) -> None:
    answer = ask(server, quote(path, safe="/%:"))
    assert answer.status == 404, answer.text
    assert "内部" not in answer.text
    assert "没有这个网页" in answer.text
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/search?q=1", "/nothing", f"{GONE}.html", "/output/"])
def test_it_can_only_be_read(server: Server, method: str, path: str) -> None:
    answer = ask(server, path, method)
    assert (answer.status, answer["Allow"]) == (405, "GET, HEAD")
    assert "不能这样访问" in answer.text
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so_in_chinese(server: Server, request_: bytes) -> None:
    answer = raw(server, request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "请求读不懂" in answer.decode()
    assert ask(server, "/").status == 200, "and it goes on"


def test_all_that_was_made_is_listed_in_plain_chinese(server: Server) -> None:
    top = ask(server, "/output/")
    assert re.findall(r'href="\./([^"]+)"', top.text) == ["broadcast/", "site/"]
    below = ask(server, "/output/broadcast/130181-2026-00001/")
    assert "口播稿 &lt;一&gt;.txt" in below.text
    assert "上一级" in below.text
    assert ".half" not in below.text
    (name,) = re.findall(r'href="\./([^"]+)"', below.text)
    file = ask(server, f"/output/broadcast/130181-2026-00001/{name}")
    assert (file.text, file["Content-Type"]) == ("口播", "text/plain; charset=utf-8")
    assert ask(server, "/output/broadcast")["Location"] == "/output/broadcast/"


def test_slow_readers_keep_nobody_waiting(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert ask(server, "/").status == 200
