"""Wrong use is one Chinese sentence with the mend; help is Chinese and whole."""

import pytest

from publisher.cli import run
from tests.support.desk import Desk

COMMANDS = (
    *("submit", "approve", "preview", "status", "refusals", "resend", "confirm", "correct"),
    *("withdraw", "exposure", "pause", "resume", "troubles", "work", "beat", "serve"),
    *("check-config", "demo", "subscribers", "users", "tokens", "db"),
)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["withdraw", "T06"], ("缺少 --why 原因", "publisher withdraw --help")),
        (["withdraw"], ("缺少 编号", "publisher withdraw --help")),
        (["submit"], ("缺少 文件",)),
        (
            ["confirm", "T06", "--channel", "x", "--by", "a", "--note", "b", "--action", "foo"],
            ("--action 后面的「foo」不对", "publish（发布）", "withdraw（撤回）"),
        ),
        (["status", "--most", "abc"], ("--most 后面的「abc」不对", "1 到 10000")),
        (["status", "--most", "0"], ("--most 后面的「0」不对", "1 到 10000")),
        (["serve", "--port", "99999"], ("--port 后面的「99999」不对", "0 到 65535")),
        (["status", "--most"], ("--most 后面少了要写的值",)),
        (["status", "--json=1"], ("--json 后面不带值",)),
        (["status", "--jsn"], ("没有 --jsn 这个选项", "--json")),
        (["status", "T06", "T07"], ("多写了「T07」", "publisher status --help")),
        (["statu"], ("没有「statu」这个命令", "是不是 status", "publisher --help")),
        (["db", "upgrad"], ("没有「upgrad」这个命令", "publisher db --help")),
        (["approve", "x.json", "--by", "张敏"], ("--by 后面的「张敏」不对", "姓名:环节")),
    ],
)
def test_wrong_use_is_one_chinese_sentence(
    words: list[str], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert all(part in line for part in parts), line
    assert not any(word in line for word in ("Error", "Invalid", "Missing", "Usage", "No such"))


def test_a_channel_that_is_not_there_is_wrong_use_too(desk: Desk) -> None:
    """By the real command, which is called publisher however it is run."""
    for words, option in (
        (("preview", "A-1", "--channel", "telegram"), "--channel："),
        (("work", "--channels", "telegram"), "--channels："),
        (("withdraw", "A-1"), "publisher withdraw --help"),
    ):
        done = desk.run(*words)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert option in line
        assert "python" not in line


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_chinese_and_whole(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"用法：publisher {name} [选项]")
    assert "显示本说明" in said
    for word in ("Usage", "Options", "Arguments", "Commands", "Show this", "required", "╭"):
        assert word not in said


def test_help_names_every_command_and_what_was_cut_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert all(name in said for name in COMMANDS)
    assert "还没发出的改发新版本。" in said
    assert run(["resend", "--help"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert "结果不明时必须写" in said
    assert "expire（到期）；不写则是最近一件" in said
    assert "（必填）" in said


def test_without_a_command_the_help_is_shown_as_wrong_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([]) == 2
    assert capsys.readouterr().err.startswith("用法：publisher [选项] 命令")
