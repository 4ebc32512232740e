"""What nginx answers for an item that was withdrawn: 410, and nothing of what it was."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.site.small_site import GONE, HERE, SHOWN_ONCE, make_small_site
from tests.support.nginx import Nginx, serving

GENERAL = "<h1>文件已撤下</h1>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_small_site(tmp_path)


@pytest.fixture
def nginx(site: Path) -> Iterator[Nginx]:
    with serving(site) as running:
        yield running


def test_the_page_says_that_it_is_gone_and_why(nginx: Nginx) -> None:
    answer = nginx.ask(f"{GONE}.html")
    assert (answer.status, answer.text) == (410, SHOWN_ONCE)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert nginx.ask(f"{GONE}.html", "HEAD").status == 410
    for condition in ("If-None-Match", "If-Modified-Since"):
        known = answer["ETag" if condition == "If-None-Match" else "Date"] or ""
        again = nginx.ask(f"{GONE}.html", sent={condition: known, "Range": "bytes=0-1"})
        assert (again.status, again.text) == (410, SHOWN_ONCE)


@pytest.mark.parametrize("below", ["/附件.pdf", "/图.png", "/a/b.html", "/", "/rss.xml", "/x.html"])
def test_every_attachment_is_gone(nginx: Nginx, below: str) -> None:
    answer = nginx.ask(quote(GONE + below))
    assert (answer.status, answer.text) == (410, GENERAL)
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_it_holds_from_the_moment_on_and_until_it_is_taken_back(nginx: Nginx, site: Path) -> None:
    mark = site / f"{HERE}/.gone"[1:]
    page, attachment = f"{HERE}.html", quote(f"{HERE}/附件.pdf")
    assert [nginx.ask(path).status for path in (page, attachment)] == [200, 200]
    mark.touch()
    # Its attachments still lie there, as after a crash: nobody gets them any more.
    assert nginx.ask(page).status == 410
    answer = nginx.ask(attachment)
    assert (answer.status, answer.text) == (410, GENERAL)
    mark.unlink()
    assert [nginx.ask(path).status for path in (page, attachment)] == [200, 200]


def test_a_mark_touches_no_other_item(nginx: Nginx, site: Path) -> None:
    (site / "2026" / "000011.html").write_text("另一条")
    (site / "2026" / "00001.htmlx").write_text("不是网页")
    assert nginx.ask("/2026/000011.html").text == "另一条"
    assert nginx.ask("/2026/00001.htmlx").status == 200
    assert nginx.ask("/").status == 200


def test_without_its_statement_it_is_gone_all_the_same(nginx: Nginx, site: Path) -> None:
    (site / f"{GONE}.html"[1:]).unlink()
    answer = nginx.ask(f"{GONE}.html")
    assert (answer.status, answer.text) == (410, GENERAL)
