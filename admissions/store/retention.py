"""What is older than the centre keeps it, counted and deleted: conversations with Rasa's events, and handoffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection, Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.core.delivery import Duty
from admissions.core.retention import Expired, Keep
from admissions.store import outbox_rows as rows
from admissions.store.db import make_side_engine, reading, scrub, writing
from admissions.store.schema import attempts, conversations, handoffs, messages, outbox, turns

#: Conversations or handoffs of one transaction: a visitor's turn waits no longer than these take.
BATCH = 100

#: Rasa's file in the folder of ADMISSIONS_VAR (endpoints.yml).
TRACKER_FILE = "tracker.db"

#: Rasa's own table; `timestamp` counts seconds since 1970.
_EVENTS = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "timestamp")))


class SqlRetention:
    """`ports.Retention` on our tables and, where there is one, Rasa's SQLite file."""

    def __init__(self, engine: Engine, tracker: Path) -> None:
        self._engine = engine
        self._tracker = tracker

    def expired(self, now: datetime, keep: Keep) -> Expired:
        """Return how much is older than `keep` says; nothing is changed. Raises StoreError."""
        old = _old(conversations, now, keep.conversations_days)
        gone, owed = _old(handoffs, now, keep.handoffs_days), outbox.c.duty != Duty.DELIVERED.value
        with reading(self._engine) as connection:
            said = sa.select(sa.func.count()).select_from(messages.join(conversations)).where(old)
            undelivered = sa.select(sa.func.count(handoffs.c.id.distinct())).select_from(rows.JOINED).where(gone, owed)
            return Expired(
                conversations=_count(connection, conversations, old),
                messages=int(connection.execute(said).scalar_one()),
                events=self._events(now, keep, delete=False),
                handoffs=_count(connection, handoffs, gone),
                undelivered=int(connection.execute(undelivered).scalar_one()),
            )

    def purge(self, now: datetime, keep: Keep) -> Expired:
        """Delete it, from SQLite's log too, and return how much it was; any number may do so at once.

        Raises:
            StoreError: the database refused; what was deleted so far stays deleted.
        """
        found = self.expired(now, keep)
        if not any(vars(found).values()):
            return found
        self._events(now, keep, delete=True)
        for table, days, delete in (
            (conversations, keep.conversations_days, _delete_conversations),
            (handoffs, keep.handoffs_days, delete_handoffs),
        ):
            while True:
                with writing(self._engine) as connection:
                    query = sa.select(table.c.id).where(_old(table, now, days)).order_by(table.c.id).limit(BATCH)
                    ids = connection.execute(query).scalars().all()
                    delete(connection, ids)
                if len(ids) < BATCH:
                    break
        scrub(self._engine)
        return found

    def _events(self, now: datetime, keep: Keep, *, delete: bool) -> int:
        """Count or delete Rasa's events. A session ends after a day: no event is a younger conversation's."""
        if not self._tracker.exists():
            return 0
        before = (now - timedelta(days=keep.conversations_days)).timestamp()
        engine = make_side_engine(self._tracker)
        try:
            with (writing if delete else reading)(engine) as connection:
                if not sa.inspect(connection).has_table(_EVENTS.name):
                    return 0
                old = _EVENTS.c.timestamp < before
                if delete:
                    return int(connection.execute(sa.delete(_EVENTS).where(old)).rowcount)
                return _count(connection, _EVENTS, old)
        finally:
            engine.dispose()


def delete_handoffs(connection: Connection, ids: Sequence[str]) -> None:
    """Delete handoffs with all that hangs on them; a worker that holds one finds it gone and goes on."""
    if ids:
        for table in (attempts, outbox):
            connection.execute(table.delete().where(table.c.handoff_id.in_(ids)))
        connection.execute(handoffs.delete().where(handoffs.c.id.in_(ids)))


def withdraw(connection: Connection, conversation_id: str) -> tuple[int, int]:
    """Delete the handoffs of a conversation that no receiver has; return how many, and how many are with one.

    Of those that one receiver has and another does not, the duty to send them to the other is deleted.
    """
    mine = sa.select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id)
    # Locked, so that a worker that has just delivered one is seen or waits.
    duties = sa.select(outbox.c.handoff_id, outbox.c.duty).where(outbox.c.handoff_id.in_(mine)).with_for_update()
    found = connection.execute(duties).all()
    ids = {row.handoff_id for row in found}
    kept = {row.handoff_id for row in found if row.duty == Duty.DELIVERED.value}
    connection.execute(outbox.delete().where(outbox.c.handoff_id.in_(kept), outbox.c.duty != Duty.DELIVERED.value))
    delete_handoffs(connection, sorted(ids - kept))
    return len(ids - kept), len(kept)


def _delete_conversations(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        for table in (messages, turns):
            connection.execute(table.delete().where(table.c.conversation_id.in_(ids)))
        connection.execute(conversations.delete().where(conversations.c.id.in_(ids)))


def _old(table: sa.Table, now: datetime, days: int) -> Any:
    return table.c.created_at < now - timedelta(days=days)


def _count(connection: Connection, table: Any, condition: Any) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one())
