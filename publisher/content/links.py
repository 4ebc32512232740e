"""Which addresses a body may point to: whole ones that every citizen can open."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from unicodedata import normalize
from urllib.parse import urlsplit

from publisher.content.errors import ContentError

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_INSIDE = (".localhost", ".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")


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
    try:
        parts = urlsplit(href)
        host = normalize("NFKC", parts.hostname or "").rstrip(".")
    except ValueError:
        host = ""
    if not host:
        raise ContentError(
            f"正文里的链接“{_shown(href)}”写错了，没有网站名。请改正或去掉这个链接。"
        )
    if parts.username or parts.password:
        raise ContentError(
            f"正文里指向 {host} 的链接带有用户名或密码。请去掉网址中“@”及其前面的部分。"
        )
    if _is_inside(host):
        raise ContentError(
            f"正文里的链接“{_shown(href)}”指向本机或内网，群众打不开。请改为公开网址或去掉这个链接。"
        )


def _is_inside(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return not address.is_global
    return "." not in host or host.endswith(_INSIDE)


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


def _shown(href: str) -> str:
    return href if len(href) <= 80 else href[:80] + "…"
