"""The outbox on SQL: a handoff and the duty to deliver it commit together; workers claim duties by lease."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection, Engine, Row  # type: ignore[import-untyped,unused-ignore]

from admissions.core.delivery import Attempt, DeliveryState, HandoffSummary, OutboxItem, Outcome
from admissions.core.handoff import Handoff
from admissions.errors import StoreError, UnknownHandoff
from admissions.ports import Clock
from admissions.store.db import insert_new, reading, writing
from admissions.store.schema import Duty, attempts, handoffs, outbox

_JOINED = handoffs.join(outbox)
_SUMMARY = sa.select(
    handoffs.c.id,
    handoffs.c.reference,
    handoffs.c.reason,
    handoffs.c.urgency,
    handoffs.c.created_at,
    outbox.c.duty,
    outbox.c.attempts,
    outbox.c.next_attempt_at,
    outbox.c.leased_until,
).select_from(_JOINED)


class SqlOutbox:
    """`ports.Outbox` on SQLAlchemy Core; the clock tells whether a lease still holds."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, handoff: Handoff, body: bytes, *, deliver: bool) -> None:
        """Commit the handoff and its delivery duty; the same id again changes nothing."""
        row = {
            "id": handoff.event_id,
            "reference": handoff.event_reference,
            "event_type": handoff.event_type.value,
            "reason": handoff.reason.value,
            "urgency": handoff.urgency.value,
            "conversation_id": handoff.conversation_id,
            "created_at": handoff.created_at,
            "body": body,
        }
        with writing(self._engine) as connection:
            if insert_new(connection, handoffs, row):
                duty = Duty.DUE if deliver else Duty.HELD
                due_at = handoff.created_at if deliver else None
                connection.execute(
                    outbox.insert().values(
                        handoff_id=handoff.event_id, duty=duty.value, attempts=0, next_attempt_at=due_at
                    )
                )
            elif connection.execute(sa.select(handoffs.c.id).where(handoffs.c.id == handoff.event_id)).first() is None:
                raise StoreError("another handoff already has this reference: make a new one")

    def state(self, handoff_id: str) -> DeliveryState:
        """Return where this handoff stands. Raises UnknownHandoff."""
        with reading(self._engine) as connection:
            row = connection.execute(_SUMMARY.where(handoffs.c.id == handoff_id)).first()
        if row is None:
            raise UnknownHandoff(f"no handoff {handoff_id}")
        return _state(row, self._clock.now())

    def claim(self, now: datetime, *, lease_s: float, limit: int) -> Sequence[OutboxItem]:
        """Take due items for `lease_s` seconds, oldest first."""
        claim = uuid.uuid4().hex
        due = (
            sa.select(handoffs.c.id, handoffs.c.event_type, handoffs.c.body, handoffs.c.created_at, outbox.c.attempts)
            .select_from(_JOINED)
            .where(outbox.c.duty == Duty.DUE.value, outbox.c.next_attempt_at <= now, _free(now))
            .order_by(handoffs.c.created_at, handoffs.c.id)
            .limit(limit)
        )
        # A look without the write lock first: an idle worker that polls must not stand in a visitor's way.
        with reading(self._engine) as connection:
            if connection.execute(due.limit(1)).first() is None:
                return ()
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":  # elsewhere the write transaction itself keeps others out
                due = due.with_for_update(of=outbox, skip_locked=True)
            rows = connection.execute(due).all()
            if rows:
                connection.execute(
                    outbox.update()
                    .where(outbox.c.handoff_id.in_([row.id for row in rows]))
                    .values(claim=claim, leased_until=now + timedelta(seconds=lease_s))
                )
        return tuple(
            OutboxItem(row.id, row.event_type, bytes(row.body), row.attempts, row.created_at, claim) for row in rows
        )

    def record(
        self, handoff_id: str, attempt: Attempt, *, next_attempt_at: datetime | None, claim: str | None = None
    ) -> None:
        """Write down one ended attempt and release the claim. Raises UnknownHandoff.

        An attempt whose `claim` another worker has taken over meanwhile is history only, unless it delivered: then the
        receiver has the handoff, whoever holds the claim.
        """
        with writing(self._engine) as connection:
            held = connection.execute(
                sa.select(outbox.c.duty, outbox.c.claim).where(outbox.c.handoff_id == handoff_id).with_for_update()
            ).first()
            if held is None:
                raise UnknownHandoff(f"no handoff {handoff_id}")
            connection.execute(
                attempts.insert().values(
                    handoff_id=handoff_id,
                    at=attempt.at,
                    outcome=attempt.outcome.value,
                    latency_ms=attempt.latency_ms,
                    status=attempt.status,
                    detail=attempt.detail,
                    retry_after_s=attempt.retry_after_s,
                )
            )
            changes: dict[str, Any] = {"attempts": outbox.c.attempts + 1}
            if attempt.outcome is Outcome.DELIVERED:
                changes |= _released(Duty.DELIVERED, None)
            elif held.duty != Duty.DELIVERED.value and claim in (None, held.claim):
                changes |= _released(Duty.FAILED if next_attempt_at is None else Duty.DUE, next_attempt_at)
            connection.execute(outbox.update().where(outbox.c.handoff_id == handoff_id).values(**changes))

    def list(self, state: DeliveryState | None = None, limit: int = 100) -> Sequence[HandoffSummary]:
        """Return the newest handoffs first."""
        now = self._clock.now()
        query = _SUMMARY.order_by(handoffs.c.created_at.desc(), handoffs.c.id).limit(limit)
        if state is not None:
            query = query.where(_is(state, now))
        with reading(self._engine) as connection:
            return tuple(_summary(row, now) for row in connection.execute(query))

    def show(self, handoff: str) -> tuple[HandoffSummary, bytes, Sequence[Attempt]]:
        """Return one handoff by id or reference. Raises UnknownHandoff."""
        with reading(self._engine) as connection:
            row = _find(connection, handoff)
            body = connection.execute(sa.select(handoffs.c.body).where(handoffs.c.id == row.id)).scalar_one()
            tried = connection.execute(
                attempts.select().where(attempts.c.handoff_id == row.id).order_by(attempts.c.number)
            ).all()
        return _summary(row, self._clock.now()), bytes(body), tuple(_attempt(one) for one in tried)

    def retry(self, handoff: str, now: datetime) -> HandoffSummary:
        """Make one handoff due now unless it is delivered; one that a worker holds stays with it."""
        with writing(self._engine) as connection:
            found = _find(connection, handoff)
            connection.execute(
                outbox.update()
                .where(outbox.c.handoff_id == found.id, outbox.c.duty != Duty.DELIVERED.value)
                .values(duty=Duty.DUE.value, next_attempt_at=now)
            )
            return _summary(_find(connection, found.id), now)

    def release_held(self, now: datetime) -> int:
        """Make every HELD handoff due; return how many."""
        with writing(self._engine) as connection:
            done = connection.execute(
                outbox.update().where(outbox.c.duty == Duty.HELD.value).values(duty=Duty.DUE.value, next_attempt_at=now)
            )
            return int(done.rowcount)

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the longest-waiting due item waits, claimed or not, None when nothing waits."""
        query = sa.select(sa.func.min(outbox.c.next_attempt_at)).where(
            outbox.c.duty == Duty.DUE.value, outbox.c.next_attempt_at <= now
        )
        with reading(self._engine) as connection:
            oldest: datetime | None = connection.execute(query).scalar()
        return oldest


def _free(now: datetime) -> Any:
    """Return the condition that no worker holds the row: never claimed, or the lease ran out."""
    return sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)


def _is(state: DeliveryState, now: datetime) -> Any:
    """Return the condition under which `_state` gives `state`."""
    due = outbox.c.duty == Duty.DUE.value
    match state:
        case DeliveryState.HELD | DeliveryState.DELIVERED | DeliveryState.FAILED:
            return outbox.c.duty == state.value
        case DeliveryState.SENDING:
            return sa.and_(due, outbox.c.leased_until > now)
        case DeliveryState.SAVED:
            return sa.and_(due, _free(now), outbox.c.attempts == 0)
        case DeliveryState.DELAYED:
            return sa.and_(due, _free(now), outbox.c.attempts > 0)


def _state(row: Row, now: datetime) -> DeliveryState:
    """Return what a row means at `now`; a claim whose lease ran out is nobody's, so nothing is being sent."""
    duty = Duty(row.duty)
    if duty is not Duty.DUE:
        return DeliveryState(duty.value)
    if row.leased_until is not None and row.leased_until > now:
        return DeliveryState.SENDING
    return DeliveryState.DELAYED if row.attempts else DeliveryState.SAVED


def _released(duty: Duty, next_attempt_at: datetime | None) -> dict[str, Any]:
    return {"duty": duty.value, "next_attempt_at": next_attempt_at, "claim": None, "leased_until": None}


def _find(connection: Connection, handoff: str) -> Row:
    """Return the summary row of an id, or of a reference as somebody reads it out, in any case."""
    row = connection.execute(
        _SUMMARY.where(sa.or_(handoffs.c.id == handoff, handoffs.c.reference == handoff.upper()))
    ).first()
    if row is None:
        raise UnknownHandoff(f"no handoff has the id or reference {handoff!r}")
    return row


def _summary(row: Row, now: datetime) -> HandoffSummary:
    return HandoffSummary(
        handoff_id=row.id,
        reference=row.reference,
        reason=row.reason,
        urgency=row.urgency,
        state=_state(row, now),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
    )


def _attempt(row: Row) -> Attempt:
    return Attempt(row.at, Outcome(row.outcome), row.latency_ms, row.status, row.detail, row.retry_after_s)
