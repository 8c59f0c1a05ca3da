"""Sends each endpoint its hourly test, so that a dead webhook is noticed before a handoff needs it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Protocol

import structlog

from admissions.core.canary import canary_item
from admissions.core.delivery import Attempt, OutboxItem, Outcome
from admissions.ports import Canaries, Clock, Outbox
from admissions.rounds import make_rounds

log = structlog.get_logger(__name__)

#: How often is looked whether a test is due.
LOOK_EVERY_S = 30.0


class Sends(Protocol):
    """Makes one attempt; `sender.Senders` and the tests' fakes."""

    async def send(self, item: OutboxItem) -> Attempt:
        """Try to deliver `item` once and say how it ended."""


class CanaryRounds:
    """One round at a time over all endpoints in use."""

    def __init__(
        self, canaries: Canaries, outbox: Outbox, sender: Sends, clock: Clock, endpoints: Sequence[str]
    ) -> None:
        self._canaries = canaries
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._endpoints = tuple(endpoints)

    async def run(self, stop: asyncio.Event, every_s: float = LOOK_EVERY_S) -> None:
        """Make rounds until `stop` is set."""
        await make_rounds(self.round, stop, every_s, name="canary")

    async def round(self) -> int:
        """Send the tests that are due and return how many were; an endpoint that said 410 is left in peace."""
        known = await asyncio.to_thread(self._outbox.endpoints)
        disabled = {one.name for one in known if one.disabled_at is not None}
        sent = 0
        for endpoint in self._endpoints:
            if endpoint not in disabled and await asyncio.to_thread(self._canaries.take, endpoint, self._clock.now()):
                await self.send(endpoint)
                sent += 1
        return sent

    async def send(self, endpoint: str) -> Attempt:
        """Send one test now, write down how it ended and return that."""
        item = canary_item(f"test_{secrets.token_hex(12)}", endpoint, self._clock.now())
        attempt = await self._sender.send(item)
        good = attempt.outcome is Outcome.DELIVERED
        detail = attempt.detail or f"status {attempt.status}"
        await asyncio.to_thread(self._canaries.note, endpoint, attempt.at, good=good, detail=detail)
        (log.info if good else log.error)(
            "canary.arrived" if good else "canary.failed",
            endpoint=endpoint,
            status=attempt.status,
            latency_ms=attempt.latency_ms,
        )
        return attempt
