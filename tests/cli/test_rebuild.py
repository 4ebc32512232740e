"""Rebuild as an engineer runs it: after a change of settings, a lost disk, a move of the site."""

import shutil
from pathlib import Path

import pytest

from tests.store.test_rebuild import lose_address
from tests.support.desk import CONFIG, Desk
from tests.support.postbox import PostboxSimulator
from tests.support.shelf_city import contents, shelf_city

WEBSITE = """
[channels.website]
adapter = "channels.website"
title = "网站"
grouping = { kind = "window", most = 50 }
[channels.website.options]
per_page = 2
sponsor = "辛集市人民政府办公室"
"""


@pytest.fixture
def desk(tmp_path: Path, box: PostboxSimulator) -> Desk:
    """The desk of a city with three items out, one of them withdrawn."""
    with shelf_city(tmp_path) as city:
        for number in (1, 2, 3):
            city.publish(f"A-{number}", title=f"关于A-{number}的通知")
        city.withdraw("A-2", "内容有误")
    found = Desk(tmp_path, box)
    configure(found, CONFIG + WEBSITE)
    return found


def configure(desk: Desk, text: str) -> None:
    (desk.folder / "publisher.toml").write_text(text, "utf-8")


def test_another_configuration_and_then_a_lost_disk(desk: Desk) -> None:
    site = desk.folder / "output" / "site"
    with shelf_city(desk.folder) as city:
        before = contents(city.files())
        done = desk.run("rebuild", "website")
        assert (done.returncode, done.stdout) == (0, "已重建，共 3 条信息\n")
        after = contents(city.files())
        assert after != before
        assert "主办：辛集市人民政府办公室" in city.text("A-1")
        assert "本信息已撤回" in city.text("A-2")
        shutil.rmtree(site)
        assert desk.run("rebuild", "website").returncode == 0
        assert contents(city.files()).items() <= after.items()


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ("webiste", "没有名为「webiste」的渠道，现有：post、website"),
        ("post", "邮箱没有目录和列表，不需要重建"),
    ],
)
def test_what_cannot_be_rebuilt_is_said_plainly(desk: Desk, channel: str, told: str) -> None:
    done = desk.run("rebuild", channel)
    assert done.returncode == 1
    assert told in "".join(done.stderr.split("\n"))
    assert done.stdout == ""


def test_a_page_that_cannot_be_made_is_named_and_all_else_is_there(desk: Desk) -> None:
    with shelf_city(desk.folder) as city:
        lose_address(city, "A-3")
    shutil.rmtree(desk.folder / "output")
    done = desk.run("rebuild", "website")
    assert done.returncode == 1
    assert "已重建，共 3 条信息" in done.stdout
    assert "A-3：网页没有重建，网页地址" in "".join(done.stderr.split("\n"))
    site = desk.folder / "output" / "site"
    assert (site / "2026/00001.html").is_file()
    assert "关于A-1的通知" in (site / "catalogue/index.html").read_text("utf-8")


def test_a_folder_that_cannot_be_written_ends_it_and_it_can_be_run_again(desk: Desk) -> None:
    site = desk.folder / "output" / "site"
    shutil.rmtree(site)
    site.write_text("a file stands where the folder should be")
    done = desk.run("rebuild", "website")
    assert done.returncode == 1
    assert "没有做完：" in done.stderr
    assert "请重新运行" in done.stderr
    site.unlink()
    assert desk.run("rebuild", "website").returncode == 0
    assert (site / "2026/00003.html").is_file()
