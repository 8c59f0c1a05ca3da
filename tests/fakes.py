"""Stand-ins for the world: a clock that is told the time, stores in memory, and a receiver with scripted answers."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from aiohttp import web

from admissions.core.delivery import (
    CLOCK_STEP,
    DEFAULT_ENDPOINT,
    Attempt,
    DeliveryState,
    Duty,
    EndpointStatus,
    HandoffSummary,
    OutboxItem,
    Outcome,
    is_leased,
    state_of,
)
from admissions.core.handoff import Handoff, Reason, Urgency
from admissions.core.message import Kind, Message, Sender
from admissions.errors import StoreError, UnknownHandoff
from admissions.store.conversations import TURN_DIED_AFTER

#: The moment most tests begin: a Monday night in the centre's time zone.
NOW = datetime(2026, 11, 24, 5, 14, 3, tzinfo=timezone.utc)


class FixedClock:
    """`ports.Clock` that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def make_handoff(number: int = 1, *, created_at: datetime = NOW, reason: Reason = Reason.CALLBACK) -> Handoff:
    """Return a handoff whose id and reference follow from `number`."""
    return Handoff(
        id=f"hnd_{number:04d}",
        reference=f"REF{number:03d}",
        reason=reason,
        urgency=Urgency.ROUTINE,
        created_at=created_at,
        conversation_id=f"conversation-{number}",
        after_hours=True,
        content_version="content-1",
        model="model-1",
    )


def make_item(number: int = 1, *, attempts: int = 0, body: bytes = b'{"type":"admissions.test"}') -> OutboxItem:
    """Return a claimed delivery duty."""
    return OutboxItem(f"hnd_{number:04d}", "admissions.test", body, attempts, NOW, "claim")


def make_attempt(outcome: Outcome = Outcome.RETRY, *, at: datetime = NOW, status: int | None = 500) -> Attempt:
    """Return an ended attempt."""
    return Attempt(at=at, outcome=outcome, latency_ms=12, status=status)


@dataclass
class _Row:
    handoff: Handoff
    body: bytes
    duty: Duty
    next_attempt_at: datetime | None
    attempts: list[Attempt] = field(default_factory=list)
    attempts_before: int = 0
    owed_since: datetime | None = None
    scheduled_at: datetime | None = None
    claim: str | None = None
    leased_until: datetime | None = None

    def start_anew(self, now: datetime) -> None:
        """Make it due now, its schedule begun again."""
        self.owed_since = self.owed_since if self.duty is Duty.DUE else now
        self.duty, self.next_attempt_at, self.scheduled_at = Duty.DUE, now, now
        self.attempts_before = len(self.attempts)


