"""The pinned certificate: the right one is trusted whoever signed it, any other is not."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from publisher.channel import PermanentError, TemporaryError
from publisher.model import ReasonClass, Status
from tests.channels.canned import canned, http
from tests.channels.sms_sending import OK, channel_for, refused, sending
from tests.simulators.yunmas import YunMasSimulator

ACCEPTED = http("200 OK", json.dumps(OK).encode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """A server certificate that nobody vouches for, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody else")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.9"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, signed.fingerprint(hashes.SHA256()).hex(":").upper()


@pytest.fixture
def account() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


def test_the_pinned_certificate_is_trusted(
    certificate: tuple[ssl.SSLContext, str], account: YunMasSimulator, tmp_path: Path
) -> None:
    context, fingerprint = certificate
    with canned(ACCEPTED, context) as (url, bodies):
        channel = channel_for(account, tmp_path, base_url=url, fingerprint=fingerprint)
        assert sending(channel).status is Status.ACCEPTED
        assert len(bodies) == 1


@pytest.mark.parametrize("pin", ["ab" * 32, ""])
def test_any_other_certificate_gets_not_a_byte(
    certificate: tuple[ssl.SSLContext, str], account: YunMasSimulator, tmp_path: Path, pin: str
) -> None:
    context, _ = certificate
    with canned(ACCEPTED, context) as (url, bodies):
        error = refused(channel_for(account, tmp_path, base_url=url, fingerprint=pin))
    assert (type(error), error.kind) == (PermanentError, ReasonClass.PERMISSION)
    assert "fingerprint" in error.reason
    assert bodies == []


def test_a_server_that_speaks_no_tls_got_nothing(account: YunMasSimulator, tmp_path: Path) -> None:
    with canned(ACCEPTED) as (url, bodies):
        secure = url.replace("http:", "https:")
        error = refused(channel_for(account, tmp_path, base_url=secure, connect_timeout=0.3))
    assert type(error) is TemporaryError
    assert bodies == []
