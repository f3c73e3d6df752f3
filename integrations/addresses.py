"""Where we may send: public addresses by TLS, and what an administrator of the machine has named. Pure.

`ipaddress` alone does not do: it calls NAT64 and 6to4 addresses of private hosts global, and multicast too
(GHSA-mvm9-4fhw-xqf3).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from .errors import AddressRefusedError

HTTPS_PORT = 443
PORTS = {"https": HTTPS_PORT, "http": 80}
LONGEST_ADDRESS = 1000
NOT_PUBLIC = (
    "The address leads into a private network. Use one that is reachable from the internet."
)
CLOSED = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:db8::/32",
        "5f00::/16",
        "fec0::/10",
    )
]
NAT64 = IPv6Network("64:ff9b::/96")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True)
class Target:
    """Where a request goes. ``is_named``: the machine's administrator vouches for it, wherever it leads."""

    scheme: str
    host: str
    port: int
    path: str  # with its query
    is_named: bool


def target_of(url: str, named: Collection[str]) -> Target:
    """Read an address once; ``named`` holds "host" or "host:port". Raises AddressRefusedError, in words."""
    if len(url) > LONGEST_ADDRESS or _UNFIT.search(url):
        raise AddressRefusedError("This is not an address. Copy it whole, without spaces.")
    parts, port = _split(url)
    host = (parts.hostname or "").rstrip(".")
    is_named = bool({host, f"{host}:{port}"} & set(named))
    if not host or parts.scheme not in PORTS:
        raise AddressRefusedError("An address begins with https:// and a host.")
    if parts.username is not None or parts.fragment:
        raise AddressRefusedError("An address has no user name and no # in it.")
    if not is_named and (parts.scheme, port) != ("https", HTTPS_PORT):
        raise AddressRefusedError("We send to https addresses on port 443 only.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, is_named)


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        parts.path.encode("ascii"), parts.query.encode("ascii")
        return parts, parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefusedError("This is not an address. Copy it whole.") from error


def is_public(address: str) -> bool:
    """Whether anybody on the internet would reach the same host under this address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id or found.is_site_local:
            return False
        if (inner := _inside(found)) is not None:
            return is_public(str(inner))
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found.version == network.version and found in network for network in CLOSED)
    )


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one stands for: mapped, 6to4 or NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
