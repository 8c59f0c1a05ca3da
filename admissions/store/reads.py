"""The append-only record of what people read; each row holds a hash over the one before, so a gap shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.store.db import reading, writing
from admissions.store.schema import reads

#: What the first row is held to.
BEGINNING = "0" * 64

#: Any number, the same in all our processes: PostgreSQL lets one of them add at a time.
_LOCK = 7306


@dataclass(frozen=True)
class Read:
    """One time somebody read something."""

    number: int
    at: datetime
    person: str
    action: str
    subject: str
    true: bool  #: it and all before it are as they were written


class SqlReads:
    """`ports.Reads` on SQLAlchemy Core."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, at: datetime, person: str, action: str, subject: str) -> None:
        """Add one read. Raises StoreError."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":  # on SQLite the write transaction already keeps others out
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            last = sa.select(reads.c.chain).order_by(reads.c.number.desc()).limit(1)
            before = connection.execute(last).scalar() or BEGINNING
            chain = _chain(before, at, person, action, subject)
            connection.execute(reads.insert().values(at=at, person=person, action=action, subject=subject, chain=chain))

    def all(self) -> Sequence[Read]:
        """Return every read, the first one first."""
        with reading(self._engine) as connection:
            rows = connection.execute(reads.select().order_by(reads.c.number)).all()
        found, before, true = [], BEGINNING, True
        for row in rows:
            true = true and row.chain == _chain(before, row.at, row.person, row.action, row.subject)
            found.append(Read(row.number, row.at, row.person, row.action, row.subject, true))
            before = row.chain
        return tuple(found)


def _chain(before: str, at: datetime, person: str, action: str, subject: str) -> str:
    said = "\n".join((before, at.isoformat(), repr(person), action, repr(subject)))
    return hashlib.sha256(said.encode("ascii", "backslashreplace")).hexdigest()
