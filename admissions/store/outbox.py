"""The outbox on SQL: a handoff and the duty to deliver it commit together; workers claim duties by lease."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection, Engine, Row  # type: ignore[import-untyped,unused-ignore]

from admissions.core.delivery import (
    DEFAULT_ENDPOINT,
    LEASE_LONGEST,
    Attempt,
    DeliveryState,
    Duty,
    EndpointStatus,
    HandoffSummary,
    OutboxItem,
    Outcome,
    Route,
)
from admissions.core.handoff import Handoff
from admissions.errors import StoreError, UnknownHandoff
from admissions.ports import Clock
from admissions.store import outbox_rows as rows
from admissions.store.db import insert_new, reading, writing
from admissions.store.schema import attempts, endpoints, handoffs, outbox
from admissions.store.sealing import CannotOpen, Seals, Unsealed, opened_text, sealed_text

#: Without other word, everything goes to the one webhook.
ONE_ROUTE = (Route(DEFAULT_ENDPOINT),)


class SqlOutbox:
    """`ports.Outbox` on SQLAlchemy Core; the clock tells whether a lease still holds, the routes who gets what.

    Bodies, and what receivers answered, are kept as `seals` makes them.
    """

    def __init__(
        self, engine: Engine, clock: Clock, routes: Sequence[Route] = ONE_ROUTE, seals: Seals | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._routes = tuple(routes)
        self._seals: Seals = seals or Unsealed()

    def add(self, handoff: Handoff, body: bytes, *, deliver: bool) -> None:
        """Commit the handoff and its delivery duties; the same id again changes nothing."""
        row = {
            "id": handoff.event_id,
            "reference": handoff.event_reference,
            "event_type": handoff.event_type.value,
            "reason": handoff.reason.value,
            "urgency": handoff.urgency.value,
            "conversation_id": handoff.conversation_id,
            "created_at": handoff.created_at,
            "body": self._seals.seal(body),
        }
        with writing(self._engine) as connection:
            if insert_new(connection, handoffs, row):
                targets = self._targets(handoff.event_type.value) if deliver else []
                duties = [rows.new_duty(handoff.event_id, endpoint, handoff.created_at) for endpoint in targets]
                connection.execute(outbox.insert(), duties or [rows.held(handoff.event_id)])
            elif connection.execute(sa.select(handoffs.c.id).where(handoffs.c.id == handoff.event_id)).first() is None:
                raise StoreError("another handoff already has this reference: make a new one")

    def _targets(self, event_type: str) -> list[str]:
        return [route.endpoint for route in self._routes if route.takes(event_type)]

    def state(self, handoff_id: str) -> DeliveryState:
        """Return where this handoff stands, over all its endpoints. Raises UnknownHandoff."""
        with reading(self._engine) as connection:
            found = connection.execute(rows.SUMMARY.where(handoffs.c.id == handoff_id)).all()
        if not found:
            raise UnknownHandoff(f"no handoff {handoff_id}")
        return rows.one_summary(found, self._clock.now()).state

    def claim(
        self, now: datetime, *, lease_s: float, limit: int, endpoint: str = DEFAULT_ENDPOINT
    ) -> Sequence[OutboxItem]:
        """Take what is due at one endpoint for `lease_s` seconds, oldest first; nothing while it is disabled."""
        if timedelta(seconds=lease_s) > LEASE_LONGEST:
            raise ValueError("a lease longer than LEASE_LONGEST would be taken for one of another clock")
        claim = uuid.uuid4().hex
        due = (
            sa.select(
                handoffs.c.id,
                handoffs.c.event_type,
                handoffs.c.body,
                handoffs.c.created_at,
                (outbox.c.attempts - outbox.c.attempts_before).label("attempts"),
            )
            .select_from(rows.JOINED)
            .where(outbox.c.endpoint == endpoint, rows.is_due(now), rows.is_free(now), sa.not_(rows.DISABLED))
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
            found = connection.execute(due).all()
            if found:
                connection.execute(
                    outbox.update()
                    .where(outbox.c.handoff_id.in_([row.id for row in found]), outbox.c.endpoint == endpoint)
                    .values(claim=claim, leased_until=now + timedelta(seconds=lease_s))
                )
        return tuple(item for row in found if (item := self._opened(row, claim, endpoint, now)))

    def _opened(self, row: Row, claim: str, endpoint: str, now: datetime) -> OutboxItem | None:
        """Return a claimed row with its body, or make it a dead letter when the key to it is not here."""
        try:
            body = self._seals.open(bytes(row.body))
        except CannotOpen as error:
            attempt = Attempt(now, Outcome.RETRY, 0, detail=str(error))
            self.record(row.id, attempt, next_attempt_at=None, claim=claim, endpoint=endpoint)
            return None
        return OutboxItem(row.id, row.event_type, body, row.attempts, row.created_at, claim, endpoint)

    def record(
        self,
        handoff_id: str,
        attempt: Attempt,
        *,
        next_attempt_at: datetime | None,
        claim: str | None = None,
        endpoint: str = DEFAULT_ENDPOINT,
    ) -> None:
        """Write down one ended attempt and release the claim. Raises UnknownHandoff.

        An attempt whose `claim` another worker has taken over meanwhile is history only, unless it delivered: then the
        receiver has the handoff, whoever holds the claim. GONE disables the endpoint; what it is owed waits there.
        """
        duty = sa.and_(outbox.c.handoff_id == handoff_id, outbox.c.endpoint == endpoint)
        with writing(self._engine) as connection:
            held = connection.execute(sa.select(outbox.c.duty, outbox.c.claim).where(duty).with_for_update()).first()
            if held is None:
                raise UnknownHandoff(f"no handoff {handoff_id}")
            connection.execute(
                attempts.insert().values(
                    handoff_id=handoff_id,
                    endpoint=endpoint,
                    at=attempt.at,
                    outcome=attempt.outcome.value,
                    latency_ms=attempt.latency_ms,
                    status=attempt.status,
                    detail=sealed_text(self._seals, attempt.detail),
                    retry_after_s=attempt.retry_after_s,
                    next_attempt_at=next_attempt_at,
                )
            )
            changes: dict[str, Any] = {"attempts": outbox.c.attempts + 1}
            if attempt.outcome is Outcome.DELIVERED:
                changes |= rows.released(Duty.DELIVERED, attempt.at, None)
            elif held.duty != Duty.DELIVERED.value and claim in (None, held.claim):
                if attempt.outcome is Outcome.GONE:
                    changes |= rows.released(Duty.DUE, attempt.at, attempt.at)
                else:
                    changes |= rows.released(
                        Duty.FAILED if next_attempt_at is None else Duty.DUE, attempt.at, next_attempt_at
                    )
            connection.execute(outbox.update().where(duty).values(**changes))
            if attempt.outcome is Outcome.GONE:
                _disable(connection, endpoint, attempt.at)

    def list(self, state: DeliveryState | None = None, limit: int = 100) -> Sequence[HandoffSummary]:
        """Return the newest handoffs first, one line for each endpoint."""
        now = self._clock.now()
        query = rows.SUMMARY.order_by(handoffs.c.created_at.desc(), handoffs.c.id, outbox.c.endpoint).limit(limit)
        if state is not None:
            query = query.where(rows.is_in(state, now))
        with reading(self._engine) as connection:
            return tuple(rows.summary(row, now) for row in connection.execute(query))

    def show(self, handoff: str) -> tuple[HandoffSummary, bytes, Sequence[Attempt]]:
        """Return one handoff by id or reference. Raises UnknownHandoff."""
        with reading(self._engine) as connection:
            found = _find(connection, handoff)
            body = connection.execute(sa.select(handoffs.c.body).where(handoffs.c.id == found[0].id)).scalar_one()
            tried = connection.execute(
                attempts.select().where(attempts.c.handoff_id == found[0].id).order_by(attempts.c.number)
            ).all()
        opened = tuple(rows.attempt(one, opened_text(self._seals, one.detail)) for one in tried)
        return rows.one_summary(found, self._clock.now()), self._seals.open(bytes(body)), opened

    def retry(self, handoff: str, now: datetime) -> HandoffSummary:
        """Make one handoff due now where it is not delivered; what a worker holds stays with it."""
        with writing(self._engine) as connection:
            found = _find(connection, handoff)
            connection.execute(
                outbox.update()
                .where(outbox.c.handoff_id == found[0].id, outbox.c.duty != Duty.DELIVERED.value)
                .values(**rows.anew(now))
            )
            return rows.one_summary(_find(connection, found[0].id), now)

    def retry_many(
        self,
        now: datetime,
        *,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """Make due now what is in `state` and was created from `since` to before `until`; return how many."""
        chosen = sa.select(handoffs.c.id)
        if since is not None:
            chosen = chosen.where(handoffs.c.created_at >= since)
        if until is not None:
            chosen = chosen.where(handoffs.c.created_at < until)
        change = outbox.update().where(outbox.c.duty != Duty.DELIVERED.value, outbox.c.handoff_id.in_(chosen))
        if state is not None:
            change = change.where(rows.is_in(state, now))
        with writing(self._engine) as connection:
            return int(connection.execute(change.values(**rows.anew(now))).rowcount)

    def endpoints(self) -> Sequence[EndpointStatus]:
        """Return every endpoint that is configured or still owed something, by name."""
        with reading(self._engine) as connection:
            disabled = {row.name: row.disabled_at for row in connection.execute(endpoints.select())}
            count = sa.func.count().label("many")
            counted = connection.execute(
                sa.select(outbox.c.endpoint, outbox.c.duty, count)
                .where(outbox.c.duty.in_((Duty.DUE.value, Duty.FAILED.value)))
                .group_by(outbox.c.endpoint, outbox.c.duty)
            )
            owed = {(row.endpoint, row.duty): row.many for row in counted}
        names = {route.endpoint for route in self._routes} | {endpoint for endpoint, _ in owed}
        return tuple(
            EndpointStatus(
                name, disabled.get(name), owed.get((name, Duty.DUE.value), 0), owed.get((name, Duty.FAILED.value), 0)
            )
            for name in sorted(names)
        )

    def enable(self, endpoint: str, now: datetime) -> int:
        """Use an endpoint again that said 410, and make due now what it is owed; return how many."""
        with writing(self._engine) as connection:
            connection.execute(endpoints.delete().where(endpoints.c.name == endpoint))
            done = connection.execute(
                outbox.update()
                .where(outbox.c.endpoint == endpoint, outbox.c.duty == Duty.DUE.value)
                .values(**rows.anew(now))
            )
            return int(done.rowcount)

    def release_held(self, now: datetime) -> int:
        """Make due what was held, and what is owed to an endpoint that is no longer configured; return how many."""
        known = [route.endpoint for route in self._routes]
        lost = sa.and_(outbox.c.duty == Duty.DUE.value, outbox.c.endpoint.not_in(known), rows.is_free(now))
        query = (
            sa.select(outbox.c.handoff_id, outbox.c.endpoint, handoffs.c.event_type)
            .select_from(rows.JOINED)
            .where(sa.or_(outbox.c.duty == Duty.HELD.value, lost))
        )
        moved = 0
        with writing(self._engine) as connection:
            for row in connection.execute(query).all():
                targets = self._targets(row.event_type)
                if targets:
                    old = sa.and_(outbox.c.handoff_id == row.handoff_id, outbox.c.endpoint == row.endpoint)
                    connection.execute(outbox.delete().where(old))
                    for target in targets:
                        insert_new(connection, outbox, rows.new_duty(row.handoff_id, target, now))
                    moved += 1
        return moved

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the longest-owed handoff is owed, whenever its next try is; None when nothing is owed."""
        query = sa.select(sa.func.min(outbox.c.owed_since)).where(outbox.c.duty == Duty.DUE.value)
        with reading(self._engine) as connection:
            oldest: datetime | None = connection.execute(query).scalar()
        return None if oldest is None else min(oldest, now)  # the clock may have gone back


def _disable(connection: Connection, endpoint: str, at: datetime) -> None:
    insert_new(connection, endpoints, {"name": endpoint, "disabled_at": at})


def _find(connection: Connection, handoff: str) -> Sequence[Row]:
    """Return the rows of an id, or of a reference as somebody reads it out, in any case."""
    found: Sequence[Row] = connection.execute(
        rows.SUMMARY.where(sa.or_(handoffs.c.id == handoff, handoffs.c.reference == handoff.upper())).order_by(
            outbox.c.endpoint
        )
    ).all()
    if not found:
        raise UnknownHandoff(f"no handoff has the id or reference {handoff!r}")
    return found
