"""Which handoffs admissions was told of, and which somebody has claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.core.handoff import Urgency
from admissions.core.notices import Kind, Waiting
from admissions.errors import UnknownHandoff
from admissions.store.db import insert_new, reading, writing
from admissions.store.schema import claims, handoffs, notices

#: Handoffs older than this are told of no more: a person who looks after so long needs the list, not a notice.
TOLD_OF_FOR = timedelta(days=7)

#: The pauses between tries of one notice: short at first, since a person waits; after the last no more is tried.
TRY_AGAIN_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)


class SqlNotices:
    """`ports.Notices` on SQLAlchemy Core."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return the handoffs of the last days that nobody has claimed and that still owe a notice, oldest first."""
        unclaimed = (
            sa.select(handoffs.c.id, handoffs.c.reference, handoffs.c.urgency, handoffs.c.created_at)
            .select_from(handoffs.outerjoin(claims))
            .where(claims.c.handoff_id.is_(None), handoffs.c.created_at > now - TOLD_OF_FOR)
            .order_by(handoffs.c.created_at, handoffs.c.id)
        )
        sent = (
            sa.select(notices.c.handoff_id, notices.c.kind)
            .select_from(notices.join(handoffs))
            .where(notices.c.sent_at.is_not(None), handoffs.c.created_at > now - TOLD_OF_FOR)
        )
        with reading(self._engine) as connection:
            told: dict[str, set[Kind]] = {}
            for row in connection.execute(sent):
                told.setdefault(row.handoff_id, set()).add(Kind(row.kind))
            found = connection.execute(unclaimed).all()
        return tuple(
            Waiting(row.id, row.reference, Urgency(row.urgency), row.created_at, frozenset(told.get(row.id, ())))
            for row in found
            if len(told.get(row.id, ())) < len(Kind)
        )

    def take(self, handoff_id: str, kind: Kind, now: datetime) -> int | None:
        """Take one notice to send it and return the try's number; None when it is not this worker's to send now.

        The notice stays with the worker until its next try is due; a worker that dies leaves it to that.
        """
        row = {"handoff_id": handoff_id, "kind": kind.value, "tries": 1, "next_try_at": now + TRY_AGAIN_AFTER[0]}
        mine = sa.and_(notices.c.handoff_id == handoff_id, notices.c.kind == kind.value)
        with writing(self._engine) as connection:
            if connection.execute(sa.select(handoffs.c.id).where(handoffs.c.id == handoff_id)).first() is None:
                return None  # deleted meanwhile
            if insert_new(connection, notices, row):
                return 1
            found = connection.execute(notices.select().where(mine).with_for_update()).one()
            if found.sent_at is not None or found.tries > len(TRY_AGAIN_AFTER) or found.next_try_at > now:
                return None
            pause = TRY_AGAIN_AFTER[min(found.tries, len(TRY_AGAIN_AFTER) - 1)]
            connection.execute(notices.update().where(mine).values(tries=found.tries + 1, next_try_at=now + pause))
            return int(found.tries) + 1

    def note_sent(self, handoff_id: str, kind: Kind, now: datetime) -> None:
        """Remember that a notice went out."""
        with writing(self._engine) as connection:
            connection.execute(
                notices.update()
                .where(notices.c.handoff_id == handoff_id, notices.c.kind == kind.value)
                .values(sent_at=now)
            )

    def claim(self, handoff: str, now: datetime) -> int:
        """Note that somebody has taken on a handoff (id or reference), its corrections too; return how many are new.

        Raises:
            UnknownHandoff: there is none of this name.
        """
        named = sa.or_(
            handoffs.c.id == handoff,
            handoffs.c.reference == handoff.upper(),
            handoffs.c.reference.like(f"{_literal(handoff.upper())}+%", escape="\\"),
        )
        with writing(self._engine) as connection:
            ids = connection.execute(sa.select(handoffs.c.id).where(named)).scalars().all()
            if not ids:
                raise UnknownHandoff(f"no handoff {handoff}")
            return sum(insert_new(connection, claims, {"handoff_id": one, "claimed_at": now}) for one in ids)


def _literal(text: str) -> str:
    """Return text in which LIKE sees no wildcard."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
