"""An nginx of the tests' own, with the rules of deploy/nginx just as a city gets them.

It runs on free loopback ports and in a temporary folder, as whoever runs the tests; the keeper ends
it, however they end. Whatever serves on this machine already stays as it is.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.factories import ROOT
from tests.support.certificate import self_signed

NAME = "www.xinji.example"
HERE = "127.0.0.1"
HERE_6 = "::1"
_GIVEN = ROOT / "deploy" / "nginx"
_PATIENCE = 20.0
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, header: str) -> str | None:
        """The one value of a header."""
        values = self.headers.get_all(header) or []
        assert len(values) <= 1, f"{header} is sent {len(values)} times"
        return values[0] if values else None

    @property
    def text(self) -> str:
        return self.body.decode()


class Nginx:
    """`port` shows the site plainly; `http` and `https` are the two of publisher.conf."""

    def __init__(self, folder: Path, site: Path, search: int, workers: int = 1) -> None:
        self.folder = folder
        self.port, self.http, self.https = free_ports(3)
        self.certificate = folder / "certificate.pem"
        self_signed(self.certificate, NAME)
        shutil.copytree(_GIVEN / "publisher", folder / "publisher")
        (folder / "publisher.conf").write_text(self._site_configuration(site, search), "utf-8")
        (folder / "nginx.conf").write_text(self._whole(site, workers), "utf-8")

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        sent: dict[str, str] | None = None,
        source: str = HERE,
    ) -> Answer:
        """Ask for a path exactly as given, on the plain port."""
        with closing(
            http.client.HTTPConnection(HERE, self.port, _PATIENCE, (source, 0))
        ) as connection:
            return answer_of(connection, path, method, sent)

    def ask_safely(self, path: str, host: str = HERE) -> Answer:
        """The same over TLS, with the certificate checked."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with closing(http.client.HTTPConnection(NAME, self.https, _PATIENCE)) as connection:
            plain = socket.create_connection((host, self.https), _PATIENCE)
            connection.sock = context.wrap_socket(plain, server_hostname=NAME)
            return answer_of(connection, path)

    def command(self) -> list[str]:
        own = ["-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        return [_program(), *own, "-e", str(self.folder / "error.log")]

    def _site_configuration(self, site: Path, search: int) -> str:
        """publisher.conf with the changes that an administrator makes, and our ports."""
        text = (_GIVEN / "publisher.conf").read_text("utf-8")
        changes = {
            "server 127.0.0.1:8080 ": f"server {HERE}:{search} ",
            "server_name www.xinji.example;": f"server_name {NAME};",
            "root /var/lib/publisher/output/site;": f"root {site};",
            "/etc/ssl/publisher/fullchain.pem;": f"{self.certificate};",
            "/etc/ssl/publisher/private.key;": f"{self.certificate};",
            "listen 80;": f"listen {HERE}:{self.http};",
            "listen 443 ": f"listen {HERE}:{self.https} ",
            "listen [::]:80;": f"listen [{HERE_6}]:{self.http};" if has_ipv6() else "",
            "listen [::]:443 ssl http2;": (
                f"listen [{HERE_6}]:{self.https} ssl http2;" if has_ipv6() else ""
            ),
        }
        for old, new in changes.items():
            assert text.count(old) == 1, f"publisher.conf says {old!r} {text.count(old)} times"
            text = text.replace(old, new)
        return text

    def _whole(self, site: Path, workers: int) -> str:
        user = "user root;" if os.geteuid() == 0 else ""  # it must read what only we may read
        temporary = "".join(f"{name}_temp_path temporary/{name};\n" for name in _TEMPORARY)
        (self.folder / "temporary").mkdir()
        return f"""
            {user}
            daemon off;
            pid nginx.pid;
            worker_processes {workers};
            events {{ worker_connections 256; }}
            http {{
                {temporary}
                access_log access.log;
                sendfile on;
                tcp_nopush on;
                include publisher.conf;
                server {{
                    listen {HERE}:{self.port};
                    root {site};
                    include publisher/server.conf;
                }}
            }}
        """


@contextmanager
def serving(site: Path, search: int = 9, workers: int = 1) -> Iterator[Nginx]:
    """Show a site for as long as the block lasts; by default nobody answers searches."""
    folder = Path(tempfile.mkdtemp(prefix="publisher-nginx-"))
    try:
        nginx = Nginx(folder, site, search, workers)
        with _kept(nginx):
            yield nginx
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answer_of(
    connection: http.client.HTTPConnection,
    path: str,
    method: str = "GET",
    sent: dict[str, str] | None = None,
) -> Answer:
    connection.request(method, path, headers=sent or {})
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind((HERE_6, 0))
        return True
    return False


def free_ports(many: int) -> list[int]:
    """Ports that differ from each other: all are held until the last is found."""
    probes = [socket.create_server((HERE, 0)) for _ in range(many)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def _kept(nginx: Nginx) -> Iterator[None]:
    keeper = [sys.executable, "-m", "tests.support.keeper", str(nginx.folder), *nginx.command()]
    with (
        (nginx.folder / "said").open("wb") as said,
        subprocess.Popen(keeper, cwd=ROOT, stdin=subprocess.PIPE, stdout=said, stderr=said) as run,
    ):
        try:
            _await(nginx, run)
            yield
        finally:
            run.terminate()
            run.wait(_PATIENCE)


def _await(nginx: Nginx, keeper: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while not _answers(nginx.port):
        said = (nginx.folder / "said").read_text("utf-8")
        assert keeper.poll() is None, f"nginx ended: {said}"
        assert time.monotonic() < until, f"nginx does not answer: {said}"
        time.sleep(0.02)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HERE, port), 1):
        return True
    return False


def _program() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert found, "nginx is missing; scripts/install_test_tools.sh installs it"
    return found
