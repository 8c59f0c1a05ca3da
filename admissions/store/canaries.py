"""How each endpoint's hourly test went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.core.canary import EVERY, CanaryStatus
from admissions.core.delivery import CLOCK_STEP
from admissions.store.db import insert_new, reading, writing
from admissions.store.schema import canaries


class SqlCanaries:
    """`ports.Canaries` on SQLAlchemy Core."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, endpoint: str, now: datetime) -> bool:
        """Say whether the endpoint's test is due and this worker's to send; one from before the clock went back is."""
        # A look first: a worker that asks every few seconds must not take the write lock each time.
        come = sa.or_(canaries.c.due_at <= now, canaries.c.due_at > now + EVERY + CLOCK_STEP)
        with reading(self._engine) as connection:
            known = connection.execute(sa.select(come).where(canaries.c.endpoint == endpoint)).scalar()
        if known is not None and not known:
            return False
        with writing(self._engine) as connection:
            if insert_new(connection, canaries, {"endpoint": endpoint, "due_at": now + EVERY, "detail": ""}):
                return True
            mine = canaries.update().where(canaries.c.endpoint == endpoint, come).values(due_at=now + EVERY)
            return bool(connection.execute(mine).rowcount)

    def note(self, endpoint: str, at: datetime, *, good: bool, detail: str) -> None:
        """Write down how a test ended; one that nobody took (`admissions doctor`) counts as well."""
        ended: dict[str, Any] = {"tried_at": at, "detail": "" if good else detail}
        if good:
            ended["good_at"] = at
        with writing(self._engine) as connection:
            if not insert_new(connection, canaries, {"endpoint": endpoint, "due_at": at + EVERY, **ended}):
                connection.execute(canaries.update().where(canaries.c.endpoint == endpoint).values(**ended))

    def statuses(self) -> Sequence[CanaryStatus]:
        """Return what is known of every endpoint's test, by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(canaries.select().order_by(canaries.c.endpoint)).all()
        return tuple(CanaryStatus(row.endpoint, row.tried_at, row.good_at, row.detail) for row in rows)
