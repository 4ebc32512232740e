"""What a person is told who corrects or withdraws."""

from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator

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


def test_what_has_failed_everywhere_is_withdrawn_for_good(
    desk: Desk, box: PostboxSimulator
) -> None:
    box.plan(Fault.CODE, path="/letters", code="422")
    published(desk)
    done = desk.run("withdraw", "A-1", *_WHY)
    assert done.returncode == 0, done.stderr
    assert "没有要办理的；以后也不能再重发" in done.stdout
    again = desk.run("resend", "A-1", "--channel", "post", "--why", "再发", "--by", "赵值")
    assert again.returncode == 1
    assert "不能重发" in again.stderr
