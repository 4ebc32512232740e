"""Addresses: what a person typed, read strictly. What two programs could read differently, or what
hides where it leads, is refused.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

from publisher.postman import UnsafeAddress

_LONGEST = 2000
_LOWEST_PORT = 1024
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "/:@!$&'()*+,;=~%-._"


@dataclass(frozen=True, slots=True)
class Address:
    """`host` in ASCII, as it stands in a certificate; `url` is all of it, written one way only."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def read_address(url: str) -> Address:
    """Raises UnsafeAddress with one sentence."""
    if len(url) > _LONGEST:
        raise UnsafeAddress(f"网址太长，最多 {_LONGEST} 个字符")
    if any(not char.isprintable() or char.isspace() or char == "\\" for char in url):
        raise UnsafeAddress("网址里不能有空格、换行、反斜杠等字符，请核对")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress("这不是网址，或端口不对，请核对") from None
    scheme = parts.scheme
    if scheme not in _PORTS:
        raise UnsafeAddress("网址应以 https:// 或 http:// 开头")
    if "@" in parts.netloc:
        raise UnsafeAddress("网址里不能带用户名和密码，请去掉 @ 和它前面的部分")
    if parts.fragment or url.endswith("#"):
        raise UnsafeAddress("网址里不能有 #，请去掉它和后面的部分")
    port = _PORTS[scheme] if port is None else port
    if port not in _PORTS.values() and port < _LOWEST_PORT:
        raise UnsafeAddress(f"不能用端口 {port}：只能用 80、443 或 {_LOWEST_PORT} 以上的端口")
    path = quote(parts.path or "/", _KEPT)
    query = f"?{quote(parts.query, _KEPT + '?')}" if parts.query else ""
    return Address(scheme, _host(parts.hostname or "", parts.netloc), port, path + query)


def _host(given: str, netloc: str) -> str:
    """The host in its one spelling: a name, four decimal numbers, or an IPv6 address."""
    if netloc.startswith("[") and "%" not in netloc:
        try:
            return str(IPv6Address(given))
        except AddressValueError:
            raise UnsafeAddress("网址方括号里的不是 IPv6 地址，请核对") from None
    name = _ascii(given).removesuffix(".")
    if not _NAME.fullmatch(name):
        raise UnsafeAddress("网址里的主机名不对，请核对")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # a name never ends in a number
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            raise UnsafeAddress("网址里的 IP 地址写法不对，应为四段十进制数") from None
    return name


def _ascii(name: str) -> str:
    """A Chinese domain name as it stands in the DNS; full-width letters as plain ones."""
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise UnsafeAddress("网址里的主机名不对，请核对") from None
