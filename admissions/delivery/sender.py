"""One attempt to deliver: sign, post, and read as much of the answer as is needed."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import aiohttp

from admissions import __version__
from admissions.core import signing
from admissions.core.delivery import Attempt, OutboxItem, Outcome
from admissions.delivery.address import GuardedResolver, check_url, guarded_socket
from admissions.errors import DeliveryRefused, SettingsError
from admissions.ports import Clock
from admissions.settings import Secret

#: Seconds for the whole attempt: looking up, connecting, sending and reading. A timeout for each read would let a
#: receiver that trickles a byte a second hold a worker for ever.
DEADLINE_S = 10.0

#: No more of an answer is read: its status is what counts.
ANSWER_MAX_BYTES = 64 * 1024

#: This much of an answer's start is kept for the operator.
DETAIL_MAX_CHARACTERS = 200

#: Beyond this difference between the clocks a receiver refuses every signature (the format's own tolerance).
CLOCK_SKEW_S = 300

USER_AGENT = f"admissions-assistant/{__version__}"

#: What an attempt can end with short of a complete answer; `_trouble` puts each in words.
TROUBLES = (aiohttp.ClientError, asyncio.TimeoutError, OSError, DeliveryRefused)


@dataclass(frozen=True)
class Answer:
    """What is read of the receiver's answer."""

    status: int
    headers: Mapping[str, str]  #: names in any case
    start: bytes  #: the body's first ANSWER_MAX_BYTES


class Sender:
    """Posts handoffs to one webhook address."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[Secret],
        clock: Clock,
        *,
        allow_private: bool = False,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Check the address and the secrets, so that a wrong one stops the start and not a delivery.

        Raises:
            SettingsError: a secret cannot be used, or there is none.
            DeliveryRefused: the address may not be called.
        """
        if not secrets:
            raise SettingsError("ADMISSIONS_WEBHOOK_SECRETS is needed to sign handoffs (make one: admissions secret)")
        for secret in secrets:
            try:
                signing.check_secret(secret.reveal())
            except ValueError as exc:
                raise SettingsError(f"ADMISSIONS_WEBHOOK_SECRETS: {exc}") from None
        self._url = check_url(url, allow_private=allow_private)
        self._secrets = tuple(secrets)
        self._clock = clock
        self._allow_private = allow_private
        self._deadline_s = deadline_s

    async def send(self, item: OutboxItem) -> Attempt:
        """Try once; whatever the receiver and the network do, the result is an Attempt."""
        started = time.monotonic()
        answer: Answer | None = None
        detail = ""
        try:
            answer = await self._post(item)
        except TROUBLES as exc:
            detail = _trouble(exc, self._deadline_s)
        ended_at = self._clock.now()
        latency_ms = round((time.monotonic() - started) * 1000)
        if answer is None:
            return Attempt(ended_at, Outcome.RETRY, latency_ms, detail=detail)
        return Attempt(
            at=ended_at,
            outcome=_outcome(answer.status),
            latency_ms=latency_ms,
            status=answer.status,
            detail=_detail(answer, ended_at),
            retry_after_s=_retry_after_s(answer.headers.get("Retry-After"), ended_at),
        )

    async def _post(self, item: OutboxItem) -> Answer:
        signed = signing.headers(
            item.handoff_id, self._clock.now(), item.body, [secret.reveal() for secret in self._secrets]
        )
        # A connection for each attempt: at some ten handoffs a day a kept one is only something that may have died.
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(allow_private=self._allow_private),
            use_dns_cache=False,
            force_close=True,
            socket_factory=functools.partial(guarded_socket, allow_private=self._allow_private),
        )
        async with (
            aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=self._deadline_s),
                trust_env=False,  # a proxy of the environment would connect where we may not, and see who asks for help
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # 64 kB could unpack to anything
            ) as session,
            session.post(
                self._url,
                data=item.body,
                allow_redirects=False,  # followed, it turns into a GET that answers 200 and the handoff is lost
                headers={
                    **signed,
                    "Content-Type": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": USER_AGENT,
                },
            ) as response,
        ):
            return Answer(response.status, response.headers, await _start(response.content))


class Senders:
    """Sends each item by the sender of its endpoint."""

    def __init__(self, by_endpoint: Mapping[str, Sender]) -> None:
        self._by_endpoint = dict(by_endpoint)

    async def send(self, item: OutboxItem) -> Attempt:
        """Try once. Raises KeyError for an endpoint without a sender."""
        return await self._by_endpoint[item.endpoint].send(item)


async def _start(content: aiohttp.StreamReader) -> bytes:
    """Read to the end or to ANSWER_MAX_BYTES; the session's deadline goes on counting."""
    read = bytearray()
    while len(read) < ANSWER_MAX_BYTES:
        chunk = await content.read(ANSWER_MAX_BYTES - len(read))
        if not chunk:
            break
        read += chunk
    return bytes(read)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.GONE if status == 410 else Outcome.RETRY


def _detail(answer: Answer, now: datetime) -> str:
    """Return the start of the answer's body, after what an operator can mend where that is plain."""
    text = answer.start[: DETAIL_MAX_CHARACTERS * 4].decode("utf-8", "replace")  # a character takes 4 bytes at most
    hints = []
    if 300 <= answer.status < 400:
        hints.append("redirects are not followed: set the final address")
    skew_s = _seconds_until(answer.headers.get("Date"), now)
    if 400 <= answer.status < 500 and skew_s is not None and abs(skew_s) > CLOCK_SKEW_S:
        hints.append(f"the receiver's clock differs by {skew_s:.0f} s")
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "; ".join([*hints, words] if words else hints)[:DETAIL_MAX_CHARACTERS]


def _retry_after_s(value: str | None, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 §10.2.3): seconds or a date; None when absent, past or unreadable."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:12])  # twelve digits are longer than anything we honour
    seconds = _seconds_until(value, now)
    return seconds if seconds is not None and seconds > 0 else None


def _seconds_until(date: str | None, now: datetime) -> float | None:
    """Return the seconds from `now` to an HTTP date, None when it cannot be read."""
    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - now).total_seconds()


def _trouble(exc: BaseException, deadline_s: float) -> str:
    """Say what went wrong without the library's own words, which may repeat the address (for some, a secret)."""
    if isinstance(exc, DeliveryRefused):
        return str(exc)
    if isinstance(exc, asyncio.TimeoutError):
        return f"no complete answer within {deadline_s:g} s"
    if isinstance(exc, aiohttp.ClientConnectorDNSError):
        return "the host name cannot be looked up"
    if isinstance(exc, aiohttp.ClientConnectorCertificateError):
        return "the receiver's TLS certificate is not valid"
    if isinstance(exc, aiohttp.ClientConnectorError):
        return f"no connection: {exc.strerror or type(exc.os_error).__name__}"[:DETAIL_MAX_CHARACTERS]
    if isinstance(exc, (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError)):
        return "the receiver closed the connection before its answer was complete"
    return f"the exchange failed: {type(exc).__name__}"
