"""The commands users and tokens: in this process, with a real configuration and database."""

import io
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.bootstrap import Publisher, build
from publisher.cli import run
from publisher.cli.app import load_settings
from tests.support.accounts import ADDRESS, OTHER, PASSWORD
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator

Say = Callable[..., tuple[int, str, str]]
ADD = ("users", "add", "zhangmin", "--name", "张敏", "--role", "administrator", "--by", "李办")


@pytest.fixture
def say(
    tmp_path: Path,
    box: PostboxSimulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Say:
    """Run a command at this desk; its exit code and what it said."""
    desk = Desk(tmp_path, box)
    for name in ("PUBLISHER_CONFIG", "KEY_ONE", "KEY_TWO", "BOX", "COLUMNS"):
        monkeypatch.setenv(name, desk.environment[name])

    def run_here(*words: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = run(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run_here("db", "upgrade")[0] == 0
    return run_here


@pytest.fixture
def city(say: Say) -> Iterator[Publisher]:
    """The same city, opened beside the command line."""
    assert say("users", "list") == (
        0,
        "还没有用户，请用 publisher users add 添加第一个管理员\n",
        "",
    )
    found = build(load_settings())
    yield found
    found.close()


def done(answer: tuple[int, str, str]) -> str:
    code, out, err = answer
    assert (code, err) == (0, "")
    return out


def listed(say: Say, *words: str) -> Any:
    return json.loads(done(say(*words, "--json")))


def log_in(city: Publisher, password: str) -> str:
    """The cookie."""
    return city.accounts.entrance.login(
        "zhangmin", password, address=ADDRESS, agent="Firefox", now=city.clock()
    ).cookie


def test_the_first_administrator_comes_in_with_a_temporary_password(
    say: Say, city: Publisher
) -> None:
    told = done(say(*ADD))
    until = f"{city.clock().astimezone(city.house.timezone) + timedelta(days=7):%Y-%m-%d} "
    assert told.startswith(f"已添加：张敏（zhangmin）　管理员　还没有改临时密码（{until}")
    assert f"\n只显示这一次，{until}" in told
    (password,) = re.findall("临时密码：(.+)", told)
    cookie = log_in(city, password)
    person = city.accounts.sessions.open(cookie, city.clock())
    assert person
    assert person.must_change
    assert password not in done(say("users", "list"))
    assert password not in done(say("users", "list", "--json"))


def test_a_password_may_come_from_standard_input(say: Say, city: Publisher) -> None:
    told = done(say(*ADD, "--password", "-", given=f"{PASSWORD}\n"))
    assert "密码：" not in told
    assert log_in(city, PASSWORD)
    told = done(say("users", "password", "zhangmin", "--password", "-", given=f"{OTHER}\r\n"))
    assert told.startswith("已重设密码：张敏（zhangmin）　管理员　还没有改临时密码（")
    assert told.count("\n") == 1
    assert log_in(city, OTHER)


def test_users_are_changed_stopped_and_brought_back(say: Say, city: Publisher) -> None:
    done(say(*ADD, "--no-password"))
    editor = ("--role", "editor", "--department", "市财政局")
    told = done(say("users", "add", "liqiang", "--name", "李强", *editor))
    assert "\n注意：目前没有「市财政局」这个部门的信息条目，请核对写法\n临时密码：" in told
    told = done(say("users", "change", "liqiang", "--role", "auditor"))
    assert told.startswith("已修改：李强（liqiang）　审计员　")
    assert "已停用" in done(say("users", "stop", "liqiang"))
    assert done(say("users", "list")).splitlines() == [
        "　　张敏（zhangmin）　管理员　只用单点登录",
        "　　李强（liqiang）　审计员　已停用",
    ]
    first, second = listed(say, "users", "list")
    assert (first["login"], first["has_password"]) == ("zhangmin", False)
    assert (second["login"], second["active"], second["department"]) == ("liqiang", False, "")
    told = done(say("users", "resume", "liqiang"))
    assert "临时密码：" in told
    assert all(user.active for user in city.accounts.people.all())


def test_who_is_in_is_shown_and_sent_out(say: Say, city: Publisher) -> None:
    done(say(*ADD, "--password", "-", given=PASSWORD))
    assert done(say("users", "sessions")) == "现在没有人登录\n"
    cookie = log_in(city, PASSWORD)
    told = done(say("users", "sessions", "zhangmin"))
    assert told.startswith("　　张敏（zhangmin）　")
    assert ADDRESS in told
    (one,) = listed(say, "users", "sessions")
    assert (one["login"], one["agent"]) == ("zhangmin", "Firefox")
    assert cookie not in str(one)
    assert done(say("users", "sessions", "zhangmin", "--end")) == "已结束 1 个登录\n"
    assert city.accounts.sessions.open(cookie, city.clock()) is None


def test_tokens_are_issued_listed_and_revoked(say: Say, city: Publisher) -> None:
    wish = ("tokens", "issue", "门户网站后台", "--scope", "submit", "--scope", "see")
    told = done(say(*wish, "--days", "30"))
    (bearer,) = re.findall("令牌：(xjp_.+)", told)
    assert city.accounts.tokens.open(bearer, city.clock())
    told = done(say("tokens", "list"))
    assert "1 号　门户网站后台　提交信息和附件、查询状态　有效到 " in told
    assert "最近使用 " in told
    (one,) = listed(say, "tokens", "list")
    assert (one["scopes"], one["lasts"]) == (["see", "submit"], True)
    assert bearer not in told + str(one)
    assert done(say("tokens", "revoke", "1", "--by", "李办")).startswith("已吊销：1 号　门户网站")
    assert city.accounts.tokens.open(bearer, city.clock()) is None
    assert "由 李办 吊销" in done(say("tokens", "list"))


def test_what_cannot_be_done_is_one_sentence(say: Say, city: Publisher) -> None:
    done(say(*ADD))
    for words, part in (
        (ADD, "登录名「zhangmin」已经有人用了"),
        (("users", "stop", "zhangmin"), "最后一个管理员"),
        (("users", "stop", "nobody"), "没有登录名为「nobody」的用户"),
        (("users", "sessions", "nobody"), "没有登录名为「nobody」的用户"),
        (("users", "password", "nobody"), "没有登录名为「nobody」的用户"),
        (("users", "password", "zhangmin", "--password", "-"), "密码太短"),
        (("users", "change", "zhangmin", "--role", "boss"), "没有「boss」这个角色"),
        (("tokens", "issue", "门户", "--scope", "all"), "没有「all」这个权限"),
        (("tokens", "revoke", "9"), "没有编号为 9 的令牌"),
    ):
        code, out, err = say(*words)
        assert (code, out, err.count("\n")) == (1, "", 1), err
        assert part in err
    assert city.accounts.people.find("zhangmin").active


def test_wrong_use_is_one_sentence_too(say: Say) -> None:
    for words, part in (
        ((*ADD, "--password", PASSWORD), "别人看得到"),
        ((*ADD, "--password", "-", "--no-password"), "只能写一个"),
        (("users", "sessions", "--end"), "要写明是哪个用户"),
        (("users", "add", "zhangmin", "--name", "张敏"), "缺少 --role"),
        (("tokens", "issue", "门户"), "缺少 --scope"),
        (("tokens", "issue", "门户", "--scope", "see", "--days", "9999"), "1 到 1096"),
        (("tokens", "revoke", "x"), "编号 后面的「x」不对"),
    ):
        code, out, err = say(*words)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert part in err
        assert PASSWORD not in err


def test_by_the_real_command_a_piped_password_is_read(desk: Desk) -> None:
    made: subprocess.CompletedProcess[str] = desk.run(*ADD, "--password", "-", given=PASSWORD)
    assert (made.returncode, made.stderr) == (0, "")
    assert PASSWORD not in made.stdout
