"""The console behind Debian's nginx, with deploy/nginx/publisher-console.conf as a city has it."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import create_connection
from ssl import SSLContext, create_default_context
from urllib.parse import quote, urlsplit

import pytest

from publisher.access import Role
from tests.factories import ROOT
from tests.support.certificate import self_signed
from tests.support.console import Console, open_console
from tests.support.nginx import free_ports

NAME = "fabu.xinji.example"
GIVEN = ROOT / "deploy" / "nginx" / "publisher-console.conf"
PATIENCE = 20.0


class Front:
    """An nginx in front of a console."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.console = console
        (self.port,) = free_ports(1)
        certificate = folder / "certificate.pem"
        self_signed(certificate, NAME)
        self.trust: SSLContext = create_default_context(cafile=str(certificate))
        text = GIVEN.read_text("utf-8")
        for old, new in {
            "server 127.0.0.1:8090;": f"server {urlsplit(console.url).netloc};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "/etc/ssl/publisher/fullchain.pem;": f"{certificate};",
            "/etc/ssl/publisher/private.key;": f"{certificate};",
        }.items():
            assert text.count(old) == 1, f"the file says {old!r} {text.count(old)} times"
            text = text.replace(old, new)
        (folder / "console.conf").write_text(text, "utf-8")
        temporary = "".join(
            f"{one}_temp_path {one};"
            for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"user root; daemon off; pid nginx.pid; events {{}} http {{ {temporary}"
            " access_log off; include console.conf; }",
            "utf-8",
        )

    def connect(self, source: str = "127.0.0.1") -> HTTPSConnection:
        """As a browser at that address."""
        connection = HTTPSConnection(NAME, self.port, timeout=PATIENCE)
        plain = create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))
        connection.sock = self.trust.wrap_socket(plain, server_hostname=NAME)
        return connection


@contextmanager
def running(front: Front, folder: Path) -> Iterator[None]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
    assert program
    own = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    keeper = [sys.executable, "-m", "tests.support.keeper", str(folder), program, *own]
    with subprocess.Popen(keeper, cwd=ROOT, stdin=subprocess.PIPE) as run:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and run.poll() is None:
            with suppress(OSError), create_connection(("127.0.0.1", front.port), 1):
                break
            time.sleep(0.02)
        try:
            yield
        finally:
            run.terminate()
            run.wait(PATIENCE)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    rules = {"base_url": f"https://{NAME}", "proxies": ["127.0.0.1"]}
    # A user of its own reads the files of nginx where tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="publisher-console-nginx-"))
    with open_console(tmp_path_factory.mktemp("city"), console=rules) as console:
        found = Front(folder, console)
        try:
            with running(found, folder):
                yield found
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def test_staff_log_in_over_tls_and_their_cookie_stays_there(front: Front) -> None:
    accounts, now = front.console.city.publisher.accounts, front.console.city.clock()
    accounts.people.add(
        "wang", name="王芳", role="viewer", password="Zao-shang-6-dian", by="测试", now=now
    )
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
    with closing(front.connect()) as connection:
        connection.request("POST", "/login", "login=wang&password=Zao-shang-6-dian", form)
        answer = connection.getresponse()
    assert answer.status == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-publisher=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_what_a_visitor_claims_of_his_address_is_not_believed(front: Front) -> None:
    form = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"https://{NAME}",
        "X-Forwarded-For": "10.9.9.9",
    }
    with closing(front.connect()) as connection:
        connection.request("POST", "/login", "login=nobody&password=wrong", form)
        assert connection.getresponse().status == 403
    newest = front.console.audited(act="login_refused")[0]
    assert newest.origin == "控制台 127.0.0.1"


def test_changes_come_through_line_by_line(front: Front) -> None:
    viewer = front.console.enter(Role.OPERATOR)
    cookie = f"__Host-publisher={viewer.cookies['publisher']}"
    with closing(front.connect()) as connection:
        connection.request("GET", "/live", headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.readline() == b"retry: 2000\n"
        front.console.city.submit("N-1")
        lines = [answer.readline() for _ in range(4)]
    assert b"event: change\n" in lines


def test_what_is_too_large_is_refused_in_words(front: Front) -> None:
    most = front.console.city.publisher.settings.intake.max_file_bytes
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
    with closing(front.connect()) as connection:
        connection.request("POST", "/login", b"x" * (most + 1_500_000), form)
        answer = connection.getresponse()
        assert answer.status == 413
        assert "太大" in answer.read().decode()


def test_a_search_of_ten_thousand_characters_is_answered_by_the_console(front: Front) -> None:
    cookie = f"__Host-publisher={front.console.enter(Role.OPERATOR).cookies['publisher']}"
    with closing(front.connect()) as connection:
        connection.request("GET", f"/?q={quote('长' * 10_000)}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 422
        assert "最多 100 个字" in answer.read().decode()


@pytest.mark.parametrize(
    ("before", "begun", "many"),
    [
        ("", "GET /?q=", 128 * 1024),
        ("GET / HTTP/1.1\r\n", "X-Long: ", 128 * 1024),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "", 0),
    ],
    ids=["address", "header", "host"],
)
def test_what_nginx_does_not_read_is_told_so_in_chinese(
    front: Front, before: str, begun: str, many: int
) -> None:
    with closing(front.connect()) as connection:
        # No byte more than it reads: what lies there unread may break the line before the answer.
        connection.sock.sendall((before + begun.ljust(many, "x")).encode())
        answer = HTTPResponse(connection.sock)
        answer.begin()
        told_in_chinese(answer, 400, "请求读不懂")
        answer.close()


def test_who_forgets_the_s_of_https_is_told_so(front: Front) -> None:
    with closing(HTTPConnection("127.0.0.1", front.port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/")
        told_in_chinese(connection.getresponse(), 400, "https://")


def test_who_comes_from_elsewhere_is_told_so(front: Front) -> None:
    with closing(front.connect("127.0.0.2")) as connection:
        connection.request("GET", "/")
        told_in_chinese(connection.getresponse(), 403, "办公网络")


def told_in_chinese(answer: HTTPResponse, status: int, words: str) -> None:
    assert answer.status == status
    assert words in answer.read().decode("utf-8")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_while_the_console_is_away_people_are_told_so_in_chinese(front: Front) -> None:
    folder = Path(tempfile.mkdtemp(prefix="publisher-console-nginx-"))
    nowhere = f"http://127.0.0.1:{free_ports(1)[0]}"
    gone = Console(front.console.city, front.console.box, nowhere, ExitStack())
    try:
        away = Front(folder, gone)
        with running(away, folder), closing(away.connect()) as connection:
            connection.request("GET", "/")
            told_in_chinese(connection.getresponse(), 503, "暂时打不开")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
