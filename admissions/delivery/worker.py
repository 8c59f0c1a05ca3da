"""The delivery worker: claim, send, record, until it is told to stop. Any number may run at once."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from admissions.core.delivery import DEFAULT_ENDPOINT, Attempt, OutboxItem, Outcome
from admissions.core.retry import RetrySchedule
from admissions.errors import StoreError, UnknownHandoff
from admissions.ports import Clock, Outbox

log = structlog.get_logger(__name__)

#: How often an idle worker looks: a visitor who waits for "delivered" should not notice.
POLL_S = 0.5

#: The pause after database trouble: short enough to go on soon, long enough not to fill the log.
TROUBLE_PAUSE_S = 5.0

#: Items a worker sends side by side, so that one slow answer does not hold up the rest after an outage.
BATCH = 4

#: How long a claim lasts: the sender's deadline (10 s) and all tries to record (5 of at most 2.5 s) fit in; after a
#: crash nobody waits longer than this.
LEASE_S = 30.0

#: Tries to write an attempt down before leaving it to the lease: then the handoff is sent once more, under the same id.
RECORD_TRIES = 5


class Sends(Protocol):
    """Makes one attempt; `sender.Sender` and the tests' fakes."""

    async def send(self, item: OutboxItem) -> Attempt:
        """Try to deliver `item` once and say how it ended."""


async def run_worker(
    outbox: Outbox,
    sender: Sends,
    clock: Clock,
    *,
    endpoints: Sequence[str] = (DEFAULT_ENDPOINT,),
    stop: asyncio.Event | None = None,
    schedule: RetrySchedule | None = None,
    jitter: Callable[[], float] = random.random,
    poll_s: float = POLL_S,
    trouble_pause_s: float = TROUBLE_PAUSE_S,
) -> None:
    """Deliver what is due until `stop` is set; requests in hand are finished and recorded first.

    Args:
        endpoints: the names of those to deliver to, each in rounds of its own: a slow one holds up no other
        stop: set from outside; without it SIGTERM and SIGINT stop the worker
        jitter: gives numbers from 0 to 1 for the schedule
        poll_s: seconds between looks when nothing is due
        trouble_pause_s: seconds to wait after the database refused
    """
    if stop is None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    worker = _Worker(outbox, sender, clock, schedule or RetrySchedule(), jitter, poll_s)
    log.info("worker.started", endpoints=list(endpoints))
    while not stop.is_set() and await _guarded(worker.release_held()) is None:
        await _pause(stop, trouble_pause_s)

    async def rounds(endpoint: str) -> None:
        while not stop.is_set():
            done = await _guarded(worker.deliver_due(endpoint))
            await _pause(stop, trouble_pause_s if done is None else 0.0 if done else poll_s)

    await asyncio.gather(*(rounds(endpoint) for endpoint in endpoints))
    log.info("worker.stopped")


async def _guarded(work: Awaitable[int]) -> int | None:
    """Return what `work` returns, None when it failed: whatever it was, a stopped worker helps nobody."""
    try:
        return await work
    except Exception as exc:
        # Only our own errors have words without visitors' data.
        log.error("worker.trouble", error=type(exc).__name__, hint=str(exc) if isinstance(exc, StoreError) else None)
        return None


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    if seconds:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


class _Worker:
    """One round at a time; the outbox blocks, so it runs in threads beside the requests."""

    def __init__(
        self,
        outbox: Outbox,
        sender: Sends,
        clock: Clock,
        schedule: RetrySchedule,
        jitter: Callable[[], float],
        record_pause_s: float,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._schedule = schedule
        self._jitter = jitter
        self._record_pause_s = record_pause_s

    async def release_held(self) -> int:
        """Make due what was saved while no webhook was configured, or for an endpoint taken out; return how many."""
        released = await asyncio.to_thread(self._outbox.release_held, self._clock.now())
        if released:
            log.info("worker.held_released", count=released)
        return released

    async def deliver_due(self, endpoint: str) -> int:
        """Claim up to BATCH items and try each once; return how many."""
        items = await asyncio.to_thread(
            self._outbox.claim, self._clock.now(), lease_s=LEASE_S, limit=BATCH, endpoint=endpoint
        )
        results = await asyncio.gather(*(self._deliver(item) for item in items), return_exceptions=True)
        for result in results:  # only now: an error must not leave the others' requests running unwatched
            if isinstance(result, BaseException):
                raise result
        return len(items)

    async def _deliver(self, item: OutboxItem) -> None:
        attempt = await self._try(item)
        number = item.attempts + 1
        next_attempt_at = None
        if attempt.outcome is Outcome.RETRY:
            next_attempt_at = self._schedule.next_attempt(number, attempt.at, self._jitter(), attempt.retry_after_s)
        recorded = await self._record(item, attempt, next_attempt_at)
        if attempt.outcome is Outcome.GONE:
            log.error("endpoint.disabled", endpoint=item.endpoint, mend=f"admissions outbox enable {item.endpoint}")
        dead = attempt.outcome is Outcome.RETRY and next_attempt_at is None
        (log.error if dead else log.info)(
            "delivery.dead_letter" if dead else "delivery.attempt",
            endpoint=item.endpoint,
            handoff_id=item.handoff_id,
            number=number,
            outcome=attempt.outcome.value,
            status=attempt.status,
            latency_ms=attempt.latency_ms,
            next_attempt_at=next_attempt_at and next_attempt_at.isoformat(),
            recorded=recorded,
        )

    async def _try(self, item: OutboxItem) -> Attempt:
        try:
            return await self._sender.send(item)
        except Exception as exc:
            # A fault of ours, not of the receiver: written down as an attempt, or it would be tried without end.
            return Attempt(self._clock.now(), Outcome.RETRY, 0, detail=f"not sent: {type(exc).__name__}")

    async def _record(self, item: OutboxItem, attempt: Attempt, next_attempt_at: datetime | None) -> bool:
        for left in reversed(range(RECORD_TRIES)):
            try:
                await asyncio.to_thread(
                    self._outbox.record,
                    item.handoff_id,
                    attempt,
                    next_attempt_at=next_attempt_at,
                    claim=item.claim,
                    endpoint=item.endpoint,
                )
            except UnknownHandoff:
                return False  # deleted while it was on its way
            except StoreError:
                if left:
                    await asyncio.sleep(self._record_pause_s)
            else:
                return True
        return False
