"""What a database needs to refuse every change of a table's rows but new ones."""

from __future__ import annotations

from collections.abc import Iterator


def statements(table: str) -> Iterator[tuple[str, str]]:
    """Return (dialect, statement) pairs that make `table` append only, in the order they have to be run."""
    for change in ("UPDATE", "DELETE"):
        yield (
            "sqlite",
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append only'); END",
        )
    yield (
        "postgresql",
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is append only'; END $$",
    )
    yield (
        "postgresql",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    )
