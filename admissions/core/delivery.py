"""The life of a handoff's delivery: its states, its attempts, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class DeliveryState(Enum):
    """Where a handoff stands; what the visitor is told is a function of this and nothing else."""

    HELD = "held"  #: Saved; no webhook is configured, staff read it with `admissions outbox list`.
    SAVED = "saved"  #: Saved and due; no attempt has ended yet.
    SENDING = "sending"  #: A worker holds it right now.
    DELIVERED = "delivered"  #: The receiver answered 2xx.
    DELAYED = "delayed"  #: At least one attempt failed and another is due.
    FAILED = "failed"  #: The schedule is used up or the receiver said 410: a dead letter, kept for a person.


class Outcome(Enum):
    """How one attempt ended."""

    DELIVERED = "delivered"  #: 2xx
    RETRY = "retry"  #: worth another attempt: network trouble, 5xx, 429, redirects, other 4xx
    GONE = "gone"  #: 410: the receiver wants no more


@dataclass(frozen=True)
class Attempt:
    """One try to deliver, as it is recorded."""

    at: datetime  #: aware UTC, when it ended
    outcome: Outcome
    latency_ms: int
    status: int | None = None  #: HTTP status, None when none came
    detail: str = ""  #: what went wrong or the start of the response body, at most 200 characters
    retry_after_s: float | None = None  #: what the receiver asked for


@dataclass(frozen=True)
class OutboxItem:
    """A delivery duty as a worker claims it."""

    handoff_id: str
    event_type: str
    body: bytes  #: the exact JSON that is signed and sent, the same on every attempt
    attempts: int  #: attempts that ended before this one
    created_at: datetime  #: aware UTC
    claim: str = ""  #: names this claim, so that a worker that lost it cannot release the next one's


@dataclass(frozen=True)
class HandoffSummary:
    """One line of `admissions outbox list`: nothing that says who the visitor is."""

    handoff_id: str
    reference: str
    reason: str
    urgency: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
