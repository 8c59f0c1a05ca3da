"""Which webhook addresses are refused: in the URL, after looking the name up, and at the connection."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from admissions.delivery.address import GuardedResolver, check_reachable, check_url, guarded_socket, is_public
from admissions.errors import DeliveryRefused

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]

NOT_PUBLIC = [
    "0.0.0.0",  # this machine
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.0.1",  # link-local
    "169.254.169.254",  # metadata of most clouds
    "100.64.0.1",  # carrier-grade NAT
    "100.100.100.200",  # metadata of one cloud
    "192.0.0.192",  # metadata of another
    "168.63.129.16",  # Azure's wire server
    "192.0.2.1",  # documentation
    "198.18.0.1",  # benchmarks
    "224.0.0.1",  # multicast
    "233.252.0.1",
    "240.0.0.1",  # reserved
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::ffff:127.0.0.1",  # IPv4-mapped
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b:1::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:53aa:64c::1",  # Teredo
    "2001:db8::1",  # documentation
    "fc00::1",  # unique local
    "fd00:ec2::254",  # metadata over IPv6
    "fe80::1",  # link-local
    "fe80::1%eth0",
    "fec0::1",  # site-local
    "ff02::1",  # multicast
    "127.1",  # no address in its usual spelling is no address
    "0177.0.0.1",
    "localhost",
    "",
]


class ScriptedResolver(AbstractResolver):
    """Gives its scripted answers in turn, then the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "https://example.org:8443/hook?key=value",
        "https://8.8.8.8/hook",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/hook",
        "HTTPS://EXAMPLE.ORG/hook",
        "https://0xide.example.org/hook",
        "https://3.example.org/hook",
    ],
)
def test_a_public_https_address_is_allowed(url: str) -> None:
    check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "//example.org/hook",
        "https:///hook",
        "http://example.org/hook",  # not encrypted
        "ftp://example.org/hook",
        "file:///etc/passwd",
        "gopher://example.org/",
        "unix:///run/docker.sock",
        "https://user:password@example.org/hook",
        "https://user@example.org/hook",
        "https://example.org:99999/hook",
        "https://[::1/hook",
        "https://127.0.0.1/hook",
        "https://127.0.0.1./hook",
        "https://127.1/hook",  # short, octal, hexadecimal and decimal spellings of 127.0.0.1
        "https://0177.0.0.1/hook",
        "https://0x7f.0.0.1/hook",
        "https://0x7f000001/hook",
        "https://2130706433/hook",
        "https://\uff11\uff12\uff17.0.0.1/hook",  # full-width digits
        "https://127。0。0。1/hook",  # ideographic full stops
        "https://0/hook",
        "https://10.0.0.1/hook",
        "https://192.168.0.1:8443/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[::ffff:7f00:1]/hook",
        "https://[fd00:ec2::254]/hook",
        "https://[fe80::1%25eth0]/hook",
        "https://[64:ff9b::7f00:1]/hook",
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(DeliveryRefused):
        check_url(url, allow_private=False)


@pytest.mark.parametrize("url", ["http://localhost:5056/webhook", "http://127.0.0.1:5056/webhook", "https://10.0.0.1/"])
def test_private_addresses_are_allowed_where_the_operator_says_so(url: str) -> None:
    check_url(url, allow_private=True)


@pytest.mark.parametrize("url", ["ftp://localhost/", "http://user@localhost/", "localhost:5056"])
def test_other_forms_are_refused_even_then(url: str) -> None:
    with pytest.raises(DeliveryRefused):
        check_url(url, allow_private=True)


def test_a_refusal_does_not_repeat_the_address() -> None:
    with pytest.raises(DeliveryRefused) as refused:
        check_url("http://hooks.example.org/services/the-address-is-the-secret", allow_private=False)

    assert "the-address-is-the-secret" not in str(refused.value)


async def test_a_name_that_leads_to_public_addresses_is_looked_up() -> None:
    resolver = GuardedResolver(allow_private=False, resolver=ScriptedResolver(PUBLIC[:2]))

    assert [found["host"] for found in await resolver.resolve("example.org", 443)] == PUBLIC[:2]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], ["::1", "8.8.8.8"]])
async def test_a_name_that_leads_to_any_other_address_is_refused(addresses: list[str]) -> None:
    resolver = GuardedResolver(allow_private=False, resolver=ScriptedResolver(addresses))

    with pytest.raises(DeliveryRefused):
        await resolver.resolve("example.org", 443)


async def test_a_name_that_changes_its_address_later_is_refused_then() -> None:
    resolver = GuardedResolver(allow_private=False, resolver=ScriptedResolver(["8.8.8.8"], ["127.0.0.1"]))
    await resolver.resolve("example.org", 443)

    with pytest.raises(DeliveryRefused):
        await resolver.resolve("example.org", 443)


async def test_a_private_name_is_looked_up_where_the_operator_says_so() -> None:
    resolver = GuardedResolver(allow_private=True, resolver=ScriptedResolver(["127.0.0.1"]))

    assert await resolver.resolve("localhost", 80)


async def test_localhost_is_refused_by_its_name() -> None:
    with pytest.raises(DeliveryRefused):
        await check_reachable("https://localhost/hook", allow_private=False)


async def test_a_name_that_does_not_exist_is_refused_before_the_first_handoff() -> None:
    with pytest.raises(DeliveryRefused, match="cannot be looked up"):
        await check_reachable("https://no-such-host.invalid/hook", allow_private=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
def test_the_last_gate_makes_no_socket_for_an_address_that_is_not_public(address: str) -> None:
    with pytest.raises(DeliveryRefused):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 443)), allow_private=False)


def test_the_last_gate_makes_a_socket_for_a_public_address() -> None:
    guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 443)), allow_private=False).close()
