"""Files of a text that no longer stands are taken away: all of them, only them, and in order."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from channels._files import remove_files
from channels.website import Website
from publisher.channel import PermanentError, TemporaryError
from publisher.model import Action, Item
from tests.channels.test_website_send import big_items, site, standing
from tests.channels.website_items import a_website
from tests.factories import ROOT, an_asset, an_item, later
from tests.support.shelves import rendered

PICTURE = an_asset("流程图.png", b"\x89PNG picture", "流程图", "image/png")
TASKS = an_asset("任务分解表.pdf", b"%PDF-1.7 tasks", "任务分解表")


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return a_website(tmp_path)


@pytest.fixture
def item(website: Website) -> Item:
    """An item with an attachment and a picture, already on the site beside another one."""
    neighbour = an_item(2, attachments=(an_asset("别的.pdf", b"%PDF other"),))
    item = an_item(attachments=(TASKS,), images=(PICTURE,))
    website.send(rendered(website, [item, neighbour]), "key-1")
    return item


def put(website: Website, item: Item) -> None:
    website.send(rendered(website, [item], [an_item(2)]), "key-2")


def of_years(folder: Path) -> list[str]:
    return sorted(name for name in standing(folder) if name.startswith("2026/"))


def test_a_withdrawal_takes_all_files_and_leaves_the_neighbours(
    tmp_path: Path, website: Website, item: Item
) -> None:
    put(website, later(item, Action.WITHDRAW, "发布有误"))
    assert of_years(tmp_path) == ["2026/00001.html", "2026/00002.html", "2026/00002/别的.pdf"]
    assert [one.name for one in (site(tmp_path) / "2026" / "00001").iterdir()] == [".gone"]


def test_a_correction_takes_the_files_that_are_no_longer_its_own(
    tmp_path: Path, website: Website, item: Item
) -> None:
    new = an_asset("任务分解表（新）.pdf", b"%PDF-1.7 new tasks")
    put(website, later(item, Action.CORRECT, "附件有误", attachments=(new,)))
    own = [name for name in of_years(tmp_path) if name.startswith("2026/00001/")]
    assert own == ["2026/00001/任务分解表（新）.pdf", "2026/00001/流程图.png"]
    # Files of a revision two steps back, left by a crash in between, go as well.
    (site(tmp_path) / "2026/00001" / "更早的.pdf").write_bytes(b"%PDF older")
    put(website, later(item, Action.WITHDRAW, "发布有误"))
    assert not [name for name in of_years(tmp_path) if name.startswith("2026/00001/")]


def test_what_a_crash_left_half_written_goes_too(
    tmp_path: Path, website: Website, item: Item
) -> None:
    year = site(tmp_path) / "2026"
    strays = [year / ".00001.html.part", year / "00001" / ".任务分解表.pdf.part"]
    for stray in strays:
        stray.write_text("half of the old text")
    (year / ".htaccess").write_text("not ours")
    put(website, later(item, Action.WITHDRAW, "发布有误"))
    assert not any(stray.exists() for stray in strays)
    assert (year / ".htaccess").exists()


def test_links_are_removed_but_never_followed(tmp_path: Path, website: Website, item: Item) -> None:
    """An operator's link lies in the folder of the page: what it leads to is not ours."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keep.pdf").write_bytes(b"%PDF")
    own = site(tmp_path) / "2026" / "00001"
    (own / "file").symlink_to(elsewhere / "keep.pdf")
    (own / "folder").symlink_to(elsewhere)
    (own / "deeper").mkdir()
    (own / "deeper" / "not ours").write_text("kept")
    put(website, later(item, Action.WITHDRAW, "发布有误"))
    assert (elsewhere / "keep.pdf").read_bytes() == b"%PDF"
    assert sorted(path.name for path in own.iterdir()) == [".gone", "deeper"]
    assert (own / "deeper" / "not ours").exists()


def test_a_folder_that_became_a_link_meanwhile_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "keep.pdf").write_bytes(b"%PDF")
    (tmp_path / "own").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TemporaryError):
        remove_files(tmp_path / "own", lambda _: True)
    assert (tmp_path / "elsewhere" / "keep.pdf").exists()


