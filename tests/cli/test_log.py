"""The log: a sentence for who sits at a terminal, JSON for everything else."""

import ast
import json
import os
import pty
import re
import subprocess

from publisher.cli.log import SENTENCES, sentence
from tests.factories import ROOT
from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator


def test_every_event_has_a_sentence() -> None:
    events = {
        event
        for folder in ("publisher", "channels")
        for path in (ROOT / folder).rglob("*.py")
        for event in _events(path.read_text("utf-8"))
    }
    assert "sent" in events
    assert "flush_failed" in events
    assert events == set(SENTENCES)


def _events(source: str) -> list[str]:
    """What a file of ours logs: log.info("sent", …), Caught("flush_failed", …)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        of_log = (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
        )
        if of_log or (isinstance(node.func, ast.Name) and node.func.id == "Caught"):
            words = [
                one.value
                for one in node.args
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            found += words[:1]
    return found


def test_a_line_says_when_how_bad_what_where_and_why() -> None:
    said = sentence(
        None,
        "warning",
        {
            "event": "check_failed",
            "channel": "sms",
            "reason": "读\x1b[2J超时",
            "level": "warning",
            "timestamp": "2018-01-20T07:30:00Z",
        },
    )
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d 注意　结果没有查到，稍后再查：读 \[2J超时（渠道 sms）", said
    )


def test_a_bug_keeps_its_traceback() -> None:
    said = sentence(
        None,
        "error",
        {
            "event": "send_bug",
            "channel": "sms",
            "exception": "Traceback\nKeyError",
            "level": "error",
            "timestamp": "2018-01-20T07:30:00Z",
        },
    )
    assert said.splitlines()[1:] == ["    Traceback", "    KeyError"]


def test_a_terminal_gets_sentences_and_a_pipe_gets_json(desk: Desk, box: PostboxSimulator) -> None:
    desk.run("submit", desk.approved())
    box.plan(Fault.CODE, "/letters", code="422")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        subprocess.run(
            desk.command("work", "--once"),
            cwd=ROOT,
            env=desk.environment,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            timeout=60,
            check=True,
        )
        os.close(theirs)
        shown = terminal.read(65536).decode()
    assert re.search(r"^\d\d:\d\d:\d\d 注意　提醒：辛集市信息发布", shown, re.MULTILINE), shown
    assert "publisher resend A-1 --channel post" in shown
    assert "{" not in shown
    desk.run("submit", desk.approved("A-2"))
    box.plan(Fault.CODE, "/letters", code="422")
    done = desk.run("work", "--once")
    assert json.loads(done.stderr.splitlines()[-1])["event"] == "alert"
