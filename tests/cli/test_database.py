"""The operator moves the database, backs it up and brings it back, with the real commands."""

import os
import subprocess
from pathlib import Path

from tests.factories import ROOT
from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator
from tests.support.postgres import PostgresServer

_WORDS = "坚持以公开为常态"
_WEBSITE = """
[channels.website]
adapter = "channels.website"
title = "网站"
grouping = { kind = "window", most = 50 }
[channels.website.options]
sponsor = "辛集市人民政府办公室"
organiser = "辛集市信息网络中心"
site_code = "1301810003"
icp = "冀ICP备13017949号-1"
police = "冀公网安备13018102000135号"
"""


def test_from_sqlite_to_postgresql_and_on_with_the_work(
    desk: Desk, box: PostboxSimulator, postgres: PostgresServer
) -> None:
    desk.run("submit", desk.approved("A-1"))
    desk.run("work", "--once")
    desk.run("submit", desk.approved("A-2"))
    desk.environment["NEW"] = postgres.bare()
    done = desk.run("db", "copy", "--by", "赵值", "--to-env", "NEW")
    assert done.returncode == 0, done.stderr
    assert "items　2 行" in done.stdout
    assert postgres.password not in done.stdout + done.stderr
    desk.run("work", "--once")
    assert len(box.letters) == 1, "the old database stands still"
    desk.environment["PUBLISHER_STORAGE__DATABASE"] = desk.environment["NEW"]
    desk.run("work", "--once")
    assert len(box.letters) == 2
    assert desk.json("status", "A-2")["state"] == "published"
    again = desk.run("db", "copy", "--by", "赵值", "--to-env", "NEW")
    assert again.returncode == 1
    assert "就是现在用的数据库" in again.stderr


def test_after_a_restore_nothing_goes_out_twice_before_a_person_says_go(
    desk: Desk, box: PostboxSimulator
) -> None:
    """Backed up while an item waited; it went out; then the disk broke."""
    desk.run("submit", desk.approved("A-1"))
    file = desk.folder / "backup.db"
    done = desk.run("db", "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert "各渠道先是暂停的" in done.stdout
    desk.run("work", "--once")
    assert len(box.letters) == 1
    refused = desk.run("db", "restore", str(file))
    assert refused.returncode == 1
    assert "移走或改名" in refused.stderr
    for one in (desk.folder / "data").glob("publisher.db*"):
        one.unlink()
    done = desk.run("db", "restore", str(file))
    assert done.returncode == 0, done.stderr
    desk.run("work", "--once")
    assert len(box.letters) == 1
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "held"


def test_after_a_restore_a_withdrawn_text_does_not_come_back_to_the_website(desk: Desk) -> None:
    """Backed up, then withdrawn; then the disk broke. Who restores has to withdraw once more."""
    with (desk.folder / "publisher.toml").open("a") as config:
        config.write(_WEBSITE)
    site = desk.folder / "output" / "site"
    desk.run("submit", desk.approved("A-1"))
    desk.run("work", "--once")
    assert _pages_with(site, _WORDS)
    desk.run("db", "backup", str(desk.folder / "backup.db"))
    _withdraw_and_work(desk)
    assert not _pages_with(site, _WORDS)
    for one in (desk.folder / "data").glob("publisher.db*"):
        one.unlink()
    done = desk.run("db", "restore", str(desk.folder / "backup.db"), "--by", "赵值")
    assert "各渠道都已暂停" in done.stdout
    desk.run("submit", desk.approve(desk.item("A-2", body="另一件事。")))
    desk.run("work", "--once")
    assert not _pages_with(site, _WORDS)
    assert not _pages_with(site, "另一件事"), "nothing goes out before a person says go"
    _withdraw_and_work(desk)
    desk.run("resume", "website", "--by", "赵值")
    desk.run("work", "--once")
    assert not _pages_with(site, _WORDS)
    assert _pages_with(site, "另一件事")
    assert _pages_with(site, "本信息已撤回")


def _withdraw_and_work(desk: Desk) -> None:
    done = desk.run("withdraw", "A-1", "--why", "不宜公开", "--by", "赵值")
    assert done.returncode == 0, done.stderr
    desk.run("work", "--once")


def _pages_with(site: Path, words: str) -> list[str]:
    return [
        one.name
        for one in site.rglob("*.*")
        if one.is_file() and words.encode() in one.read_bytes()
    ]


def test_an_address_with_a_password_does_not_stand_on_the_command_line(desk: Desk) -> None:
    done = desk.run("db", "copy", "--by", "赵值", "postgresql://u:secret@h/d")
    assert done.returncode == 1
    assert "--to-env" in done.stderr
    assert "secret" not in done.stderr


def test_where_to_must_be_said_once_and_must_be_there(desk: Desk) -> None:
    for words, sentence in (
        ((), "请指明复制到哪里"),
        (("x.db", "--to-env", "X"), "请指明复制到哪里"),
        (("--to-env", "NOT_SET"), "NOT_SET 没有设置"),
        (("--to-file", "/nowhere"), "没有这个文件"),
    ):
        done = desk.run("db", "copy", "--by", "赵值", *words)
        assert done.returncode == 1
        assert sentence in done.stderr


def test_the_address_may_stand_in_a_file(desk: Desk, postgres: PostgresServer) -> None:
    secret = desk.folder / "secret"
    secret.write_text(postgres.bare() + "\n")
    done = desk.run("db", "copy", "--by", "赵值", "--to-file", str(secret))
    assert done.returncode == 0, done.stderr


def test_a_server_that_is_not_there_changes_nothing(desk: Desk, box: PostboxSimulator) -> None:
    desk.environment["NEW"] = "postgresql://u:secret@127.0.0.1:1/d"
    done = desk.run("db", "copy", "--by", "赵值", "--to-env", "NEW")
    assert done.returncode == 1
    assert "连不上" in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    desk.run("submit", desk.approved("A-1"))
    desk.run("work", "--once")
    assert len(box.letters) == 1


def test_a_worker_in_mid_call_stops_the_move(desk: Desk, box: PostboxSimulator) -> None:
    box.plan(Fault.HANG)
    config = desk.folder / "publisher.toml"
    config.write_text(config.read_text("utf-8").replace("timeout = 1.0", "timeout = 50.0"), "utf-8")
    desk.run("submit", desk.approved("A-1"))
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        while not box.calls:
            os.sched_yield()
        done = desk.run("db", "copy", "--by", "赵值", str(desk.folder / "new.db"))
        worker.kill()
    assert done.returncode == 1
    assert "post 正在工作" in done.stderr
    assert not Path(desk.folder / "new.db").exists()
