"""One attempt against a real server on this machine that misbehaves on order."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import closing
from email.utils import format_datetime

import pytest
from aiohttp.abc import ResolveResult
from yarl import URL

from admissions.core import signing
from admissions.core.delivery import Attempt, Outcome
from admissions.delivery import address, sender
from admissions.delivery.sender import ANSWER_MAX_BYTES, Sender
from admissions.errors import DeliveryRefused, SettingsError
from admissions.settings import Secret
from tests.fakes import NOW, FakeReceiver, FixedClock, Scripted, make_item

OLD = "whsec_YW4gb2xkIHNlY3JldCBvZiAzMiBieXRlcywgdGVzdHM="
NEW = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="

#: A deadline that a test can wait for, and what it may take at most on a busy machine.
SHORT_S = 0.4
SLOW_MACHINE_S = 3.0


def make_sender(url: str, *secrets: str, deadline_s: float = 10.0, clock: FixedClock | None = None) -> Sender:
    return Sender(
        url,
        [Secret(secret) for secret in secrets or (NEW,)],
        clock or FixedClock(),
        allow_private=True,
        deadline_s=deadline_s,
    )


async def attempt_at(answer: Scripted, deadline_s: float = 10.0) -> tuple[Attempt, FakeReceiver]:
    """Send one handoff to a receiver that gives this answer."""
    async with FakeReceiver(answer) as receiver:
        return await make_sender(receiver.url, deadline_s=deadline_s).send(make_item()), receiver


async def test_the_body_arrives_unchanged_and_signed_with_every_active_secret() -> None:
    item = make_item(body='{"name":"Zoë"}'.encode())
    async with FakeReceiver() as receiver:
        attempt = await make_sender(receiver.url, OLD, NEW).send(item)

    (request,) = receiver.received
    assert attempt.outcome is Outcome.DELIVERED
    assert (request.method, request.path, request.body) == ("POST", "/webhook", item.body)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"].startswith("admissions-assistant/")
    assert request.headers["webhook-id"] == "hnd_0001"
    for secret in (OLD, NEW):
        assert signing.verify(request.headers, request.body, [secret], NOW)


async def test_a_later_attempt_has_the_same_id_and_a_new_timestamp() -> None:
    clock = FixedClock()
    async with FakeReceiver(Scripted(500)) as receiver:
        subject = make_sender(receiver.url, clock=clock)
        await subject.send(make_item())
        clock.advance(60)
        await subject.send(make_item())

    first, second = (request.headers for request in receiver.received)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (202, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (304, Outcome.RETRY),
        (400, Outcome.RETRY),
        (401, Outcome.RETRY),  # the operator may mend the secret
        (404, Outcome.RETRY),
        (410, Outcome.GONE),
        (429, Outcome.RETRY),
        (500, Outcome.RETRY),
        (503, Outcome.RETRY),
    ],
)
async def test_the_status_decides_the_outcome(status: int, outcome: Outcome) -> None:
    attempt, _ = await attempt_at(Scripted(status))

    assert (attempt.status, attempt.outcome, attempt.at) == (status, outcome, NOW)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async with FakeReceiver() as target:
        attempt, _ = await attempt_at(Scripted(status, b"", {"Location": target.url}))

    assert (attempt.outcome, attempt.status) == (Outcome.RETRY, status)
    assert "redirects are not followed" in attempt.detail
    assert target.received == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (format_datetime(NOW.replace(minute=NOW.minute + 1), usegmt=True), 60.0),
        (format_datetime(NOW.replace(minute=NOW.minute - 1), usegmt=True), None),  # in the past
        ("soon", None),
        ("-5", None),
        ("9" * 100, 999999999999.0),  # the schedule bounds it
    ],
)
async def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    attempt, _ = await attempt_at(Scripted(429, b"", {"Retry-After": value}))

    assert attempt.retry_after_s == seconds


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(200, b"x" * 1000, trickle_s=0.05),  # each byte comes well within any timeout for one read
        Scripted(200, silent_s=30),
    ],
)
async def test_one_deadline_ends_the_whole_exchange(answer: Scripted) -> None:
    started = time.monotonic()

    attempt, _ = await attempt_at(answer, deadline_s=SHORT_S)

    assert time.monotonic() - started < SLOW_MACHINE_S
    assert attempt.outcome is Outcome.RETRY
    assert attempt.detail == "no complete answer within 0.4 s"
    assert attempt.latency_ms >= SHORT_S * 900


async def test_the_deadline_covers_a_header_that_trickles() -> None:
    async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass

    attempt = await attempt_at_raw(trickle, deadline_s=SHORT_S)

    assert attempt.detail == "no complete answer within 0.4 s"


async def test_the_deadline_covers_looking_the_name_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def for_ever(*_arguments: object, **_options: object) -> list[ResolveResult]:
        await asyncio.sleep(30)
        return []

    monkeypatch.setattr(address.DefaultResolver, "resolve", for_ever)

    attempt = await make_sender("http://slow.example.org/", deadline_s=SHORT_S).send(make_item())

    assert attempt.detail == "no complete answer within 0.4 s"


async def test_no_more_of_an_answer_is_read_than_needed() -> None:
    sent = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while sent < 100 * 2**20:
                writer.write(b"x" * 2**16)
                await writer.drain()
                sent += 2**16
        except ConnectionError:
            pass

    attempt = await attempt_at_raw(pour)

    assert attempt.outcome is Outcome.DELIVERED
    assert len(attempt.detail) == 200
    assert sent < 200 * ANSWER_MAX_BYTES  # what sockets buffer, not what was offered


async def test_an_answer_cut_off_is_tried_again_rather_than_believed() -> None:
    async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    attempt = await attempt_at_raw(cut_off)

    assert attempt.outcome is Outcome.RETRY
    assert attempt.detail == "the receiver closed the connection before its answer was complete"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000])
async def test_what_is_not_http_is_tried_again(answer: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    attempt = await attempt_at_raw(speak)

    assert (attempt.outcome, attempt.status) == (Outcome.RETRY, None)


async def test_a_packed_answer_is_not_unpacked() -> None:
    attempt, _ = await attempt_at(Scripted(200, b"not really gzip", {"Content-Encoding": "gzip"}))

    assert (attempt.outcome, attempt.detail) == (Outcome.DELIVERED, "not really gzip")


async def test_the_detail_is_one_short_printable_line() -> None:
    attempt, _ = await attempt_at(Scripted(500, "bad\x1b[2J\r\n\x00\u202e gateway ä ".encode() + b"\xff" + b"x" * 500))

    assert attempt.detail.startswith("bad [2J gateway ä ")
    assert attempt.detail.isprintable()
    assert len(attempt.detail) == 200


async def test_a_refusal_by_a_receiver_with_another_time_says_so() -> None:
    date = format_datetime(NOW.replace(hour=NOW.hour + 1), usegmt=True)

    attempt, _ = await attempt_at(Scripted(401, b"no", {"Date": date}))

    assert attempt.detail == "the receiver's clock differs by 3600 s; no"


async def test_nobody_listening_is_tried_again() -> None:
    attempt = await make_sender(f"http://127.0.0.1:{free_port()}/").send(make_item())

    assert (attempt.outcome, attempt.status) == (Outcome.RETRY, None)
    assert attempt.detail.startswith("no connection: ")


async def test_a_name_that_does_not_exist_is_tried_again() -> None:
    attempt = await make_sender("http://no-such-host.invalid/").send(make_item())

    assert (attempt.outcome, attempt.detail) == (Outcome.RETRY, "the host name cannot be looked up")


async def test_a_name_that_leads_into_the_own_network_is_refused_without_a_connection() -> None:
    async with FakeReceiver() as receiver:
        subject = Sender(f"https://localhost:{URL(receiver.url).port}/", [Secret(NEW)], FixedClock())

        attempt = await subject.send(make_item())

    assert attempt.outcome is Outcome.RETRY
    assert "not on the public internet" in attempt.detail
    assert receiver.received == []


async def test_an_address_past_the_resolver_is_refused_at_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeReceiver() as receiver:
        # As if the check of the URL had missed a spelling: the library does not look addresses up.
        monkeypatch.setattr(sender, "check_url", lambda url, allow_private: URL(url))
        subject = Sender(receiver.url, [Secret(NEW)], FixedClock())

        attempt = await subject.send(make_item())

    assert "not on the public internet" in attempt.detail
    assert receiver.received == []


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeReceiver() as proxy, FakeReceiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        await make_sender(receiver.url).send(make_item())

    assert len(receiver.received) == 1
    assert proxy.received == []


async def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    # A plain server answers the TLS greeting with words: the handshake fails as with any wrong certificate chain.
    async with FakeReceiver() as receiver:
        attempt = await make_sender(receiver.url.replace("http:", "https:")).send(make_item())

    assert (attempt.outcome, attempt.status) == (Outcome.RETRY, None)
    assert receiver.received == []


async def test_the_address_is_never_in_the_detail() -> None:
    url = f"http://127.0.0.1:{free_port()}/services/the-address-is-the-secret"

    attempt = await make_sender(url).send(make_item())

    assert "secret" not in attempt.detail


@pytest.mark.parametrize("secrets", [[], ["whsec_short"]])
def test_secrets_that_cannot_sign_stop_the_start(secrets: list[str]) -> None:
    with pytest.raises(SettingsError, match="ADMISSIONS_WEBHOOK_SECRETS"):
        Sender("https://example.org/", [Secret(secret) for secret in secrets], FixedClock())


def test_an_address_that_may_not_be_called_stops_the_start() -> None:
    with pytest.raises(DeliveryRefused):
        Sender("https://127.0.0.1/", [Secret(NEW)], FixedClock())


async def attempt_at_raw(speak: object, deadline_s: float = 10.0) -> Attempt:
    """Send one handoff to a server that speaks bytes of its own."""
    server = await asyncio.start_server(speak, "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        port = server.sockets[0].getsockname()[1]
        return await make_sender(f"http://127.0.0.1:{port}/", deadline_s=deadline_s).send(make_item())
    finally:
        server.close()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