class MemoryOutbox:
    """`ports.Outbox` in memory with one endpoint; `broken` makes every call fail as a database would."""

    def __init__(self, clock: FixedClock | None = None) -> None:
        self._clock = clock or FixedClock()
        self._rows: dict[str, _Row] = {}
        self._claims = itertools.count(1)
        self._disabled_at: datetime | None = None
        self.broken = False

    def add(self, handoff: Handoff, body: bytes, *, deliver: bool) -> None:
        self._check()
        if handoff.event_id not in self._rows:
            row = _Row(handoff, body, Duty.HELD, None)
            if deliver:
                row.start_anew(handoff.created_at)
            self._rows[handoff.event_id] = row

    def state(self, handoff_id: str) -> DeliveryState:
        self._check()
        row, disabled = self._find(handoff_id), self._disabled_at is not None
        return state_of(row.duty, len(row.attempts), row.leased_until, self._clock.now(), disabled=disabled)

    def claim(
        self, now: datetime, *, lease_s: float, limit: int, endpoint: str = DEFAULT_ENDPOINT
    ) -> Sequence[OutboxItem]:
        self._check()
        claim = f"claim-{next(self._claims)}"
        due = [row for row in self._rows.values() if self._due(row, now) and not is_leased(row.leased_until, now)]
        due = [] if self._disabled_at else sorted(due, key=lambda row: row.handoff.created_at)
        for row in due[:limit]:
            row.claim, row.leased_until = claim, now + timedelta(seconds=lease_s)
        return [
            OutboxItem(
                row.handoff.event_id,
                row.handoff.event_type.value,
                row.body,
                len(row.attempts) - row.attempts_before,
                row.handoff.created_at,
                claim,
            )
            for row in due[:limit]
        ]

    def record(
        self,
        handoff_id: str,
        attempt: Attempt,
        *,
        next_attempt_at: datetime | None,
        claim: str | None = None,
        endpoint: str = DEFAULT_ENDPOINT,
    ) -> None:
        self._check()
        row = self._find(handoff_id)
        row.attempts.append(replace(attempt, next_attempt_at=next_attempt_at))
        if attempt.outcome is Outcome.GONE:
            self._disabled_at = self._disabled_at or attempt.at
            next_attempt_at = attempt.at
        if attempt.outcome is Outcome.DELIVERED:
            row.duty, row.next_attempt_at = Duty.DELIVERED, None
        elif row.duty is Duty.DELIVERED or claim not in (None, row.claim):
            return
        else:
            row.duty, row.next_attempt_at = Duty.DUE if next_attempt_at else Duty.FAILED, next_attempt_at
        row.scheduled_at = attempt.at
        row.claim = row.leased_until = None

    def list(self, state: DeliveryState | None = None, limit: int = 100) -> Sequence[HandoffSummary]:
        self._check()
        found = [self._summary(row) for row in self._rows.values()]
        found.sort(key=lambda summary: summary.created_at, reverse=True)
        return [summary for summary in found if state in (None, summary.state)][:limit]

    def show(self, handoff: str) -> tuple[HandoffSummary, bytes, Sequence[Attempt]]:
        self._check()
        row = self._find(handoff)
        return self._summary(row), row.body, tuple(row.attempts)

    def retry(self, handoff: str, now: datetime) -> HandoffSummary:
        self._check()
        row = self._find(handoff)
        if row.duty is not Duty.DELIVERED:
            row.start_anew(now)
        return self._summary(row)

    def retry_many(
        self,
        now: datetime,
        *,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        self._check()
        chosen = [
            row
            for row in self._rows.values()
            if row.duty is not Duty.DELIVERED
            and state in (None, self._summary(row).state)
            and (since is None or row.handoff.created_at >= since)
            and (until is None or row.handoff.created_at < until)
        ]
        for row in chosen:
            row.start_anew(now)
        return len(chosen)

    def endpoints(self) -> Sequence[EndpointStatus]:
        self._check()
        duties = [row.duty for row in self._rows.values()]
        waiting, failed = duties.count(Duty.DUE), duties.count(Duty.FAILED)
        return (EndpointStatus(DEFAULT_ENDPOINT, self._disabled_at, waiting, failed),)

    def enable(self, endpoint: str, now: datetime) -> int:
        self._check()
        self._disabled_at = None
        waiting = [row for row in self._rows.values() if row.duty is Duty.DUE]
        for row in waiting:
            row.start_anew(now)
        return len(waiting)

    def release_held(self, now: datetime) -> int:
        self._check()
        held = [row for row in self._rows.values() if row.duty is Duty.HELD]
        for row in held:
            row.start_anew(now)
        return len(held)

    def oldest_due(self, now: datetime) -> datetime | None:
        self._check()
        owed = [row.owed_since for row in self._rows.values() if row.duty is Duty.DUE and row.owed_since]
        return min([*owed, now]) if owed else None

    def _check(self) -> None:
        if self.broken:
            raise StoreError("the database refused: database is locked")

    def _find(self, handoff: str) -> _Row:
        for row in self._rows.values():
            if handoff == row.handoff.event_id or handoff.upper() == row.handoff.event_reference:
                return row
        raise UnknownHandoff(handoff)

    @staticmethod
    def _due(row: _Row, now: datetime) -> bool:
        if row.duty is not Duty.DUE or row.next_attempt_at is None or row.scheduled_at is None:
            return False
        return row.next_attempt_at <= now or row.scheduled_at > now + CLOCK_STEP

    def _summary(self, row: _Row) -> HandoffSummary:
        return HandoffSummary(
            row.handoff.event_id,
            row.handoff.event_reference,
            row.handoff.reason.value,
            row.handoff.urgency.value,
            self.state(row.handoff.event_id),
            len(row.attempts),
            row.handoff.created_at,
            row.next_attempt_at,
        )


@dataclass(frozen=True)
class Scripted:
    """One answer of FakeReceiver."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    trickle_s: float = 0  #: seconds between two bytes of the body
    silent_s: float = 0  #: seconds before anything is answered


@dataclass(frozen=True)
class Received:
    """One request that FakeReceiver got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FakeReceiver:
    """A real HTTP server on a free loopback port: gives its scripted answers in turn, then the last one for ever.

    Use it with `async with`; `url` is the webhook's address and `received` what came.
    """

    def __init__(self, *answers: Scripted) -> None:
        self._answers = list(answers or [Scripted()])
        self.received: list[Received] = []
        self.url = ""

    async def __aenter__(self) -> FakeReceiver:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        # No long goodbye: a test that leaves a trickling answer behind must not wait for it.
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/webhook"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.received.append(Received(request.method, request.path, dict(request.headers), await request.read()))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        await asyncio.sleep(answer.silent_s)
        if not answer.trickle_s:
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        await response.prepare(request)
        for number in range(len(answer.body)):
            await response.write(answer.body[number : number + 1])
            await asyncio.sleep(answer.trickle_s)
        return response


@dataclass
class _Talk:
    page_url: str | None
    time_zone: str | None
    said: list[tuple[str | None, Message]] = field(default_factory=list)  #: with the client id of the turn
    running: dict[str, datetime] = field(default_factory=dict)  #: client id, claimed when
    finished: set[str] = field(default_factory=set)  #: client ids
    lane: str | None = None


class MemoryConversations:
    """`ports.Conversations` in memory; `broken` makes every call fail, `stuck` makes every call wait for the event."""

    def __init__(self) -> None:
        self._talks: dict[str, _Talk] = {}
        self.counts: dict[str, int] = {}
        self.broken = False
        self.stuck: threading.Event | None = None

    def create(self, conversation_id: str, now: datetime, *, page_url: str | None, time_zone: str | None) -> None:
        self.ping()
        if conversation_id in self._talks:
            raise StoreError("this conversation exists")
        self._talks[conversation_id] = _Talk(page_url, time_zone)

    def exists(self, conversation_id: str) -> bool:
        self.ping()
        return conversation_id in self._talks

    def append(self, conversation_id: str, messages: Sequence[Message]) -> None:
        self._talk(conversation_id).said += [(None, message) for message in messages]

    def begin_turn(self, conversation_id: str, client_id: str, said: Message) -> Sequence[Message] | None:
        talk = self._talk(conversation_id)
        if client_id in talk.finished:
            return tuple(one for id_, one in talk.said if id_ == client_id and one.sender is not Sender.VISITOR)
        claimed_at = talk.running.get(client_id)
        if claimed_at is not None and said.at - claimed_at <= TURN_DIED_AFTER:
            return ()
        if claimed_at is None:
            talk.said.append((client_id, said))
        talk.running[client_id] = said.at
        return None

    def finish_turn(self, conversation_id: str, client_id: str, answer: Sequence[Message]) -> None:
        self.ping()
        talk = self._talks.get(conversation_id)
        if talk and talk.running.pop(client_id, None):
            talk.finished.add(client_id)
            talk.said += [(client_id, message) for message in answer]

    def abandon_turn(self, conversation_id: str, client_id: str) -> None:
        self.ping()
        talk = self._talks.get(conversation_id)
        if talk and talk.running.pop(client_id, None):
            talk.said = [(id_, message) for id_, message in talk.said if id_ != client_id]

    def messages(self, conversation_id: str) -> Sequence[Message]:
        self.ping()
        talk = self._talks.get(conversation_id)
        return tuple(message for _, message in talk.said) if talk else ()

    def was_offered(self, conversation_id: str, payload: str) -> Message | None:
        bots = [one for one in reversed(self.messages(conversation_id)) if one.sender is Sender.BOT]
        return next((one for one in bots if any(button.payload == payload for button in one.buttons)), None)

    def latest_offer(self, conversation_id: str) -> Message | None:
        bots = [one for one in reversed(self.messages(conversation_id)) if one.sender is Sender.BOT]
        return next((one for one in bots if one.buttons), None)

    def forget(self, conversation_id: str, now: datetime) -> str:
        self.ping()
        self._talks.pop(conversation_id, None)
        return "del_0000000000000000"

    def newest(self, conversation_id: str) -> int:
        self.ping()
        return len(self._talk(conversation_id).said)

    def remove_lines(self, conversation_id: str, since: int) -> None:
        self.ping()
        talk = self._talk(conversation_id)
        lines = talk.said[max(since - 1, 0) :]
        last = max((index for index, (_, one) in enumerate(lines) if one.sender is Sender.VISITOR), default=-1)
        kept = [line for index, line in enumerate(lines) if index == last or line[1].kind is Kind.EMERGENCY]
        talk.said[max(since - 1, 0) :] = kept

    def context(self, conversation_id: str) -> tuple[str | None, str | None]:
        self.ping()
        talk = self._talks.get(conversation_id)
        return (talk.page_url, talk.time_zone) if talk else (None, None)

    def note_lane(self, conversation_id: str, lane: str) -> None:
        self.ping()
        if conversation_id in self._talks:
            self._talks[conversation_id].lane = lane

    def lane(self, conversation_id: str) -> str | None:
        self.ping()
        talk = self._talks.get(conversation_id)
        return talk.lane if talk else None

    def count_event(self, name: str, now: datetime) -> None:
        self.ping()
        self.counts[name] = self.counts.get(name, 0) + 1

    def ping(self) -> None:
        if self.stuck is not None:
            self.stuck.wait(timeout=10)
        if self.broken:
            raise StoreError("the database refused: database is locked")

    def _talk(self, conversation_id: str) -> _Talk:
        self.ping()
        if conversation_id not in self._talks:
            raise StoreError("no such conversation: it was never created, or was forgotten")
        return self._talks[conversation_id]
