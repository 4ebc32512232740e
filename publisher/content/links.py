"""Which addresses a body may point to: whole ones that every citizen can open."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import urlsplit

from publisher.content.errors import ContentError

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_INSIDE = (".localhost", ".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_ODD = re.compile(r"[\s\\%]")
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OUTER = IPv6Network("2000::/3")
"""The public internet of IPv6; addresses outside it lead to others, of IPv4 too."""


def checked(href: str) -> str:
    """`href` trimmed, "" where it only jumps in the page; ContentError if citizens cannot go."""
    href = href.strip()
    if not href or href.startswith("#"):
        return ""
    scheme = href.partition(":")[0].lower()
    if scheme not in SCHEMES:
        raise ContentError(
            f"正文里的链接“{_shown(href)}”不是完整网址。请改为 http:// 或 https:// 开头的公开网址；"
            "如果指向附件，请把文件放进 attachments 并去掉这个链接。"
        )
    if scheme in {"http", "https"}:
        _check_host(href)
    return href


def _check_host(href: str) -> None:
    host = _host(href)
    if _is_inside(host):
        raise ContentError(
            f"正文里的链接“{_shown(href)}”指向本机或内网，群众打不开。请改为公开网址或去掉这个链接。"
        )
    if _address(host) is None and not _is_name(host):
        raise _miswritten(href)


def _host(href: str) -> str:
    """The host as a browser understands it; ContentError where the two might not agree.

    Browsers end the host at a backslash and decode what is behind a %: whoever reads these as
    parts of a name judges another machine than the one that the citizen's browser opens.
    """
    authority = _AUTHORITY.match(href)
    try:
        parts = urlsplit(href)
        host = _spelled(parts.hostname or "")
        port_is_right = parts.port != 0
    except ValueError:
        raise _miswritten(href) from None
    if parts.username or parts.password:
        raise ContentError(
            f"正文里指向 {host} 的链接带有用户名或密码。请去掉网址中“@”及其前面的部分。"
        )
    if not (host and port_is_right and authority) or _ODD.search(authority.group(1)):
        raise _miswritten(href)
    return host


def _spelled(host: str) -> str:
    """The plain spelling that browsers give a host of full-width letters, digits and dots."""
    return normalize("NFKC", host).replace("。", ".").lower().rstrip(".")


def _is_inside(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return not _is_public(address)
    return "." not in host or host.endswith(_INSIDE)


def _is_name(host: str) -> bool:
    """Whether it is a name of letters; what ends in a number is an address, or nothing at all."""
    return bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host.rpartition(".")[2])


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address) or not address.is_global:
        return address.is_global
    return address in _OUTER and (address.sixtofour is None or address.sixtofour.is_global)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a browser would read, also in the forms 127.1 and 0x7f000001."""
    for read in (ip_address, _old_form):
        try:
            return read(host)
        except (OSError, ValueError):
            continue
    return None


def _old_form(host: str) -> IPv4Address:
    return IPv4Address(socket.inet_aton(host))


def _miswritten(href: str) -> ContentError:
    return ContentError(
        f"正文里的链接“{_shown(href)}”写错了，看不出是哪个网站。"
        "网站名里不能有空格、反斜杠和百分号；请改正或去掉这个链接。"
    )


def _shown(href: str) -> str:
    return href if len(href) <= 80 else href[:80] + "…"
