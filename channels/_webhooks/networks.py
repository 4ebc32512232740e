"""Networks: what stands at an address, and whether it may be called. What is not surely the public
internet may be called only where the settings name its network, and some of it never.

The lists are those of IANA's registries of special-purpose addresses; Python's own differ from
version to version.
"""

from collections.abc import Collection
from enum import Enum, auto
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Kind(Enum):
    """What stands at an address."""

    PUBLIC = auto()
    PRIVATE = auto()
    """A machine of an inner network."""
    LOOPBACK = auto()
    """This machine."""
    KEYS = auto()
    """Where a cloud gives out the keys of the machine itself."""
    RESERVED = auto()
    """Nothing that anybody could want to call."""


_PRIVATE: tuple[Network, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),  # carriers' NAT; clouds put services there
    IPv6Network("fc00::/7"),
)
_LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
NAMEABLE = (*_PRIVATE, *_LOOPBACK)
"""What the settings may open, in parts or whole."""
_RESERVED_4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OUTER_6 = IPv6Network("2000::/3")
_RESERVED_6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_KEYS = frozenset(
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
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


def may_be_called(text: str, networks: Collection[Network]) -> bool:
    """Whether an address, as the resolver gives it, may be called; `networks` are the inner ones
    that may: they open nothing that is reserved, and no keys, even where they hold them.
    """
    match kind_of(text):
        case Kind.PUBLIC:
            return True
        case Kind.PRIVATE | Kind.LOOPBACK:
            meant = _inside(ip_address(text))
            return any(meant in one for one in networks)
        case _:
            return False


def kind_of(text: str) -> Kind:
    """What stands at an address, as the resolver gives it."""
    address = ip_address(text)
    meant = _inside(address)
    if address in _KEYS or meant in _KEYS:
        return Kind.KEYS
    for kind, some in ((Kind.PRIVATE, _PRIVATE), (Kind.LOOPBACK, _LOOPBACK)):
        if any(meant in one for one in some):
            return kind
    if isinstance(meant, IPv4Address):
        is_public = not any(meant in one for one in _RESERVED_4)
    else:
        is_public = meant in _OUTER_6 and not any(meant in one for one in _RESERVED_6)
    return Kind.PUBLIC if is_public else Kind.RESERVED


def may_be_named(network: Network) -> bool:
    """Whether the settings may open this network: all of it is inner."""
    return any(
        network.version == one.version and network.subnet_of(one)  # type: ignore[arg-type]
        for one in NAMEABLE
    )


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
