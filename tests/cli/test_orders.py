"""What a person is told who corrects or withdraws."""

from tests.support.desk import Desk

_WHY = ("--why", "数字有误", "--by", "赵值")


def published(desk: Desk) -> None:
    assert desk.run("submit", desk.approved()).returncode == 0
    assert desk.run("work", "--once").returncode == 0


def pause(desk: Desk) -> None:
    assert desk.run("pause", "post", "--by", "赵值", "--why", "核对名单").returncode == 0


def test_a_withdrawal_says_where_a_pause_keeps_it_from_going_out(desk: Desk) -> None:
    published(desk)
    pause(desk)
    done = desk.run("withdraw", "A-1", *_WHY)
    assert done.returncode == 0, done.stderr
    assert "邮箱已暂停，撤回在那里发不出去，直到有人运行 publisher resume post" in done.stdout


def test_a_correction_says_so_too(desk: Desk) -> None:
    published(desk)
    pause(desk)
    file = desk.approve(desk.item(title="改正后的标题"))
    done = desk.run("correct", file, *_WHY)
    assert done.returncode == 0, done.stderr
    assert "邮箱已暂停，更正在那里发不出去" in done.stdout


def test_a_program_is_told_which_channels_are_paused(desk: Desk) -> None:
    published(desk)
    pause(desk)
    assert desk.json("withdraw", "A-1", *_WHY)["paused"] == ["post"]


def test_where_nothing_is_paused_nothing_is_said_of_it(desk: Desk) -> None:
    published(desk)
    assert "暂停" not in desk.run("withdraw", "A-1", *_WHY).stdout
