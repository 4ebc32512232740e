"""Keeps a server for as long as the tests live: python -m tests.support.keeper FOLDER COMMAND…

However they end, by SIGKILL too, the pipe on our standard input closes: then the server and its
folder go. Told to stop by SIGTERM, or to kill it by SIGUSR1, the server goes and the folder stays,
for a later start.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType

_PATIENCE = 20.0


def keep(folder: Path, command: list[str]) -> int:
    """Run the command until it ends, we are told to stop, or whoever started us is gone."""
    server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True)
    abandoned = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.terminate()

    def kill(_signal: int, _frame: FrameType | None) -> None:
        _kill_all(server)

    def watch() -> None:
        sys.stdin.read()
        abandoned.set()
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGUSR1, kill)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; they tell us
    threading.Thread(target=watch, daemon=True).start()
    code = _wait(server)
    if abandoned.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _wait(server: subprocess.Popen[bytes]) -> int:
    code = server.wait()
    _kill_all(server)  # helpers that it has left behind
    return code


def _kill_all(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # gone already
        os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2:]))
