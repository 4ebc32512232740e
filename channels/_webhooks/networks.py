"""Networks: whether a machine may be called. What is not surely the public internet may not be.

The lists are those of IANA's registries of special-purpose addresses; Python's own differ from
version to version.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_INNER_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT; clouds put services there
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OUTER_6 = IPv6Network("2000::/3")
_INNER_6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NEVER = frozenset(
    ip_address(one)
    for one in (
        "169.254.169.254",  # metadata of most clouds: keys of the machine itself
        "169.254.170.2",
        "169.254.0.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
"""Not even where a network that may be called holds them."""
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


def may_be_called(text: str, networks: Collection[Network]) -> bool:
    """Whether an address, as the resolver gives it, may be called; `networks` are the inner ones
    that may.
    """
    address = ip_address(text)
    meant = _inside(address)
    if address in _NEVER or meant in _NEVER:
        return False
    if any(meant in one for one in networks):
        return True
    if isinstance(meant, IPv4Address):
        return not any(meant in one for one in _INNER_4)
    return meant in _OUTER_6 and not any(meant in one for one in _INNER_6)


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to; any other as it is."""
    if isinstance(address, IPv4Address):
        return address
    number = int(address)
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(number & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    return address
