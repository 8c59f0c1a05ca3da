"""What Alembic runs: the steps in `versions/`, on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context  # type: ignore[import-not-found,unused-ignore]

from admissions.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
