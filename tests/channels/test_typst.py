"""The worker that typesets: it dies, is killed, is shared and forked, and nobody notices."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from channels import _typst
from channels.noticeboard import Options, build
from publisher.channel import PermanentError, TemporaryError
from publisher.content import Document
from publisher.model import ReasonClass
from tests.channels.noticeboard_items import a_merged_table, rich_item
from tests.factories import NOW, ROOT, a_house, an_item

RENDER = """
import os, signal, sys
from pathlib import Path
from channels import _typst
from channels.noticeboard import Options, build
from tests.channels.noticeboard_items import rich_item
from tests.factories import a_house
board = build("noticeboard", Options(), a_house(Path("/nonexistent")))
print(board.render([rich_item()]).sha256, flush=True)
"""
DIE = "print(_typst._workers.processes[0].pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
FORK = """
child = os.fork()
print(board.render([rich_item()]).sha256, flush=True)
if child:
    os.waitpid(child, 0)
"""


def python(script: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not done.stderr
    return done.stdout.split()


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_same_bytes_in_any_process(tmp_path: Path) -> None:
    board = build("noticeboard", Options(), a_house(tmp_path))
    here = board.render([rich_item()]).sha256
    _typst._workers.close()
    assert board.render([rich_item()]).sha256 == here
    assert python(RENDER, PYTHONHASHSEED="7") == [here]


def test_the_worker_ends_with_a_publisher_that_was_killed() -> None:
    _, pid = python(RENDER + DIE)
    end = time.monotonic() + 10
    while alive(int(pid)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(int(pid))


def test_a_forked_child_gets_a_worker_of_its_own() -> None:
    first, *others = python(RENDER + FORK)
    assert others == [first, first]


def test_threads_share_it(tmp_path: Path) -> None:
    board = build("noticeboard", Options(), a_house(tmp_path))
    items = [an_item(serial, title=f"第{serial}号通知") for serial in range(1, 7)]
    alone = [board.render([item]).sha256 for item in items]
    found: dict[int, str] = {}

    def work(at: int) -> None:
        found[at] = board.render([items[at]]).sha256

    threads = [threading.Thread(target=work, args=(at,)) for at in range(len(items))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[at] for at in range(len(items))] == alone


def test_two_typeset_at_once_and_no_more(tmp_path: Path) -> None:
    boards = [build("noticeboard", Options(), a_house(tmp_path)) for _ in range(4)]
    with ThreadPoolExecutor(len(boards)) as pool:
        rendered = list(pool.map(lambda board: board.render([rich_item()]).sha256, boards))
    assert len(set(rendered)) == 1
    assert len(_typst._workers.processes) == 2


def test_killed_in_the_middle_it_is_temporary_and_then_works_again(tmp_path: Path) -> None:
    board = build("noticeboard", Options(), a_house(tmp_path))
    _typst._workers.close()  # so that a fresh one is there to be killed
    board.render([an_item()])
    (victim,) = _typst._workers.processes
    timer = threading.Timer(0.3, victim.kill)
    timer.start()
    with pytest.raises(TemporaryError) as caught:
        board.render([an_item(document=Document((a_merged_table(groups=900),)))])
    timer.join()
    assert caught.value.kind is ReasonClass.INTERNAL
    assert "退出" in caught.value.reason
    assert board.render([an_item()]).files


def test_too_slow_is_stopped(tmp_path: Path) -> None:
    board = build("noticeboard", Options(seconds=0.3), a_house(tmp_path))
    began = time.monotonic()
    with pytest.raises(TemporaryError) as caught:
        board.render([an_item(document=Document((a_merged_table(groups=900),)))])
    assert "时限" in caught.value.reason
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("most", [{"orders": 1}, {"memory": 1 << 20}])
def test_it_is_replaced_before_it_grows(most: dict[str, int]) -> None:
    worker = _typst._Worker(**most)
    order = {"format": "pages", "data": "{}", "fonts": str(ROOT / "var" / "fonts")}
    page = {"main.typ": b"#metadata(1) <pages>"}
    for _ in range(2):
        assert worker.ask(order, page, 60)[0] == {"pages": 1}
        assert worker.process is None


def test_missing_fonts_name_the_mend(tmp_path: Path) -> None:
    empty = tmp_path / "fonts"
    empty.mkdir()
    board = build("noticeboard", Options(), a_house(tmp_path, fonts=empty))
    with pytest.raises(PermanentError) as caught:
        board.render([an_item()])
    assert caught.value.kind is ReasonClass.INTERNAL
    assert "make fonts" in caught.value.reason


def test_fonts_of_the_city_come_first(tmp_path: Path) -> None:
    ours = ROOT / "var" / "fonts"
    fonts = tmp_path / "fonts"
    (fonts / "site" / "仿宋").mkdir(parents=True)
    for face in ours.glob("*.otf"):
        (fonts / face.name).hardlink_to(face)
    house = a_house(tmp_path, fonts=fonts)
    board = build("noticeboard", Options(), house)
    without = board.render([an_item()]).files[0].data
    _typst._workers.close()  # fonts are looked at when a worker starts
    (fonts / "site" / "仿宋" / "Kai.otf").hardlink_to(ours / "FandolKai-Regular.otf")
    assert sha256(board.render([an_item()]).files[0].data).digest() != sha256(without).digest()


def test_a_real_clock_has_microseconds(tmp_path: Path) -> None:
    board = build("noticeboard", Options(), a_house(tmp_path))
    precise = an_item(published_at=NOW.replace(microsecond=123456))
    assert board.render([precise]).files == board.render([an_item()]).files
