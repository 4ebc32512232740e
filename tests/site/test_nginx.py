"""The site as nginx serves it with deploy/nginx: types, compression, caching, what is not shown."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from publisher.intake.files import as_served
from publisher.intake.media import ATTACHMENTS, KINDS
from tests.site.small_site import HERE, MUCH, make_small_site
from tests.support.nginx import Nginx, serving

FIELD = "/list/field/安全生产/"
TEXTS = {
    "/": "text/html; charset=utf-8",
    "/2026/00002.html": "text/html; charset=utf-8",
    "/catalogue/": "text/html; charset=utf-8",
    "/catalogue/3.html": "text/html; charset=utf-8",
    FIELD: "text/html; charset=utf-8",
    "/style.css": "text/css; charset=utf-8",
    "/site.js": "text/javascript; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/sitemap/1.xml": "application/xml; charset=utf-8",
    "/atom.xml": "application/xml; charset=utf-8",
    "/rss.xml": "application/xml; charset=utf-8",
    "/feed.json": "application/feed+json; charset=utf-8",
    "/catalogue/archive-3.xml": "application/xml; charset=utf-8",
    f"{FIELD}atom.xml": "application/xml; charset=utf-8",
    f"{FIELD}rss.xml": "application/xml; charset=utf-8",
    f"{FIELD}feed.json": "application/feed+json; charset=utf-8",
    f"{FIELD}archive-3.xml": "application/xml; charset=utf-8",
}
SHOWN = (".pdf", ".txt", ".jpg", ".png")
PAGE_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def nginx(site: Path) -> Iterator[Nginx]:
    with serving(site) as running:
        yield running


@pytest.mark.parametrize(("path", "media_type"), TEXTS.items())
def test_what_the_publisher_writes_has_its_type_and_goes_out_compressed(
    nginx: Nginx, path: str, media_type: str
) -> None:
    plain = nginx.ask(quote(path))
    small = nginx.ask(quote(path), sent={"Accept-Encoding": "gzip"})
    assert plain.status == small.status == 200
    assert plain["Content-Type"] == small["Content-Type"] == media_type
    assert (plain["Content-Encoding"], small["Content-Encoding"]) == (None, "gzip")
    assert plain["Vary"] == small["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.body) == plain.body
    assert MUCH in plain.text
    assert len(small.body) < len(plain.body) / 4


@pytest.mark.parametrize("ending", ATTACHMENTS)
def test_what_the_intake_takes_as_an_attachment_has_its_type(nginx: Nginx, ending: str) -> None:
    answer = nginx.ask(quote(f"{HERE}/附件{ending}"), sent={"Accept-Encoding": "br, zstd"})
    assert answer.status == 200
    assert answer["Content-Type"] == as_served(KINDS[ending].media_type)
    assert answer["Content-Disposition"] == (None if ending in SHOWN else "attachment")
    assert answer["Content-Encoding"] is None
    assert len(answer.body) == 2000


@pytest.mark.parametrize("name", ["来件.html", "来件.SVG", "来件.xml", "来件.bin"])
def test_an_attachment_never_runs_as_a_page_of_ours(nginx: Nginx, name: str) -> None:
    answer = nginx.ask(quote(f"{HERE}/{name}"))
    assert answer.status == 200
    assert answer["Content-Disposition"] == "attachment"
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_shown_whatever_the_case_of_its_ending(nginx: Nginx) -> None:
    answer = nginx.ask(quote(f"{HERE}/大写.PDF"))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", None)
    assert answer["Content-Security-Policy"] == "base-uri 'none'; frame-ancestors 'none'"


def test_file_names_may_hold_chinese_blanks_and_signs(nginx: Nginx) -> None:
    answer = nginx.ask(quote(f"{HERE}/图 1+2（〔2026〕5号）.png"))
    assert (answer.status, answer["Content-Type"]) == (200, "image/png")
    assert answer.text == MUCH


def test_a_part_of_a_large_attachment_can_be_had(nginx: Nginx) -> None:
    answer = nginx.ask(quote(f"{HERE}/附件.pdf"), sent={"Range": "bytes=1000-1099"})
    assert (answer.status, len(answer.body)) == (206, 100)


def test_the_folder_of_a_list_is_its_first_page(nginx: Nginx) -> None:
    assert "list/field/安全生产/index" in nginx.ask(quote(FIELD)).text
    bare = nginx.ask(quote(FIELD.rstrip("/")))
    assert (bare.status, bare["Location"]) == (301, quote(FIELD))


@pytest.mark.parametrize("path", ["/", "/atom.xml", "/feed.json", f"{HERE}/附件.pdf", FIELD])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_who_has_it_already_is_told_so(nginx: Nginx, path: str, encoding: str) -> None:
    asked = {"Accept-Encoding": encoding}
    first = nginx.ask(quote(path), sent=asked)
    assert first["ETag"]
    assert first["Last-Modified"]
    for condition, value, old in (
        ("If-None-Match", first["ETag"], '"5f3a-1"'),
        ("If-Modified-Since", first["Last-Modified"], "Thu, 01 Jan 2026 00:00:00 GMT"),
    ):
        again = nginx.ask(quote(path), sent=asked | {condition: value})
        assert (again.status, again.body) == (304, b"")
        for header in ("Cache-Control", "Content-Security-Policy"):
            assert again[header] == first[header]
        assert (again["ETag"] or "").removeprefix("W/") == first["ETag"].removeprefix("W/")
        changed = nginx.ask(quote(path), sent=asked | {condition: old})
        assert (changed.status, changed.body) == (200, first.body)


def test_what_was_corrected_is_sent_anew_and_what_was_written_back_is_not(
    nginx: Nginx, site: Path
) -> None:
    page = site / "subscribe.html"
    before, stamp = page.read_bytes(), page.stat()
    known = {"If-None-Match": nginx.ask("/subscribe.html")["ETag"] or ""}
    page.write_bytes(before + "更正".encode())
    assert nginx.ask("/subscribe.html", sent=known).text.endswith("更正")
    page.write_bytes(before)
    os.utime(page, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert nginx.ask("/subscribe.html", sent=known).status == 304


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "no-cache"),
        ("/2026/00002.html", "no-cache"),
        ("/2026/00002.html?v=1", "no-cache"),
        (f"{FIELD}atom.xml", "no-cache"),
        ("/robots.txt", "no-cache"),
        ("/style.css", "no-cache"),
        ("/nothing/style.css?v=1", "no-cache"),
        ("/style.css?v=5f3a", "public, max-age=31536000, immutable"),
        ("/feed.css?v=5f3a", "public, max-age=31536000, immutable"),
        ("/site.js?v=5f3a", "public, max-age=31536000, immutable"),
        (f"{HERE}/附件.docx", "public, max-age=600, must-revalidate"),
        (f"{HERE}/没有.docx", "no-cache"),
    ],
)
def test_how_long_it_may_be_kept(nginx: Nginx, path: str, rule: str) -> None:
    assert nginx.ask(quote(path, safe="/?="))["Cache-Control"] == rule


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/2026/00099.html",
        "/2026/00002/nothing.pdf",
        "/2026/00002/",  # attachments are not listed
        "/2026/",
        "/sitemap/",
        "/list/field/没有/atom.xml",
        "/404.html",
        "/410.html",
        "/.git/config",
        "/%2Egit/config",
        "/list/.hidden/index.html",
        "/later.part",
        "/2026/00002/.附件.pdf.a1b2c3d4.part",
        "/2026/00001/.gone",
        "/search/",
    ],
)
def test_what_is_not_there_is_the_page_that_says_so(nginx: Nginx, path: str) -> None:
    answer = nginx.ask(quote(path, safe="/%"))
    assert (answer.status, answer.text) == (404, "<h1>没有这个网页</h1>")
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def secret(site: Path) -> None:
    """A file that is not the public's, beside the site, and links to it."""
    outside = site.parent / "secret.txt"
    outside.write_text("内部")
    (site / "link.txt").symlink_to(outside)
    (site / "folder").symlink_to(site.parent)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/list/..%2f..%2fsecret.txt",
        "/secret%00.txt",
        "/link.txt",
        "/folder/secret.txt",
    ],
)
def test_nothing_outside_the_site_is_served(nginx: Nginx, path: str) -> None:
    answer = nginx.ask(path)
    assert answer.status in {400, 404}
    assert "内部" not in answer.text


