"""Putting the site out: whole files, unchanged ones untouched, refusals before the first byte."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from channels.website import Options, Website, build
from publisher.channel import File, PermanentError, Rendition, TemporaryError
from publisher.model import Item, ReasonClass, Status
from tests.channels.website_items import a_website, many_items
from tests.factories import ROOT, a_house, an_asset, an_item
from tests.support.web_folder import WebFolder

OLD = 1_500_000_000


def site(folder: Path) -> Path:
    return folder / "output" / "site"


def standing(folder: Path) -> dict[str, bytes]:
    """What a visitor of the folder can see; temporary files begin with a dot."""
    return {
        str(path.relative_to(site(folder))): path.read_bytes()
        for path in site(folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_everything_rendered_stands_there_and_the_receipt_says_where(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    item = an_item(attachments=(an_asset("任务分解表.pdf", b"%PDF-1.7 tasks"),))
    rendition = website.render([item])
    receipt = website.send(rendition, "key-1")
    assert standing(tmp_path) == {file.name: file.data for file in rendition.files}
    assert set(standing(tmp_path)) == {
        "2026/00001.html",
        "2026/00001/任务分解表.pdf",
        "style.css",
        "feed.css",
        "robots.txt",
        "index.html",
        "atom.xml",
        "rss.xml",
    }
    page = standing(tmp_path)["2026/00001.html"]
    assert receipt.status is Status.DELIVERED
    assert receipt.reference == sha256(page).hexdigest()
    assert receipt.url == item.url
    assert website.check(receipt) is receipt


def test_the_receipt_names_the_page_of_each_item(tmp_path: Path) -> None:
    first, second, _ = items = many_items(3)
    leaflet = an_asset("说明.html", b"<p>leaflet</p>", "说明", "text/html; charset=utf-8")
    items[0] = replace(first, revision=replace(first.revision, attachments=(leaflet,)))
    website = a_website(tmp_path)
    receipt = website.send(website.render(items[:2], items[2:]), "key-1")
    assert receipt.urls == (first.url, second.url)
    assert receipt.url == first.url


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    first, second = many_items(2)
    website.send(website.render([second]), "key-1")
    for name in standing(tmp_path):
        os.utime(site(tmp_path) / name, (OLD, OLD))
    website.send(website.render([second]), "key-1")
    website.send(website.render([first], [second]), "key-2")
    touched = {
        name for name in standing(tmp_path) if (site(tmp_path) / name).stat().st_mtime != OLD
    }
    assert touched == {"2026/00002.html", "index.html", "atom.xml", "rss.xml"}


def test_only_the_pages_of_the_batch_are_made(tmp_path: Path) -> None:
    items = many_items(5)
    rendition = a_website(tmp_path).render(items[:2], items[2:])
    pages = [file.name for file in rendition.files if file.name.startswith("2026/")]
    assert pages == ["2026/00005.html", "2026/00004.html"]


def test_what_is_linked_to_is_written_before_what_links(tmp_path: Path) -> None:
    """Stand in the way of one stage: what comes later must not be there."""
    website = a_website(tmp_path)
    rendition = website.render([an_item(attachments=(an_asset("a.pdf", b"%PDF"),))])
    (site(tmp_path) / "index.html").mkdir(parents=True)
    with pytest.raises(TemporaryError):
        website.send(rendition, "key-1")
    assert set(standing(tmp_path)) == {
        "2026/00001.html",
        "2026/00001/a.pdf",
        "style.css",
        "feed.css",
        "robots.txt",
    }
    (site(tmp_path) / "index.html").rmdir()
    page = site(tmp_path) / "2026" / "00001.html"
    page.unlink()
    page.mkdir()
    with pytest.raises(TemporaryError):
        website.send(rendition, "key-1")
    assert "index.html" not in standing(tmp_path)
    assert "2026/00001/a.pdf" in standing(tmp_path)


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    site(tmp_path).parent.mkdir()
    site(tmp_path).write_text("in the way")
    with pytest.raises(TemporaryError) as caught:
        website.send(website.render([an_item()]), "key-1")
    assert caught.value.kind is ReasonClass.INTERNAL
    assert "文件夹" in caught.value.reason
    assert str(tmp_path) not in caught.value.reason


@pytest.mark.parametrize("name", ["../outside.html", "{away}/outside.html", "a/../../outside.html"])
def test_nothing_leaves_the_folder(tmp_path: Path, name: str) -> None:
    website = a_website(tmp_path)
    good = File("2026/00001.html", "text/html", b"good")
    # An absolute name points into the test's own folder: a broken guard must do no real harm.
    bad = File(name.format(away=tmp_path), "text/html", b"bad")
    with pytest.raises(PermanentError):
        website.send(Rendition((good, bad)), "key-1")
    assert not site(tmp_path).exists()
    assert list(tmp_path.rglob("outside.html")) == []


def test_nothing_leaves_the_folder_through_a_symbolic_link(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    site(tmp_path).mkdir(parents=True)
    (site(tmp_path) / "2026").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermanentError):
        website.send(website.render([an_item()]), "key-1")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/2026/00001.html",
        "https://www.xinji.example.evil.example/2026/00001.html",
        "https://www.xinji.example/../00001.html",
        "https://www.xinji.example/2026/%2e%2e/%2e%2e/00001.html",
        "https://www.xinji.example/2026/.hidden.html",
        "https://www.xinji.example/2026/00001",
        "https://www.xinji.example/2026/00001.html?id=1",
        "https://www.xinji.example/index.html",
        "https://www.xinji.example/",
    ],
)
def test_an_address_that_is_no_page_of_the_site_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(PermanentError) as caught:
        a_website(tmp_path).render([replace(an_item(), url=url)])
    assert caught.value.field == "url"


@pytest.mark.parametrize("name", ["../a.pdf", "a/b.pdf", "a\\b.pdf", ".htaccess", "", "长" * 86])
def test_an_attachment_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermanentError) as caught:
        a_website(tmp_path).render([an_item(attachments=(an_asset(name, b"%PDF", "表"),))])
    assert caught.value.field == "attachments"


def test_an_attachment_without_its_approved_bytes_is_refused(tmp_path: Path) -> None:
    asset = replace(an_asset("a.pdf", b"%PDF", "分解表"), data=b"")
    with pytest.raises(PermanentError, match="分解表") as caught:
        a_website(tmp_path).render([an_item(attachments=(asset,))])
    assert caught.value.field == "attachments"


def test_two_items_with_one_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as caught:
        a_website(tmp_path).render([an_item(), an_item(id="T99")])
    assert caught.value.field == "url"


def test_an_older_item_from_before_the_site_moved_stays_listed(tmp_path: Path) -> None:
    old = an_item(serial=7, site_url="https://old.xinji.example")
    rendition = a_website(tmp_path).render([an_item()], [old])
    assert b'href="https://old.xinji.example/2026/00007.html"' in rendition.file("index.html").data
    assert b"<id>https://old.xinji.example/2026/00007.html" in rendition.file("atom.xml").data


_SEND = """
import sys
from pathlib import Path
from tests.channels.test_website_send import big_items
from tests.channels.website_items import a_website
website = a_website(Path(sys.argv[1]))
rendition = website.render(big_items())
print("sending", flush=True)
website.send(rendition, "key-1")
"""


def big_items() -> list[Item]:
    return [
        an_item(
            serial=serial,
            attachments=(an_asset("a.bin", bytes([serial]) * 4_000_000),),
        )
        for serial in range(1, 13)
    ]


def test_killed_at_any_moment_only_whole_files_stand_and_a_repeat_completes(
    tmp_path: Path,
) -> None:
    website = a_website(tmp_path)
    wanted = {file.name: file.sha256 for file in website.render(big_items()).files}
    for written in (1, 5, 9):
        process = subprocess.Popen(
            [sys.executable, "-c", _SEND, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            while len(list(site(tmp_path).glob("2026/*/a.bin"))) < written:
                assert process.poll() is None
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
        found = {name: sha256(data).hexdigest() for name, data in standing(tmp_path).items()}
        assert found.items() <= wanted.items()
        assert "index.html" not in found
    website.send(website.render(big_items()), "key-1")
    found = {name: sha256(data).hexdigest() for name, data in standing(tmp_path).items()}
    assert found == wanted


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[WebFolder]:
    """The site's folder as a web server shows it."""
    with WebFolder(site(tmp_path)) as web:
        yield web


