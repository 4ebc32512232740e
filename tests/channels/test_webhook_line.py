"""The line: to exactly the machine that was checked, by the name that was typed, for a while."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from channels._webhooks import Options
from channels._webhooks.line import Line, Resolver
from publisher.postman import Answer, NoAnswer, UnsafeAddress
from tests.channels.canned import canned, http
from tests.simulators.receiver import ReceiverSimulator
from tests.simulators.server import Fault
from tests.support.certificate import self_signed

NAME = "oa.xinji.example"
OK = http("204 No Content")


def a_line(
    resolver: Resolver = lambda _host, _port: ["127.0.0.1"], authorities: Path | None = None
) -> Line:
    options = Options(
        networks=["127.0.0.0/8"],
        connect_timeout=timedelta(seconds=0.6),
        read_timeout=timedelta(seconds=0.4),
    )
    return Line(options, resolver=resolver, authorities=authorities)


def post(line: Line, url: str) -> Answer:
    return line.post(url, {"webhook-id": "k1"}, b"{}")


def by_name(url: str) -> str:
    """The same server under a name that no resolver of this machine knows."""
    return url.replace("127.0.0.1", NAME)


def why(line: Line, url: str) -> str:
    with pytest.raises(NoAnswer) as caught:
        post(line, url)
    assert NAME not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def receiver() -> Iterator[ReceiverSimulator]:
    with ReceiverSimulator() as simulator:
        yield simulator


def test_the_name_is_asked_for_once_and_its_machine_called_by_that_name(
    receiver: ReceiverSimulator,
) -> None:
    asked: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    port = urlsplit(receiver.url).port
    assert port
    assert post(a_line(resolver), by_name(receiver.address)).code == 401
    assert asked == [(NAME, port)]
    (call,) = receiver.calls
    assert call.headers["host"] == f"{NAME}:{port}"
    assert call.body == b"{}"


def test_a_name_that_leads_elsewhere_a_moment_later_gains_nothing(
    receiver: ReceiverSimulator,
) -> None:
    """Checked and public when it was typed, inside when it is called."""
    machines = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]]
    guarded = Line(Options(), resolver=lambda _host, _port: machines.pop(0))
    guarded.check(by_name(receiver.address))
    for _ in range(2):
        with pytest.raises(UnsafeAddress, match="就是本机"):
            post(guarded, by_name(receiver.address))
    assert receiver.calls == []


def test_where_one_machine_of_a_name_is_down_the_next_is_called(
    receiver: ReceiverSimulator,
) -> None:
    line = a_line(lambda _host, _port: ["127.0.0.9", "127.0.0.1"])
    assert post(line, by_name(receiver.address)).code == 401
    assert len(receiver.calls) == 1


def test_no_proxy_and_no_password_comes_from_the_environment(
    receiver: ReceiverSimulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {NAME} login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert post(a_line(), by_name(receiver.address)).code == 401
    assert "authorization" not in receiver.calls[0].headers


@contextmanager
def secure(folder: Path, name: str) -> Iterator[tuple[str, Path, list[bytes]]]:
    """A TLS server with a certificate for this name: its address, the certificate, the bodies."""
    certificate = folder / "server.pem"
    self_signed(certificate, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with canned(OK, context) as (url, bodies):
        yield by_name(url), certificate, bodies


def test_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    with secure(tmp_path, NAME) as (url, certificate, bodies):
        assert post(a_line(authorities=certificate), url) == Answer(204)
    assert bodies == [b"{}"]


def test_the_certificate_of_another_name_gets_not_a_byte(tmp_path: Path) -> None:
    with secure(tmp_path, "evil.example") as (url, certificate, bodies):
        assert "证书" in why(a_line(authorities=certificate), url)
    assert bodies == []


def test_a_certificate_that_nobody_vouches_for_gets_not_a_byte(tmp_path: Path) -> None:
    with secure(tmp_path, NAME) as (url, _, bodies):
        assert "证书" in why(a_line(), url)
    assert bodies == []


def test_an_answer_is_its_code_and_how_long_to_wait(receiver: ReceiverSimulator) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    location = f"Location: {receiver.address}"
    answers = {
        http("200 OK", bomb, "Content-Encoding: gzip"): Answer(200),
        http("301 Moved", bomb, "Content-Encoding: gzip", location): Answer(301),
        http("302 Found", b"", "Location: http://["): Answer(302),
        http("503 Busy", b"", "Retry-After: 120"): Answer(503, "120"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense": Answer(200),
    }
    for said, wanted in answers.items():
        with canned(said) as (url, _):
            assert post(a_line(), by_name(url)) == wanted
    assert receiver.calls == []


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a" * 70_000])
def test_what_is_no_answer_is_none(said: bytes) -> None:
    with canned(said) as (url, _):
        assert why(a_line(), by_name(url)) == "对方中途断开了连接"


def test_a_port_where_nobody_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "拒绝连接" in why(a_line(), f"http://{NAME}:{port}/")


@contextmanager
def dripping(context: ssl.SSLContext | None) -> Iterator[str]:
    """Says one byte at a time, for ever, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            wire, _ = listening.accept()
            with suppress(OSError):
                wire = context.wrap_socket(wire, server_side=True) if context else wire
                for byte in chain(b"HTTP/1.1 200 OK\r\nX: ", repeat(97, 1000)):
                    wire.sendall(bytes([byte]))
                    time.sleep(0.1)
            wire.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        scheme = "https" if context else "http"
        yield f"{scheme}://{NAME}:{listening.getsockname()[1]}/"
        thread.join(5)
        assert not thread.is_alive(), "the line was not cut"


@pytest.mark.parametrize("tls", [False, True])
def test_who_answers_byte_by_byte_is_cut_off(tmp_path: Path, *, tls: bool) -> None:
    """Each byte comes within the read timeout; the whole would take minutes."""
    certificate = tmp_path / "server.pem"
    self_signed(certificate, NAME)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with dripping(context if tls else None) as url:
        begun = time.monotonic()
        assert why(a_line(authorities=certificate), url) == "1 秒内没有回答完"
        assert 0.9 < time.monotonic() - begun < 2


def test_who_says_nothing_at_all(receiver: ReceiverSimulator) -> None:
    receiver.plan(Fault.HANG)
    assert why(a_line(), by_name(receiver.address)) == "对方连上后没有回音"
