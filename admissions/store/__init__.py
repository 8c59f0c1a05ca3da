"""Where what people entrust to us is kept: SQL tables, SQLite by default, PostgreSQL for many machines."""

from __future__ import annotations

from admissions.store.conversations import SqlConversations
from admissions.store.db import make_engine
from admissions.store.outbox import SqlOutbox

__all__ = ["SqlConversations", "SqlOutbox", "make_engine"]
