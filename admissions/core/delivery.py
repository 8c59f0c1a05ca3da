"""The life of a handoff's delivery: its states, its attempts, and what a kept row means at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

#: The endpoint of ADMISSIONS_WEBHOOK_URL.
DEFAULT_ENDPOINT = "default"

#: No claim lasts longer, so one that says so was made before the clock went back; some workers' leases of 30 s.
LEASE_LONGEST = timedelta(seconds=120)

#: A moment noted this far in the future was noted before the clock went back; clocks of machines differ by less.
CLOCK_STEP = timedelta(seconds=60)


class DeliveryState(Enum):
    """Where a handoff stands; what the visitor is told is a function of this and nothing else."""

    HELD = "held"  #: Saved; no webhook is configured, staff read it with `admissions outbox list`.
    SAVED = "saved"  #: Saved and due; no attempt has ended yet.
    SENDING = "sending"  #: A worker holds it right now.
    DELIVERED = "delivered"  #: The receiver answered 2xx.
    DELAYED = "delayed"  #: At least one attempt failed and another is due.
    FAILED = "failed"  #: The schedule is used up or the receiver said 410: a dead letter, kept for a person.


class Duty(Enum):
    """What the outbox still owes a handoff at one endpoint."""

    HELD = "held"  #: No webhook is configured.
    DUE = "due"  #: To be delivered at `next_attempt_at`.
    DELIVERED = "delivered"
    FAILED = "failed"  #: A dead letter.


class Outcome(Enum):
    """How one attempt ended."""

    DELIVERED = "delivered"  #: 2xx
    RETRY = "retry"  #: worth another attempt: network trouble, 5xx, 429, redirects, other 4xx
    GONE = "gone"  #: 410: the receiver wants no more, from now on


@dataclass(frozen=True)
class Route:
    """Which events go to an endpoint."""

    endpoint: str
    events: frozenset[str] = frozenset()  #: empty: all

    def takes(self, event_type: str) -> bool:
        """Say whether an event of this type goes there."""
        return not self.events or event_type in self.events


@dataclass(frozen=True)
class Attempt:
    """One try to deliver, as it is recorded."""

    at: datetime  #: aware UTC, when it ended
    outcome: Outcome
    latency_ms: int
    status: int | None = None  #: HTTP status, None when none came
    detail: str = ""  #: what went wrong or the start of the response body, at most 200 characters
    retry_after_s: float | None = None  #: what the receiver asked for
    endpoint: str = DEFAULT_ENDPOINT
    next_attempt_at: datetime | None = None  #: when it is tried again, None when it is not


@dataclass(frozen=True)
class OutboxItem:
    """A delivery duty as a worker claims it."""

    handoff_id: str
    event_type: str
    body: bytes  #: the exact JSON that is signed and sent, the same on every attempt
    attempts: int  #: attempts that ended since the schedule began
    created_at: datetime  #: aware UTC
    claim: str = ""  #: names this claim, so that a worker that lost it cannot release the next one's
    endpoint: str = DEFAULT_ENDPOINT


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
    endpoint: str = DEFAULT_ENDPOINT


@dataclass(frozen=True)
class EndpointStatus:
    """One line of `admissions outbox endpoints`."""

    name: str
    disabled_at: datetime | None  #: when the receiver said 410, None while it is in use
    waiting: int  #: handoffs still owed to it
    failed: int  #: dead letters


def is_leased(leased_until: datetime | None, now: datetime) -> bool:
    """Say whether a worker holds a row; a lease from before the clock went back is nobody's."""
    return leased_until is not None and now < leased_until <= now + LEASE_LONGEST


def state_of(
    duty: Duty, attempts: int, leased_until: datetime | None, now: datetime, *, disabled: bool = False
) -> DeliveryState:
    """Return what one row means at `now`; `disabled` says that its endpoint wants no more.

    Nothing is "delivered" but a row whose duty a 2xx ended, and nothing is on its way to an endpoint that is disabled:
    there a person has to act, so the visitor is given the phone.
    """
    if duty is not Duty.DUE:
        return DeliveryState(duty.value)
    if is_leased(leased_until, now):
        return DeliveryState.SENDING
    if disabled:
        return DeliveryState.FAILED
    return DeliveryState.DELAYED if attempts else DeliveryState.SAVED


#: Which of several endpoints' states the visitor is told: admissions has it once one receiver has, and only when none
#: may still get it has it failed.
_TOLD_FIRST = (
    DeliveryState.DELIVERED,
    DeliveryState.SENDING,
    DeliveryState.SAVED,
    DeliveryState.DELAYED,
    DeliveryState.HELD,
    DeliveryState.FAILED,
)


def overall(states: Iterable[DeliveryState]) -> DeliveryState:
    """Return where a handoff stands that goes to several endpoints. Raises ValueError without any."""
    return min(states, key=_TOLD_FIRST.index)
