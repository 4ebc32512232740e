"""The tests' PostgreSQL gets out of everybody's way, and goes however the tests end."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import ROOT
from tests.support.postgres import PostgresServer


def test_it_goes_when_the_tests_are_killed() -> None:
    program = (
        "import sys; from tests.support.postgres import server; found = server();"
        "print(found.folder, found.port, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout
        folder, port = tests.stdout.readline().split()
        assert is_open(int(port))
        tests.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while (is_open(int(port)) or Path(folder).exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_open(int(port))
    assert not Path(folder).exists()


def test_a_port_that_is_taken_is_not_ours(postgres: PostgresServer) -> None:
    """Another server answers there, and it is not taken for our own."""
    other = PostgresServer()
    try:
        other.stop()
        mine, other.port = other.port, postgres.port
        with pytest.raises(RuntimeError, match="in use"):
            other.start()
        other.port = mine
        other.start()
        assert other.administer("SHOW port") == [(str(mine),)]
    finally:
        other.end()
    assert not other.folder.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up being root")
def test_it_does_not_run_as_root(postgres: PostgresServer) -> None:
    assert (postgres.folder / "data").stat().st_uid != 0


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