@pytest.mark.parametrize("target", ["site/2026/00002", "elsewhere"])
def test_a_folder_that_is_a_link_is_refused_before_anything_changes(
    tmp_path: Path, website: Website, item: Item, target: str
) -> None:
    own, away = site(tmp_path) / "2026" / "00001", tmp_path / "output" / target
    away.mkdir(exist_ok=True)
    (away / "keep.pdf").write_bytes(b"%PDF")
    own.rename(tmp_path / "aside")
    own.symlink_to(away)
    before = standing(tmp_path)
    with pytest.raises(PermanentError) as caught:
        put(website, later(item, Action.WITHDRAW, "发布有误"))
    assert str(tmp_path) not in caught.value.reason
    assert standing(tmp_path) == before
    assert (away / "keep.pdf").exists()


def test_nothing_is_removed_while_its_own_page_still_links_to_it(
    tmp_path: Path, website: Website, item: Item
) -> None:
    """A folder stands in the way of the page; when it is gone, the repeat comes to the end."""
    withdrawn = later(item, Action.WITHDRAW, "发布有误")
    page = site(tmp_path) / "2026/00001.html"
    page.unlink()
    page.mkdir()
    with pytest.raises(TemporaryError):
        put(website, withdrawn)
    assert "2026/00001/任务分解表.pdf" in standing(tmp_path)
    page.rmdir()
    put(website, withdrawn)
    assert "2026/00001/任务分解表.pdf" not in standing(tmp_path)
    assert "2026/00001/流程图.png" not in standing(tmp_path)


@pytest.mark.parametrize(
    "name", ["index.html", "catalogue/index.html", "atom.xml", "list/field/财政预决算/feed.json"]
)
def test_no_fault_elsewhere_keeps_up_what_is_withdrawn(
    tmp_path: Path, website: Website, item: Item, name: str
) -> None:
    """A folder stands in the way of a list or feed: the page and its files are gone all the same,
    and the repeat puts the lists right.
    """
    withdrawn = later(item, Action.WITHDRAW, "发布有误")
    (site(tmp_path) / name).unlink()
    (site(tmp_path) / name).mkdir()
    with pytest.raises(TemporaryError):
        put(website, withdrawn)
    assert "本信息已撤回" in standing(tmp_path)["2026/00001.html"].decode()
    assert not [one for one in of_years(tmp_path) if one.startswith("2026/00001/")]
    (site(tmp_path) / name).rmdir()
    put(website, withdrawn)
    assert standing(tmp_path)[name] == rendered(website, [withdrawn], [an_item(2)]).file(name).data


_WITHDRAW = """
import sys
from pathlib import Path
from tests.channels.test_website_removal import withdrawn_items
from tests.channels.website_items import a_website
from tests.support.shelves import rendered
website = a_website(Path(sys.argv[1]))
rendition = rendered(website, withdrawn_items())
print("sending", flush=True)
website.send(rendition, "key-2")
"""


def withdrawn_items() -> list[Item]:
    return [later(item, Action.WITHDRAW, "发布有误") for item in big_items()]


@pytest.mark.parametrize("moment", [1, 6, 12, "removing"])
def test_killed_at_any_moment_no_page_links_to_what_is_gone_and_a_repeat_completes(
    tmp_path: Path, moment: int | str
) -> None:
    website = a_website(tmp_path)
    website.send(rendered(website, big_items()), "key-1")
    process = subprocess.Popen(
        [sys.executable, "-c", _WITHDRAW, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None and not _reached(site(tmp_path), moment):
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
    _links_lead_somewhere(tmp_path)
    website.send(rendered(website, withdrawn_items()), "key-2")
    fresh = a_website(tmp_path / "fresh")
    fresh.send(rendered(fresh, withdrawn_items()), "key-2")
    assert standing(tmp_path) == standing(tmp_path / "fresh")


def _reached(folder: Path, moment: int | str) -> bool:
    if moment == "removing":
        return len(list(folder.glob("2026/*/a.bin"))) < len(big_items())
    stubs = [one for one in folder.glob("2026/*.html") if "本信息已撤回" in one.read_text()]
    return len(stubs) >= int(moment)


def _links_lead_somewhere(folder: Path) -> None:
    for path in site(folder).glob("2026/*.html"):
        tree: Any = html.document_fromstring(path.read_bytes())
        for link in tree.xpath("//main//a/@href"):
            if link.endswith(".bin"):
                assert (path.parent / link).is_file(), f"{path.name} links to {link}"
