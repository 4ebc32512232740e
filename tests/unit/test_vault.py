"""Phones at rest: what is sealed opens only with its key, in its row, unaltered."""

import base64
import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from publisher.vault import Vault, VaultError, mask, new_key, normal_phone

PHONE = "13900000001"
ENCRYPTION, INDEX = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def vault() -> Vault:
    return Vault(ENCRYPTION, INDEX)


def test_what_is_sealed_opens_again_and_never_looks_the_same(vault: Vault) -> None:
    first, second = vault.seal(PHONE, "17"), vault.seal(PHONE, "17")
    assert first != second
    assert len(first) == 1 + 12 + 11 + 16
    assert PHONE.encode() not in first
    assert vault.open(first, "17") == vault.open(second, "17") == PHONE


def test_the_format_is_what_it_says(vault: Vault) -> None:
    """Written out with the library alone, so that a number can be rescued without our code."""
    sealed = vault.seal(PHONE, "17")
    assert sealed[0] == 1
    assert AESGCM(ENCRYPTION).decrypt(sealed[1:13], sealed[13:], b"sms.phone|17") == PHONE.encode()
    assert vault.index(PHONE) == hmac.new(INDEX, PHONE.encode(), hashlib.sha256).digest()[:16]


def test_another_row_does_not_open_it(vault: Vault) -> None:
    with pytest.raises(VaultError):
        vault.open(vault.seal(PHONE, "17"), "18")


def test_another_key_does_not_open_it(vault: Vault) -> None:
    with pytest.raises(VaultError, match="解不开"):
        Vault(bytes(32), INDEX).open(vault.seal(PHONE, "17"), "17")


@given(st.integers(0, 39), st.integers(1, 255))
def test_one_altered_byte_does_not_open(place: int, change: int) -> None:
    vault = Vault(ENCRYPTION, INDEX)
    sealed = bytearray(vault.seal(PHONE, "17"))
    sealed[place] ^= change
    with pytest.raises(VaultError) as caught:
        vault.open(bytes(sealed), "17")
    assert PHONE not in str(caught.value)


@given(st.binary(max_size=60))
def test_garbage_does_not_open(sealed: bytes) -> None:
    with pytest.raises(VaultError):
        Vault(ENCRYPTION, INDEX).open(sealed, "17")
    with pytest.raises(VaultError):
        Vault(ENCRYPTION, INDEX).open(b"\x01" + sealed, "17")


def test_only_a_normal_number_is_sealed(vault: Vault) -> None:
    with pytest.raises(VaultError) as caught:
        vault.seal("+86 139-0000-0001", "17")
    assert "0001" not in str(caught.value)


def test_the_index_is_steady_and_keyed(vault: Vault) -> None:
    assert vault.index(PHONE) == vault.index(PHONE)
    assert vault.index(PHONE) != vault.index("13900000002")
    assert vault.index(PHONE) != Vault(ENCRYPTION, bytes(32)).index(PHONE)


def test_nothing_shows(vault: Vault) -> None:
    assert repr(vault) == str(vault) == "Vault()"
    assert not hasattr(vault, "__dict__")


def test_keys_come_from_the_settings_as_base64() -> None:
    encryption, index = new_key(), new_key()
    assert len(base64.b64decode(encryption)) == 32
    assert encryption != index
    vault = Vault.from_text(f" {encryption}\n", index)
    assert vault.open(vault.seal(PHONE, "17"), "17") == PHONE


@pytest.mark.parametrize(
    "key", ["", "secret", "钥匙", base64.b64encode(bytes(16)).decode(), "A" * 44, "*" * 44]
)
def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(VaultError, match="手机号索引密钥的写法不对") as caught:
        Vault.from_text(new_key(), key)
    assert not key or key not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_two_keys_differ_and_are_long_enough() -> None:
    with pytest.raises(VaultError, match="不能相同"):
        Vault(ENCRYPTION, ENCRYPTION)
    with pytest.raises(VaultError, match="加密密钥应为 32 字节"):
        Vault(b"short", INDEX)


@pytest.mark.parametrize(
    "text",
    [
        "13900000001",
        " 139 0000 0001 ",
        "139-0000-0001",
        "139—0000—0001",
        "+8613900000001",
        "+86 139-0000-0001",
        "0086 13900000001",
        "8613900000001",
        "１３９０００００００１",
        "\u202d13900000001\u202c",
        "139\u00a00000\u30000001",
    ],
)
def test_however_it_was_typed(text: str) -> None:
    assert normal_phone(text) == PHONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12900000001",
        "1390000000",
        "139000000011",
        "0311-83220000",
        "139000O0001",
        "+1 13900000001",
        "13900000001,13900000002",
        "١٣٩٠٠٠٠٠٠٠١",
    ],
)
def test_what_is_no_mobile_number(text: str) -> None:
    assert normal_phone(text) is None


@given(st.text())
def test_a_normal_number_is_eleven_digits_or_none(text: str) -> None:
    phone = normal_phone(text)
    assert phone is None or (len(phone) == 11 and phone.isascii() and phone.isdigit())


def test_mask() -> None:
    assert mask(PHONE) == "139****0001"
    assert mask("1390000") == "****"