def test_the_head_of_a_page_is_that_of_the_page(nginx: Nginx) -> None:
    head, whole = nginx.ask("/", "HEAD"), nginx.ask("/")
    assert (head.status, head.body) == (200, b"")
    assert head["Content-Length"] == whole["Content-Length"]
    assert whole["Allow"] is None


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/atom.xml", "GET", 200),
        ("/rss.xml", "GET", 200),
        ("/feed.json", "GET", 200),
        ("/list", "GET", 301),
        ("/%00", "GET", 400),
        ("/nothing", "GET", 404),
        ("/", "POST", 405),
        ("/2026/00001.html", "GET", 410),
        ("/2026/00001/附件.pdf", "GET", 410),
        ("/" + "长" * 4000, "GET", 414),
        ("/search", "GET", 503),
    ],
)
def test_every_answer_carries_the_rules_of_security(
    nginx: Nginx, path: str, method: str, status: int
) -> None:
    answer = nginx.ask(quote(path, safe="/%"), method)
    assert answer.status == status
    assert answer["Content-Security-Policy"] == PAGE_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in (answer["Permissions-Policy"] or "")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Disposition"] is None
    assert answer["Strict-Transport-Security"] is None, "this is not TLS"
    assert answer["Server"] == "nginx", "its version is nobody's business"
