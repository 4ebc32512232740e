"""What staff see of what is wrong: below the list, and by a command that a monitor can call."""

from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator


def test_without_troubles_it_says_so(desk: Desk) -> None:
    done = desk.run("troubles")
    assert done.returncode == 0
    assert "没有要紧的情况" in done.stdout
    assert desk.json("troubles") == []


def test_a_pause_is_shown_below_the_list_and_to_a_monitor(desk: Desk) -> None:
    paused = desk.run("pause", "post", "--by", "赵值", "--why", "核对名单")
    assert paused.returncode == 0, paused.stderr
    (trouble,) = desk.json("troubles")
    assert trouble.startswith("邮箱已暂停：赵值")
    assert desk.run("troubles").returncode == 1
    assert trouble in desk.run("status").stdout
    assert desk.json("status") == [], "a list of items, as ever"


def test_working_once_tells_staff_what_failed(desk: Desk, box: PostboxSimulator) -> None:
    """The alert goes to the log, which is on standard error."""
    assert desk.run("submit", desk.approved()).returncode == 0
    box.plan(Fault.CODE, "/letters", code="422")
    done = desk.run("work", "--once")
    assert "publisher resend A-1 --channel post" in done.stderr
    assert "A-1" not in desk.run("work", "--once").stderr, "told once"
