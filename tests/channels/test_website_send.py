"""Putting the site out: whole files, unchanged ones untouched, refusals before the first byte."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from publisher.channel import File, PermanentError, Rendition, TemporaryError
from publisher.model import Item, ReasonClass, Status
from tests.channels.website_items import a_website, many_items
from tests.factories import FIELDS, ROOT, STAGES, an_asset, an_item
from tests.support.shelves import rendered

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
    rendition = rendered(website, [item])
    receipt = website.send(rendition, "key-1")
    assert [file.name for file in rendition.files] == [
        "2026/00001.html",
        "2026/00001/任务分解表.pdf",
    ]
    assert standing(tmp_path) == {file.name: file.data for file in rendition.every}
    assert {name for name in standing(tmp_path) if "list/" not in name} == {
        "2026/00001.html",
        "2026/00001/任务分解表.pdf",
        "style.css",
        "feed.css",
        "site.js",
        "icon.svg",
        "robots.txt",
        "index.html",
        "catalogue/index.html",
        "subscribe.html",
        "404.html",
        "410.html",
        "atom.xml",
        "rss.xml",
        "feed.json",
        "sitemap.xml",
        "sitemap/pages.xml",
        "sitemap/1.xml",
    }
    lists = {name.rpartition("/")[0] for name in standing(tmp_path) if "list/" in name}
    assert lists == {
        "list",
        "list/department/辛集市人民政府办公室",
        "list/year/2026",
        *(f"list/field/{field}" for field in FIELDS),
        *(f"list/stage/{stage}" for stage in STAGES),
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
    receipt = website.send(rendered(website, items[:2], items[2:]), "key-1")
    assert receipt.urls == (first.url, second.url)
    assert receipt.url == first.url


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    first, second = many_items(2)
    website.send(rendered(website, [second]), "key-1")
    for name in standing(tmp_path):
        os.utime(site(tmp_path) / name, (OLD, OLD))
    website.send(rendered(website, [second]), "key-1")
    website.send(rendered(website, [first], [second]), "key-2")
    touched = {
        name for name in standing(tmp_path) if (site(tmp_path) / name).stat().st_mtime != OLD
    }
    feeds = {"atom.xml", "rss.xml", "feed.json"}
    lists = {"field/财政预决算", "stage/决策", "department/辛集市人民政府办公室"}
    assert touched == {
        *("2026/00002.html", "index.html", "catalogue/index.html", "sitemap/1.xml"),
        *(feeds | {"list/year/2026/index.html"}),
        *(f"list/{one}/{name}" for one in lists for name in feeds | {"index.html"}),
    }


def test_only_the_pages_of_the_batch_are_made(tmp_path: Path) -> None:
    items = many_items(5)
    rendition = rendered(a_website(tmp_path), items[:2], items[2:])
    pages = [file.name for file in rendition.every if file.name.startswith("2026/")]
    assert pages == ["2026/00005.html", "2026/00004.html"]


def test_what_is_linked_to_is_written_before_what_links(tmp_path: Path) -> None:
    """Stand in the way of one stage: what comes later must not be there."""
    website = a_website(tmp_path)
    rendition = rendered(website, [an_item(attachments=(an_asset("a.pdf", b"%PDF"),))])
    style = {"style.css", "feed.css", "site.js", "icon.svg", "robots.txt"}
    stages = [
        ("2026/00001.html", {"2026/00001/a.pdf", *style}),
        ("catalogue/index.html", {"2026/00001.html", "2026/00001/a.pdf", *style}),
    ]
    for in_the_way, there in stages:
        (site(tmp_path) / in_the_way).mkdir(parents=True)
        with pytest.raises(TemporaryError):
            website.send(rendition, "key-1")
        assert set(standing(tmp_path)) == there
        (site(tmp_path) / in_the_way).rmdir()
    (site(tmp_path) / "atom.xml").mkdir()
    with pytest.raises(TemporaryError):
        website.send(rendition, "key-1")
    assert {"index.html", "list/index.html", "404.html"} <= set(standing(tmp_path))
    assert not [name for name in standing(tmp_path) if name.endswith((".xml", ".json"))]


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
        "https://www.xinji.example/../00001.html",
        "https://www.xinji.example/2026/%2e%2e/%2e%2e/00001.html",
        "https://www.xinji.example/2026/.hidden.html",
        "https://www.xinji.example/catalogue/2.html",
        "https://www.xinji.example/list/field/x.html",
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
    rendition = rendered(a_website(tmp_path), [an_item()], [old])
    assert b'href="2026/00007.html"' in rendition.file("index.html").data, "its page moved along"
    assert b"<id>https://old.xinji.example/2026/00007.html" in rendition.file("atom.xml").data


_SEND = """
import sys
from pathlib import Path
from tests.channels.test_website_send import big_items
from tests.channels.website_items import a_website
from tests.support.shelves import rendered
website = a_website(Path(sys.argv[1]))
rendition = rendered(website, big_items())
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
    wanted = {file.name: file.sha256 for file in rendered(website, big_items()).every}
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
    website.send(rendered(website, big_items()), "key-1")
    found = {name: sha256(data).hexdigest() for name, data in standing(tmp_path).items()}
    assert found == wanted
    assert list(site(tmp_path).rglob("*.part")) == [], "the next write takes away what was left"
