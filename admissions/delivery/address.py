"""Which webhook addresses may be called: public ones over https, checked again for every connection.

A webhook address is an operator's setting, but a wrong or planted one must not turn the worker into a way into the
network it stands in (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import socket

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from admissions.errors import DeliveryRefused

#: Refused beyond what `ipaddress` itself calls not global: prefixes that carry an IPv4 address inside and so could
#: reach a private one through a gateway, what Python releases disagree about, and a cloud's service on a public one.
REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",  # local-use NAT64, RFC 8215
        "2002::/16",  # 6to4, RFC 3056
        "2001::/32",  # Teredo, RFC 4380
        "::/96",  # IPv4-compatible, RFC 4291
        "fec0::/10",  # site-local, RFC 3879
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598; one cloud keeps its metadata here
        "192.0.0.0/24",  # protocol assignments, RFC 6890; one cloud keeps its metadata here
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "240.0.0.0/4",  # reserved, RFC 1112
        "168.63.129.16/32",  # Azure's wire server
    )
)


def is_public(address: str) -> bool:
    """Say whether an IP address, in its usual spelling, belongs to the public internet and to one machine."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])  # a zone such as %eth0 does not change what it is
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in REFUSED_NETWORKS)


def check_url(address: str, *, allow_private: bool) -> URL:
    """Return the parsed address when its form may be called; names are looked up later, by `GuardedResolver`.

    Raises:
        DeliveryRefused: not https, a name and password inside, no host, or an IP address that is not public. The
            address itself is not repeated: for some receivers it is the secret.
    """
    try:
        url = URL(address)
        host, _port = url.host, url.port
    except ValueError:
        raise DeliveryRefused("the webhook address is not a URL") from None
    if url.scheme not in ("https", "http") or not host:
        raise DeliveryRefused("the webhook address must be a full https:// address")
    if url.user is not None or url.password is not None:
        raise DeliveryRefused("the webhook address must not hold a user name or password")
    if allow_private:
        return url
    if url.scheme != "https":
        raise DeliveryRefused("the webhook address must start with https://")
    if _is_numeric(host) and not is_public(host):
        raise DeliveryRefused("the webhook address is not on the public internet")
    return url


async def check_reachable(address: str, *, allow_private: bool) -> None:
    """Check the form, look the name up and check what it stands for; for `admissions doctor`.

    Raises:
        DeliveryRefused: as `check_url`, or a name that does not resolve or resolves to an address that is not public.
    """
    url = check_url(address, allow_private=allow_private)
    host = url.host or ""
    if _is_numeric(host):
        return
    resolver = GuardedResolver(allow_private=allow_private)
    try:
        await resolver.resolve(host, url.port or 443, socket.AF_UNSPEC)
    except OSError:
        raise DeliveryRefused("the webhook's host name cannot be looked up") from None
    finally:
        await resolver.close()


class GuardedResolver(AbstractResolver):
    """Looks names up and refuses those with any address that is not public.

    The connection is made to exactly the addresses checked here, so a name that changes between a check and the
    connection (DNS rebinding) gains nothing. IP addresses in a URL never come here; `check_url` and `guarded_socket`
    see them.
    """

    def __init__(self, *, allow_private: bool, resolver: AbstractResolver | None = None) -> None:
        self._allow_private = allow_private
        self._resolver = resolver or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the host's addresses. Raises DeliveryRefused, or OSError when the lookup fails."""
        found = await self._resolver.resolve(host, port, family)
        if not self._allow_private and not all(is_public(result["host"]) for result in found):
            raise DeliveryRefused("the webhook's host name leads to an address that is not on the public internet")
        return found

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._resolver.close()


def guarded_socket(address_info: AddrInfoType, *, allow_private: bool) -> socket.socket:
    """Make the socket of one connection, the last gate: every address passes here, looked up or written out.

    Raises:
        DeliveryRefused: the address is not public and `allow_private` is False.
    """
    family, kind, protocol, _name, socket_address = address_info
    if not allow_private and not is_public(str(socket_address[0])):
        raise DeliveryRefused("the webhook leads to an address that is not on the public internet")
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setblocking(False)
    return made


def _is_numeric(host: str) -> bool:
    """Say whether a system might read a host as an IP address: 127.1, 0x7f000001 and "127.0.0.1." too."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    return ":" in host or last.isdigit() or last.startswith("0x")
