"""A refusal says what is really wrong, all of it at once, and what to do about it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action
from publisher.operations import NotPossible
from publisher.store.paging import Asked
from publisher.submit import Outcome
from tests.support.city import City, an_item_object
from tests.support.desk import Desk
from tests.support.orders import city_of_every_kind, correct, withdraw
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = city_of_every_kind(tmp_path, box)
    found.submit()
    found.flush()
    yield found
    found.close()


def why_not(city: City, item: str = "A-1", action: Action | None = None, **words: str) -> str:
    said: dict[str, Any] = {"by": "赵值", "note": "9时", **words}
    with pytest.raises(NotPossible) as refused:
        city.publisher.staff.confirm(
            item, "board", **said, evidence=None, now=city.clock(), action=action
        )
    return str(refused.value)


def problems(city: City, data: bytes, *, as_correction: bool = False) -> dict[str, str]:
    if as_correction:
        answer = city.publisher.amendments.correct(
            data, why="数字有误", by="李办", minor=False, now=city.clock()
        ).answer
    else:
        answer = city.submit_bytes(data)
    assert answer.outcome is Outcome.REFUSED
    (newest,) = city.publisher.store.refusals.page(Asked(most=1)).rows
    assert [one["field"] for one in newest.problems] == [one.field for one in answer.problems]
    return {one.field: one.sentence for one in answer.problems}


def unapproved(item_id: str = "A-1", **changes: Any) -> bytes:
    return json.dumps(an_item_object(item_id, **changes)).encode()


def test_an_item_that_is_not_there_is_said_not_to_be_there(city: City) -> None:
    assert why_not(city, "NOPE") == "没有编号为「NOPE」的信息条目，请核对编号"
    with pytest.raises(NotPossible, match="没有编号为「NOPE」的信息条目"):
        city.publisher.staff.resend(
            "NOPE", "post", by="赵值", why="核实", not_out=False, now=city.clock()
        )


def test_an_order_that_was_not_given_names_those_that_were(city: City) -> None:
    assert "没有「撤回」这一件，现有：发布" in why_not(city, action=Action.WITHDRAW)


def test_all_that_is_empty_is_named_at_once(city: City) -> None:
    assert why_not(city, by=" ", note=" ") == "不能空着，请填写"
    with pytest.raises(NotPossible) as refused:
        city.publisher.amendments.withdraw("A-1", why=" ", by=" ", now=city.clock())
    assert refused.value.fields == ("why", "by")


def test_an_old_version_is_said_to_be_one(city: City) -> None:
    first = city.approved(an_item_object())
    correct(city)
    assert "已被更正的旧版本" in problems(city, first)["id"]
    other = city.approved(an_item_object(title="另一个标题"))
    assert "请走更正" in problems(city, other)["id"]
    withdraw(city)
    assert "已经撤回" in problems(city, first)["id"]
    assert "新的编号" in problems(city, other)["id"]


def test_a_wrong_text_and_a_wrong_id_are_both_named(city: City) -> None:
    found = problems(city, unapproved())
    assert "没有审批记录" in found["approval"]
    assert "已经收过" in found["id"]
    assert set(problems(city, unapproved("A-2"))) == {"approval"}
    assert set(problems(city, unapproved(title="改"), as_correction=True)) == {"approval"}
    found = problems(city, unapproved("A-2"), as_correction=True)
    assert "没有审批记录" in found["approval"]
    assert "没有编号为「A-2」" in found["id"]
    withdraw(city)
    for as_correction in (True, False):
        found = problems(city, unapproved(), as_correction=as_correction)
        assert "没有审批记录" in found["approval"]
        assert "已经撤回" in found["id"]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2018/1/20", "写法不对，应写成 2018-01-20"),
        ("2018.01.20", "写法不对，应写成 2018-01-20"),
        ("2018年1月20日", "写法不对，应写成 2018-01-20"),
        ("20180120", "写法不对，应写成 2018-01-20"),
        ("2018/2/30", "不是存在的日期"),
        ("去年", "不是存在的日期"),
    ],
)
def test_a_date_written_otherwise_is_said_to_be(city: City, written: str, sentence: str) -> None:
    assert sentence in problems(city, unapproved("A-2", formed_on=written))["formed_on"]


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(city: City, data: bytes) -> None:
    assert problems(city, data)[""].startswith("文件是空的")


def test_evidence_that_is_not_there(desk: Desk) -> None:
    words = ("A-1", "--channel", "post", "--by", "赵值", "--note", "9时")
    done = desk.run("confirm", *words, "--evidence", "/nope.jpg")
    assert done.returncode == 1
    assert "--evidence：读不了 /nope.jpg：没有这个文件" in done.stderr


def test_approving_what_is_withdrawn_warns(desk: Desk) -> None:
    file = desk.approved()
    desk.run("submit", file)
    assert "已经撤回" not in desk.run("approve", file, "--by", "王芳:终审").stdout
    desk.run("withdraw", "A-1", "--why", "内容有误", "--by", "赵值")
    done = desk.run("approve", file, "--by", "王芳:终审")
    assert done.returncode == 0
    assert "注意：「A-1」已经撤回" in done.stdout


def test_every_line_of_numbers_is_answered(desk: Desk) -> None:
    file = desk.folder / "subscribers.csv"
    file.write_text("手机号,主题\n13900010101,财政预决算\n13900010102,全部\n", "utf-8")
    desk.run("subscribers", "import", str(file))
    given = "13900010101\n1390001\n\n13900010102\n13900010103\n"
    done = desk.run("subscribers", "stop", "-", given=given)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["139****0101 已停发", "139****0102 已停发"]
    wrong, unknown = done.stderr.splitlines()
    assert wrong.startswith("第 2 行：手机号格式不对")
    assert unknown.startswith("第 5 行：订户里没有 139****0103")
    nothing = desk.run("subscribers", "stop", "-")
    assert nothing.returncode == 1
    assert "没有输入手机号" in nothing.stderr


def test_a_database_of_a_newer_program_asks_for_a_newer_program(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.folder / "data" / "publisher.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    done = desk.run("status")
    assert done.returncode == 1
    assert "请用更新的程序" in done.stderr
    assert "db upgrade" not in done.stderr


def test_a_backup_goes_only_into_a_folder_that_is_there(desk: Desk) -> None:
    missing = desk.folder / "nodir"
    done = desk.run("db", "backup", str(missing / "x.db"))
    assert done.returncode == 1
    assert f"没有文件夹 {missing}" in done.stderr
    assert not missing.exists()


def test_a_damaged_backup_is_said_to_be_damaged(desk: Desk) -> None:
    file = desk.folder / "backup.db"
    assert desk.run("db", "backup", str(file)).returncode == 0
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    for one in (desk.folder / "data").glob("publisher.db*"):
        one.unlink()
    done = desk.run("db", "restore", str(file))
    assert done.returncode == 1
    assert f"备份文件 {file} 已损坏，请换一份备份" in done.stderr
    assert not (desk.folder / "data" / "publisher.db").exists()
