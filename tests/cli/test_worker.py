"""The worker as an operator meets it: real processes, signals, exit codes."""

import json
import signal
import subprocess
import time

from tests.factories import ROOT
from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator


def test_the_worker_sends_what_comes_and_ends_cleanly_on_sigterm(
    desk: Desk, box: PostboxSimulator
) -> None:
    with subprocess.Popen(
        desk.command("work"), cwd=ROOT, env=desk.environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout
        assert "正在运行" in worker.stdout.readline()
        desk.run("submit", desk.approved())
        until = time.monotonic() + 15
        while not box.letters and time.monotonic() < until:
            time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    assert len(box.letters) == 1
    assert desk.json("status", "A-1")["state"] == "published"


def test_sigterm_in_mid_call_waits_for_the_answer(desk: Desk, box: PostboxSimulator) -> None:
    box.plan(Fault.DELAY, seconds=0.7)
    desk.run("submit", desk.approved())
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        until = time.monotonic() + 15
        while not box.letters and time.monotonic() < until:
            time.sleep(0.02)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "delivered"


def test_once_ends_after_the_call_under_way_on_sigterm(desk: Desk, box: PostboxSimulator) -> None:
    box.plan(Fault.DELAY, seconds=0.7)
    for name in ("A-1", "A-2"):
        desk.run("submit", desk.approved(name))
    with subprocess.Popen(
        desk.command("work", "--once"), cwd=ROOT, env=desk.environment, stderr=subprocess.PIPE
    ) as worker:
        until = time.monotonic() + 15
        while not box.letters and time.monotonic() < until:
            time.sleep(0.02)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=15)
        assert worker.returncode == 0
    assert "提前结束" in said.decode()
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "delivered"
    assert desk.json("status", "A-2")["deliveries"][0]["status"] == "queued"
    assert len(box.letters) == 1


def test_once_fails_when_a_channel_could_not_be_worked(desk: Desk) -> None:
    (desk.folder / "data" / "locks").write_text("a file where the folder should be")
    done = subprocess.run(
        desk.command("work", "--once", "--json"),
        cwd=ROOT,
        env=desk.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout) == []
    assert "flush_failed" in done.stderr
    assert "有渠道出错" in done.stderr


def test_killed_in_mid_call_it_is_unknown_and_never_sent_twice(
    desk: Desk, box: PostboxSimulator
) -> None:
    box.plan(Fault.DELAY, seconds=0.7)
    desk.run("submit", desk.approved())
    with subprocess.Popen(desk.command("work"), cwd=ROOT, env=desk.environment) as worker:
        until = time.monotonic() + 15
        while not box.letters and time.monotonic() < until:
            time.sleep(0.02)
        worker.kill()
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "sending"
    desk.run("work", "--once")
    found = desk.json("status", "A-1")["deliveries"][0]
    assert found["status"] == "unknown"
    assert "核实" in found["reason"]
    assert len(box.letters) == 1
