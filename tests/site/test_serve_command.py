"""Starting and ending: `publisher serve` as an operator meets it."""

import http.client
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.web.server import Server
from publisher.web.site import site_app
from tests.factories import ROOT
from tests.site.small_site import GONE, SHOWN_ONCE, make_small_site
from tests.support.desk import Desk
from tests.support.nginx import answer_of
from tests.support.postbox import PostboxSimulator


def test_it_ends_at_once_and_gives_the_port_back(tmp_path: Path) -> None:
    make_small_site(tmp_path / "site")
    server = Server(site_app(tmp_path, None))
    with server, socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(15) == b"HTTP/1.1 200 OK"
        began = time.monotonic()
        server.__exit__()
        assert time.monotonic() - began < 2  # some tenths where nothing else runs
    with Server(site_app(tmp_path, None), server.port) as again:
        assert again.port == server.port


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with PostboxSimulator() as box:
        yield Desk(tmp_path, box)


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_the_command(desk: Desk, word: signal.Signals) -> None:
    make_small_site(desk.folder / "output" / "site")
    command = desk.command("serve", "--port", "0")
    with subprocess.Popen(
        command, cwd=ROOT, env=desk.environment, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())[1])  # type: ignore[index]
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            assert answer_of(connection, f"{GONE}.html").text == SHOWN_ONCE
            assert answer_of(connection, "/output/").status == 404
            assert answer_of(connection, "/search?q=1").status == 404
        taken = desk.run("serve", "--port", str(port))
        assert taken.returncode == 1
        assert f"端口 {port} 用不了：已被别的程序占用；请用 --port 换一个" in taken.stderr
        running.send_signal(word)
        assert running.wait(15) == 0


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours(desk: Desk, host: str) -> None:
    done = desk.run("serve", "--port", "0", "--host", host)
    assert done.returncode == 1
    assert f"地址 {host} 不是本机的；请用 --host 换一个" in done.stderr