def a_verified_website(folder: Path, url: str) -> Website:
    house = replace(a_house(folder), site_url=url)
    return build("gov_website", Options(verify_url=True, read_timeout=0.5), house)


def test_verified_over_http(tmp_path: Path, shown: WebFolder) -> None:
    url = shown.url
    website = a_verified_website(tmp_path, url)
    receipt = website.send(website.render([an_item(site_url=url)]), "key-1")
    assert receipt.status is Status.DELIVERED
    assert receipt.url == f"{url}/2026/00001.html"


def test_a_page_that_the_public_does_not_see_is_not_delivered(
    tmp_path: Path, shown: WebFolder
) -> None:
    """The web server shows another folder than the one that was written."""
    url = shown.url
    other = tmp_path / "other"
    website = a_verified_website(other, url)
    rendition = website.render([an_item(site_url=url)])
    with pytest.raises(TemporaryError, match="没有正常显示") as caught:
        website.send(rendition, "key-1")
    assert caught.value.raw == "HTTP 404"
    (site(tmp_path) / "2026").mkdir()
    (site(tmp_path) / "2026" / "00001.html").write_text("an older page")
    with pytest.raises(TemporaryError, match="不一致"):
        website.send(rendition, "key-1")
    shown.__exit__()
    with pytest.raises(TemporaryError, match="访问不到"):
        website.send(rendition, "key-1")
