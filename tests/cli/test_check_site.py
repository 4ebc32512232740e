"""The command that inspects the site: a table for staff, JSON for programs, an exit code."""

import os
import pty
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.factories import BEIJING, ROOT
from tests.site.clean_site import OPTIONS, make_clean_site
from tests.site.deeds import in_body
from tests.support.desk import Desk

_WEBSITE = """
[channels.website]
adapter = "channels.website"
title = "网站"
grouping = { kind = "window", most = 50 }
[channels.website.options]
"""


@pytest.fixture
def city(desk: Desk) -> Desk:
    """The desk of a city that has a website."""
    config = desk.folder / "publisher.toml"
    wanted = OPTIONS.model_dump(exclude_defaults=True)
    lines = [
        f"{name} = {str(value).lower() if value is True else repr(value)}"
        for name, value in wanted.items()
    ]
    contact = '[city]\ncontact = "辛集市人民政府办公室 0311-83220000"'
    text = config.read_text("utf-8").replace("[city]", contact)
    config.write_text(text + _WEBSITE + "\n".join(lines), "utf-8")
    return desk


@pytest.fixture
def site(city: Desk) -> Path:
    """A clean site of today, in its output folder."""
    return make_clean_site(city.folder / "output" / "site", datetime.now(UTC).astimezone(BEIJING))


def test_before_the_first_item_no_link_is_dead(city: Desk) -> None:
    assert city.run("db", "upgrade").returncode == 0
    assert city.run("rebuild", "website").returncode == 0
    rules = {one["rule"] for one in city.json("check-site")}
    assert not rules & {"死链接", "基本文件"}


def test_a_clean_site_passes(desk: Desk, site: Path) -> None:
    del site
    done = desk.run("check-site")
    assert (done.returncode, done.stdout, done.stderr) == (0, "没有发现问题\n", "")
    assert desk.json("check-site") == []


def test_breaches_are_told_by_rule_with_the_mend(desk: Desk, site: Path) -> None:
    in_body('<a href="none.html">见</a><a href="nor.html">见</a>')(site)
    in_body('<img src="../icon.svg">')(site)
    done = desk.run("check-site", "--most", "1")
    assert done.returncode == 1
    told = "".join(done.stdout.split())
    assert told.startswith("死链接：2处2026/00005.html"), "the most frequent first"
    assert "图片说明：1处2026/00005.html" in told
    assert "请在稿件中补上" in told
    assert told.endswith("共2类、3处问题每类只列出1处；加--most可多列")
    dead, picture = desk.json("check-site", "--most", "1")
    assert (dead["rule"], dead["count"], len(dead["breaches"])) == ("死链接", 2, 1)
    assert picture["breaches"][0]["place"] == "2026/00005.html"


def test_who_waits_sees_how_far_it_is(desk: Desk, site: Path) -> None:
    del site
    terminal, screen = pty.openpty()
    subprocess.run(
        desk.command("check-site"),
        cwd=ROOT,
        env=desk.environment | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=screen,
        check=True,
        timeout=60,
    )
    os.close(screen)
    assert "正在检查网页" in os.read(terminal, 65536).decode()
    os.close(terminal)


def test_a_city_without_a_website_is_told_so(desk: Desk) -> None:
    done = desk.run("check-site")
    assert done.returncode == 1
    assert "网站" in done.stderr
