"""The site as citizens reach it, over publisher.conf, and whether that fits the rest of us."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from config.settings import Settings
from tests.factories import ROOT
from tests.rules.test_house import SECRETS
from tests.site.small_site import HERE, make_small_site
from tests.support import nginx as support
from tests.support.nginx import NAME, Nginx, answer_of, serving

GIVEN = (ROOT / "deploy" / "nginx" / "publisher.conf").read_text("utf-8")
HOSTS = [support.HERE, *([support.HERE_6] if support.has_ipv6() else [])]


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with serving(make_small_site(tmp_path_factory.mktemp("site"))) as running:
        yield running


@pytest.mark.parametrize("host", HOSTS)
def test_over_tls_there_is_the_same_site_and_browsers_are_told_to_stay(
    nginx: Nginx, host: str
) -> None:
    answer = nginx.ask_safely(quote(f"{HERE}/附件.pdf"), host)
    assert (answer.status, answer["Content-Type"]) == (200, "application/pdf")
    for path in (f"{HERE}.html", "/2026/00001.html", "/nothing", "/list"):
        safe, plain = nginx.ask_safely(path, host), nginx.ask(path)
        assert safe["Strict-Transport-Security"] == "max-age=31536000"
        assert (safe.status, safe.body) == (plain.status, plain.body)


@pytest.mark.parametrize("host", HOSTS)
def test_who_comes_without_tls_is_sent_on_to_our_name(nginx: Nginx, host: str) -> None:
    path = quote("/list/field/安全生产/") + "?a=%26"
    with closing(HTTPConnection(host, nginx.http, 10)) as connection:
        answer = answer_of(connection, path, sent={"Host": "evil.example"})
    assert (answer.status, answer["Location"]) == (301, f"https://{NAME}{path}")
    assert answer["Strict-Transport-Security"] is None
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("newest", "ends"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]
)
def test_browsers_get_http_2_over_tls_of_today(
    nginx: Nginx, newest: ssl.TLSVersion, ends: str
) -> None:
    context = ssl.create_default_context(cafile=str(nginx.certificate))
    context.maximum_version = newest
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection((support.HERE, nginx.https), 10) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as safe,
    ):
        assert (safe.version(), safe.selected_alpn_protocol()) == (ends, "h2")


def test_what_is_to_be_changed_is_marked_and_fits_the_example_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    text = (ROOT / "config" / "publisher.example.toml").read_text("utf-8")
    copy = tmp_path / "publisher.toml"
    copy.write_text(text.replace('"../var', '"/var/lib/publisher'), "utf-8")  # as operations.md
    settings = Settings.load(copy)
    marked = dict(re.findall(r"^ *(\w+) +([^; ]+)[^;\n]*; +# CHANGE", GIVEN, re.MULTILINE))
    assert marked == {
        "server": "127.0.0.1:8080",
        "server_name": settings.site.base_url.removeprefix("https://"),
        "root": f"{settings.storage.output}/site",
        "ssl_certificate": "/etc/ssl/publisher/fullchain.pem",
        "ssl_certificate_key": "/etc/ssl/publisher/private.key",
    }
