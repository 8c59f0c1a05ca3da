"""Notices to admissions, what somebody has claimed, and each endpoint's hourly test."""

from __future__ import annotations

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from alembic import op  # type: ignore[import-not-found,unused-ignore]

revision = "0003"
down_revision = "0002"

#: As `schema.Utc` is stored.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables; of handoffs that are there already nobody is told anew."""
    op.create_table(
        "notices",
        sa.Column("handoff_id", sa.String(64), sa.ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
    )
    op.create_table(
        "claims",
        sa.Column("handoff_id", sa.String(64), sa.ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("claimed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "canaries",
        sa.Column("endpoint", sa.String(32), primary_key=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("good_at", MOMENT),
        sa.Column("detail", sa.Text, nullable=False),
    )
    for kind in ("first", "second"):
        op.execute(
            "INSERT INTO notices (handoff_id, kind, tries, next_try_at, sent_at)"
            f" SELECT id, '{kind}', 0, created_at, created_at FROM handoffs"
        )
