"""What the outbox's rows mean: the query that lists them, the conditions on them, and the values of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Row  # type: ignore[import-untyped,unused-ignore]

from admissions.core.delivery import (
    CLOCK_STEP,
    DEFAULT_ENDPOINT,
    LEASE_LONGEST,
    Attempt,
    DeliveryState,
    Duty,
    HandoffSummary,
    Outcome,
    overall,
    state_of,
)
from admissions.store.schema import endpoints, handoffs, outbox

JOINED = handoffs.join(outbox)

#: The condition that an outbox row's endpoint said 410 and was not enabled since.
DISABLED = sa.exists().where(endpoints.c.name == outbox.c.endpoint)

#: One row for each duty.
SUMMARY = sa.select(
    handoffs.c.id,
    handoffs.c.reference,
    handoffs.c.reason,
    handoffs.c.urgency,
    handoffs.c.created_at,
    outbox.c.endpoint,
    outbox.c.duty,
    outbox.c.attempts,
    outbox.c.next_attempt_at,
    outbox.c.leased_until,
    DISABLED.label("disabled"),
).select_from(JOINED)


def is_due(now: datetime) -> Any:
    """Return the condition that a row is to be tried now: its moment came, or the clock went back since it was set."""
    come = sa.or_(outbox.c.next_attempt_at <= now, outbox.c.scheduled_at > now + CLOCK_STEP)
    return sa.and_(outbox.c.duty == Duty.DUE.value, come)


def is_free(now: datetime) -> Any:
    """Return the condition that no worker holds the row (`core.delivery.is_leased`)."""
    until = outbox.c.leased_until
    return sa.or_(until.is_(None), until <= now, until > now + LEASE_LONGEST)


def is_in(state: DeliveryState, now: datetime) -> Any:
    """Return the condition under which `core.delivery.state_of` gives `state` for a row."""
    free = sa.and_(outbox.c.duty == Duty.DUE.value, is_free(now))
    match state:
        case DeliveryState.HELD | DeliveryState.DELIVERED:
            return outbox.c.duty == state.value
        case DeliveryState.FAILED:
            return sa.or_(outbox.c.duty == state.value, sa.and_(free, DISABLED))
        case DeliveryState.SENDING:
            return sa.and_(outbox.c.duty == Duty.DUE.value, sa.not_(is_free(now)))
        case DeliveryState.SAVED:
            return sa.and_(free, sa.not_(DISABLED), outbox.c.attempts == 0)
        case DeliveryState.DELAYED:
            return sa.and_(free, sa.not_(DISABLED), outbox.c.attempts > 0)


def new_duty(handoff_id: str, endpoint: str, since: datetime) -> dict[str, Any]:
    """Return the row of a duty that is due from `since` on."""
    return {
        "handoff_id": handoff_id,
        "endpoint": endpoint,
        "duty": Duty.DUE.value,
        "attempts": 0,
        "attempts_before": 0,
        "owed_since": since,
        "next_attempt_at": since,
        "scheduled_at": since,
    }


def held(handoff_id: str) -> dict[str, Any]:
    """Return the row of a handoff that no endpoint takes."""
    return {
        "handoff_id": handoff_id,
        "endpoint": DEFAULT_ENDPOINT,
        "duty": Duty.HELD.value,
        "attempts": 0,
        "attempts_before": 0,
    }


def anew(now: datetime) -> dict[str, Any]:
    """Return the changes that make a row due now and start its schedule again; a claim on it stays."""
    waiting = sa.and_(outbox.c.duty == Duty.DUE.value, outbox.c.owed_since.is_not(None))
    return {
        "duty": Duty.DUE.value,
        "attempts_before": outbox.c.attempts,
        "owed_since": sa.case((waiting, outbox.c.owed_since), else_=sa.literal(now, outbox.c.owed_since.type)),
        "next_attempt_at": now,
        "scheduled_at": now,
    }


def released(duty: Duty, at: datetime, next_attempt_at: datetime | None) -> dict[str, Any]:
    """Return the changes of an attempt that ended at `at`."""
    return {
        "duty": duty.value,
        "next_attempt_at": next_attempt_at,
        "scheduled_at": at,
        "claim": None,
        "leased_until": None,
    }


def summary(row: Row, now: datetime) -> HandoffSummary:
    """Return one duty as it is listed."""
    return HandoffSummary(
        handoff_id=row.id,
        reference=row.reference,
        reason=row.reason,
        urgency=row.urgency,
        state=state_of(Duty(row.duty), row.attempts, row.leased_until, now, disabled=row.disabled),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        endpoint=row.endpoint,
    )


def one_summary(rows: Sequence[Row], now: datetime) -> HandoffSummary:
    """Return one handoff with all its duties in one."""
    duties = [summary(row, now) for row in rows]
    moments = [duty.next_attempt_at for duty in duties if duty.next_attempt_at is not None]
    return HandoffSummary(
        handoff_id=duties[0].handoff_id,
        reference=duties[0].reference,
        reason=duties[0].reason,
        urgency=duties[0].urgency,
        state=overall(duty.state for duty in duties),
        attempts=sum(duty.attempts for duty in duties),
        created_at=duties[0].created_at,
        next_attempt_at=min(moments, default=None),
        endpoint=",".join(duty.endpoint for duty in duties),
    )


def attempt(row: Row, detail: str) -> Attempt:
    """Return a recorded attempt with its opened detail."""
    return Attempt(
        at=row.at,
        outcome=Outcome(row.outcome),
        latency_ms=row.latency_ms,
        status=row.status,
        detail=detail,
        retry_after_s=row.retry_after_s,
        endpoint=row.endpoint,
        next_attempt_at=row.next_attempt_at,
    )
