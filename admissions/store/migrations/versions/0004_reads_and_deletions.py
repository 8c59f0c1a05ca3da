"""Who read what visitors entrusted to us, and what visitors had deleted."""

from __future__ import annotations

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from alembic import op  # type: ignore[import-not-found,unused-ignore]

from admissions.store import append_only

revision = "0004"
down_revision = "0003"

#: As `schema.Utc` is stored.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the two tables; what was read or deleted before is not known."""
    op.create_table(
        "reads",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    for dialect, statement in append_only.statements("reads"):
        if op.get_bind().dialect.name == dialect:
            op.execute(statement)
    op.create_table(
        "deletions",
        sa.Column("receipt", sa.String(32), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("handoffs", sa.Integer, nullable=False),
        sa.Column("handoffs_kept", sa.Integer, nullable=False),
    )
