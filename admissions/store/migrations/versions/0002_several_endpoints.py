"""A duty for each endpoint, since when it is owed, and endpoints that are disabled."""

from __future__ import annotations

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from alembic import op  # type: ignore[import-not-found,unused-ignore]

revision = "0002"
down_revision = "0001"

#: As `schema.Utc` is stored.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keep every duty, attempt and claim; all of them were the one webhook's."""
    op.create_table(
        "endpoints",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("disabled_at", MOMENT, nullable=False),
    )
    op.add_column("attempts", sa.Column("endpoint", sa.String(32), nullable=False, server_default="default"))
    op.add_column("attempts", sa.Column("next_attempt_at", MOMENT))
    op.drop_index("outbox_due", "outbox")
    op.rename_table("outbox", "outbox_before")
    op.create_table(
        "outbox",
        sa.Column("handoff_id", sa.String(64), sa.ForeignKey("handoffs.id"), primary_key=True),
        sa.Column("endpoint", sa.String(32), primary_key=True),
        sa.Column("duty", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempts_before", sa.Integer, nullable=False),
        sa.Column("owed_since", MOMENT),
        sa.Column("next_attempt_at", MOMENT),
        sa.Column("scheduled_at", MOMENT),
        sa.Column("claim", sa.String(32)),
        sa.Column("leased_until", MOMENT),
    )
    op.execute(
        "INSERT INTO outbox (handoff_id, endpoint, duty, attempts, attempts_before, owed_since, next_attempt_at,"
        " scheduled_at, claim, leased_until)"
        " SELECT handoff_id, 'default', duty, attempts, 0, handoffs.created_at, next_attempt_at,"
        " handoffs.created_at, claim, leased_until"
        " FROM outbox_before JOIN handoffs ON handoffs.id = outbox_before.handoff_id"
    )
    op.drop_table("outbox_before")
    op.create_index("outbox_due", "outbox", ["duty", "next_attempt_at"])
