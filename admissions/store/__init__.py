"""Where what people entrust to us is kept: SQL tables, SQLite by default, PostgreSQL for many machines."""

from __future__ import annotations

from sqlalchemy.engine import Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.store.conversations import SqlConversations
from admissions.store.db import make_engine
from admissions.store.outbox import SqlOutbox
from admissions.store.schema import create_tables

__all__ = ["SqlConversations", "SqlOutbox", "create_tables", "make_engine", "open_store"]


def open_store(url: str) -> Engine:
    """Return an engine whose tables exist. Raises StoreError."""
    engine = make_engine(url)
    create_tables(engine)
    return engine
