"""A PostgreSQL of the tests' own: on a free port of this machine, gone when the tests are.

It runs in a temporary folder and as somebody without rights; the keeper ends it, however the
tests end.
"""

import atexit
import glob
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from pathlib import Path

import psycopg

from publisher.store.engine import Database
from tests.factories import ROOT

# SIGTERM would let the server wait for its clients; SIGINT makes it stop at once.
_SERVE = '"$@" & trap "kill -INT $!" TERM; wait; wait'
_PATIENCE = 30.0
_AUTH = "md5"  # scram-sha-256 is slow on purpose, thousands of times here
_SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 100
shared_buffers = 32MB
autovacuum = off
"""


class PostgresServer:
    """A server of its own, with a password that no error may show."""

    def __init__(self) -> None:
        self.password = secrets.token_hex(12)
        self.folder = Path(tempfile.mkdtemp(prefix="publisher-postgres-"))
        self._as_nobody = _as_nobody(self.folder)
        self._numbers = itertools.count(1)
        self._make()
        self._keeper: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.start()
        self._template = self._new_database("template0")
        self._template_url = self.url(self._template)
        database = Database(self._template_url)
        database.upgrade()
        database.close()

    def url(self, database: str, **changes: str) -> str:
        given = {"user": "tester", "password": self.password, "port": str(self.port)} | changes
        return (
            f"postgresql://{given['user']}:{given['password']}@127.0.0.1:{given['port']}/{database}"
        )

    def fresh(self) -> str:
        """The address of a new database with our tables, all empty."""
        return self.url(self._new_database(self._template))

    def bare(self) -> str:
        """The address of a new database without any table."""
        return self.url(self._new_database("template0"))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.administer(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def administer(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the administrator of the server."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start on the port it had, or on a free one; somebody may be faster, so try again."""
        for _ in range(5):
            port = self.port or _free_port()
            self._keeper = self._keep(port)
            if self._answers(port):
                self.port = port
                return
            self.stop()
        raise RuntimeError((self.folder / "log").read_text("utf-8")[-2000:])

    def stop(self) -> None:
        """Stop at once (its «fast» mode), with all who are connected; `start` has the same data."""
        if self._keeper and self._keeper.stdin:
            self._keeper.terminate()
            self._keeper.wait(_PATIENCE)
            self._keeper.stdin.close()
        self._keeper = None

    def kill(self) -> None:
        """Stop without a word to anybody (its «immediate» mode); `start` recovers from its log."""
        assert self._keeper
        postmaster = (self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0]
        os.kill(int(postmaster), signal.SIGQUIT)
        self._keeper.wait(_PATIENCE)
        self.stop()

    def end(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _keep(self, port: int) -> subprocess.Popen[bytes]:
        program = [str(_programs() / "postgres"), "-D", str(self.folder / "data")]
        server = [*self._as_nobody, *program, "-p", str(port), "-k", str(self.folder)]
        keeper = [sys.executable, "-m", "tests.support.keeper", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*keeper, "sh", "-c", _SERVE, "sh", *server],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def _answers(self, port: int) -> bool:
        """Wait until the server at this port, ours and no other, lets us in."""
        until = time.monotonic() + _PATIENCE
        while self._keeper and self._keeper.poll() is None and time.monotonic() < until:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres", port=str(port))).close()
                return True
            time.sleep(0.05)
        return False

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(self.password, "ascii")
        password.chmod(0o644)
        subprocess.run(
            [
                *self._as_nobody,
                *(str(_programs() / "initdb"), "--no-sync", "-D", str(self.folder / "data")),
                *("-U", "tester", "-A", _AUTH, "--pwfile", str(password)),
                *("-E", "UTF8", "--locale", "C"),
            ],
            cwd="/",  # it must be able to read where it stands
            capture_output=True,
            check=True,
        )
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)

    def _new_database(self, template: str) -> str:
        name = f"city_{next(self._numbers)}"
        self.administer(f"CREATE DATABASE {name} TEMPLATE {template}{self._by_files}")
        return name

    @cached_property
    def _by_files(self) -> str:
        """Quicker by far where nothing need be safe on the disk; before 15 it was the only way."""
        with psycopg.connect(self.url("postgres")) as connection:
            return " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """A server for one alone, who may stop it and start it again."""
    found = PostgresServer()
    try:
        yield found
    finally:
        found.end()


@cache
def server() -> PostgresServer:
    """The server of this test session, started when it is first asked for."""
    found = PostgresServer()
    atexit.register(found.end)
    return found


def _programs() -> Path:
    """The newest server of Debian, or what the PATH has."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=_version)  # noqa: PTH207
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        raise RuntimeError("PostgreSQL is missing: run scripts/install_test_tools.sh")
    return Path(initdb).parent


def _version(path: str) -> float:
    return float(path.split("/")[4])


def _as_nobody(folder: Path) -> list[str]:
    """How to run a program without rights; the server refuses to be root's."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
