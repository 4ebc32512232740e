"""The command line in a process of its own, without a second of imports for each.

One server for each process of the tests has read everything already and forks for every command. A
child is a real process: its environment, folder, input and outputs are its own, and it ends as
`python -m publisher` does.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from publisher.cli import run
from tests.factories import ROOT

_KILLED = -9


def quickly(
    words: Sequence[str], environment: Mapping[str, str], given: str, patience: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    with tempfile.TemporaryDirectory(prefix="publisher-cli-") as name:
        folder = Path(name)
        (folder / "in").write_text(given, "utf-8")
        os.mkfifo(folder / "code")
        # Open for both, so that opening waits for nobody; the child's end closes when it dies.
        reader = os.open(folder / "code", os.O_RDONLY | os.O_NONBLOCK)
        try:
            _ask({"words": list(words), "environment": dict(environment), "folder": name})
            code = _code(reader, patience, folder)
        finally:
            os.close(reader)
        return subprocess.CompletedProcess(
            ["publisher", *words],
            code,
            (folder / "out").read_text("utf-8"),
            (folder / "err").read_text("utf-8"),
        )


def _code(reader: int, patience: float, folder: Path) -> int:
    """What it ended with: told through the pipe, or that it was killed."""
    if not select.select([reader], [], [], patience)[0]:
        raise subprocess.TimeoutExpired(str(folder), patience)
    said = os.read(reader, 16)
    return int(said) if said else _KILLED


def _ask(request: Mapping[str, object]) -> None:
    server = _server()
    assert server.stdin
    server.stdin.write(json.dumps(request) + "\n")  # one write of a line: threads do not mix
    server.stdin.flush()


@cache
def _server() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.quick_cli"]
    plain = {**os.environ, "COLUMNS": "100"}
    server = subprocess.Popen(command, cwd=ROOT, env=plain, stdin=subprocess.PIPE, text=True)
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    with suppress(OSError):
        if server.stdin:
            server.stdin.close()
    server.wait(10)


def _serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a child waits at its pipe
    while line := _line():
        request = json.loads(line)
        if os.fork() == 0:
            _become(request)


def _line() -> bytes:
    """The next request, and no byte more: what is read ahead would be the child's too."""
    found = b""
    while not found.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            break
        found += piece
    return found


def _become(request: Mapping[str, object]) -> None:
    """Be the command. Does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = Path(str(request["folder"]))
    environment, words = request["environment"], request["words"]
    assert isinstance(environment, dict)
    assert isinstance(words, list)
    os.environ.clear()
    os.environ.update(environment)
    code_to = os.open(folder / "code", os.O_WRONLY)
    for number, name, flags in (
        (0, "in", os.O_RDONLY),
        (1, "out", os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, "err", os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(folder / name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    code = _run(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(code_to, str(code).encode())
    sys.exit(code)


def _run(words: Sequence[str]) -> int:
    try:
        return run(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter does with what nobody catches
        traceback.print_exc()
        return 1


if __name__ == "__main__":
    _serve()
