"""The tables: handoffs with the duty to deliver them, conversations with their turns, and counters.

A change here needs a step in `migrations/versions/`, for databases that exist, and its number in `HEAD`;
tests/store/test_migrate.py compares the two.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]

from admissions.store import append_only


class Utc(sa.types.TypeDecorator):  # type: ignore[misc,unused-ignore]
    """An aware moment, stored as UTC on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        moment = value.astimezone(timezone.utc)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Json(sa.types.TypeDecorator):  # type: ignore[misc,unused-ignore]
    """Any JSON value as ASCII text, so that NUL and lone surrogates in a visitor's words fit every database.

    Equal values have equal text, so columns of this type can be compared with `==`.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Any) -> str | None:
        return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


def _number() -> sa.Column:
    """Return a rising row number; SQLite only counts by itself in a column called INTEGER."""
    return sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


#: The newest step in `migrations/versions/`: what a database of this form is marked with.
HEAD = "0004"

metadata = sa.MetaData()

#: What was handed over; written once, never changed.
handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    sa.Column("event_type", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("urgency", sa.String(16), nullable=False),
    sa.Column("conversation_id", sa.String(64), nullable=False, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

#: Endpoints that said 410 and were not enabled again; the others have no row.
endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("disabled_at", Utc, nullable=False),
)

#: The duty to deliver each handoff to each endpoint that takes it; made in the same transaction as the handoff.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), primary_key=True),
    sa.Column("endpoint", sa.String(32), primary_key=True),
    sa.Column("duty", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("attempts_before", sa.Integer, nullable=False),  # those of schedules a person started anew
    sa.Column("owed_since", Utc),
    sa.Column("next_attempt_at", Utc),
    sa.Column("scheduled_at", Utc),  # when next_attempt_at was noted: in the future, the clock went back since
    sa.Column("claim", sa.String(32)),
    sa.Column("leased_until", Utc),
    sa.Index("outbox_due", "duty", "next_attempt_at"),
)

#: Every ended attempt to deliver.
attempts = sa.Table(
    "attempts",
    metadata,
    _number(),
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id"), nullable=False, index=True),
    sa.Column("endpoint", sa.String(32), nullable=False, server_default="default"),
    sa.Column("at", Utc, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("latency_ms", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("detail", Json, nullable=False),
    sa.Column("retry_after_s", sa.Float),
    sa.Column("next_attempt_at", Utc),
)

#: Notices to admissions that a handoff waits: tries, and when one went out. Gone with their handoff.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_try_at", Utc, nullable=False),
    sa.Column("sent_at", Utc),
)

#: Handoffs that somebody in admissions has taken on. Gone with their handoff.
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("handoff_id", sa.ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("claimed_at", Utc, nullable=False),
)

#: The hourly test of each endpoint.
canaries = sa.Table(
    "canaries",
    metadata,
    sa.Column("endpoint", sa.String(32), primary_key=True),
    sa.Column("due_at", Utc, nullable=False),
    sa.Column("tried_at", Utc),
    sa.Column("good_at", Utc),
    sa.Column("detail", Json, nullable=False),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("page_url", Json),
    sa.Column("time_zone", Json),
    sa.Column("lane", sa.String(32)),  # of the last emergency card shown
)

#: One row for each message id a visitor's widget made.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("client_id", Json, primary_key=True),
    sa.Column("claimed_at", Utc, nullable=False),
    sa.Column("finished", sa.Boolean, nullable=False),
)

#: What was said, in order of `number`; `client_id` is the turn it belongs to, none for the greeting.
messages = sa.Table(
    "messages",
    metadata,
    _number(),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("client_id", Json),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("body", Json, nullable=False),
)

#: Every time a person read what visitors entrusted to us; `chain` holds each row to the one before it. Append only.
reads = sa.Table(
    "reads",
    metadata,
    _number(),
    sa.Column("at", Utc, nullable=False),
    sa.Column("person", Json, nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(80), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
)
for _dialect, _statement in append_only.statements("reads"):
    sa.event.listen(reads, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))

#: What visitors had deleted: the receipt they got and how much it was, nothing that says whose.
deletions = sa.Table(
    "deletions",
    metadata,
    sa.Column("receipt", sa.String(32), primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("handoffs", sa.Integer, nullable=False),
    sa.Column("handoffs_kept", sa.Integer, nullable=False),  # delivered already: admissions has them
)

#: How often something happened on a day (UTC): no text, no conversation.
daily_counts = sa.Table(
    "daily_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

#: One row that the readiness check writes and reads.
heartbeat = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("beats", sa.BigInteger, nullable=False),
)
