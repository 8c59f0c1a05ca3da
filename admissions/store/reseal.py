"""Everything that is kept sealed is sealed again under the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection, Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.store.db import reading, scrub, writing
from admissions.store.schema import attempts, handoffs
from admissions.store.sealing import SEALED, CannotOpen, Sealer, sealed_text

#: Rows of one transaction: a visitor's turn waits no longer than these take.
BATCH = 100


@dataclass(frozen=True)
class Resealed:
    """What was done."""

    changed: int  #: rows sealed again
    unreadable: int  #: rows whose key is not here, left as they are


def reseal(engine: Engine, sealer: Sealer) -> Resealed:
    """Seal what is under an older key, or was never sealed, under the newest one; safe beside running processes.

    Raises:
        StoreError: the database refused; what was done so far stays, and doing it again goes on from there.
    """
    changed = unreadable = 0
    for table, column, key in (
        (handoffs, handoffs.c.body, handoffs.c.id),
        (attempts, attempts.c.detail, attempts.c.number),
    ):
        for keys in _batches(engine, key):
            with writing(engine) as connection:
                done, failed = _reseal(connection, sealer, table, column, key, keys)
            changed, unreadable = changed + done, unreadable + failed
    scrub(engine)
    return Resealed(changed, unreadable)


def _batches(engine: Engine, key: sa.Column) -> Iterator[list[object]]:
    with reading(engine) as connection:
        keys = connection.execute(sa.select(key).order_by(key)).scalars().all()
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _reseal(
    connection: Connection, sealer: Sealer, table: sa.Table, column: sa.Column, key: sa.Column, keys: list[object]
) -> tuple[int, int]:
    changed = unreadable = 0
    for row in connection.execute(sa.select(key.label("key"), column.label("kept")).where(key.in_(keys))).all():
        try:
            again = _again(sealer, row.kept)
        except CannotOpen:
            unreadable += 1
            continue
        if again is not None:
            connection.execute(table.update().where(key == row.key).values({column.name: again}))
            changed += 1
    return changed, unreadable


def _again(sealer: Sealer, kept: object) -> object | None:
    """Return a body or a detail sealed under the newest key, None where it is so already. Raises CannotOpen."""
    if isinstance(kept, dict):
        token = str(kept[SEALED]).encode("ascii")
        return None if sealer.is_current(token) else {SEALED: sealer.seal(sealer.open(token)).decode("ascii")}
    if isinstance(kept, str):
        return sealed_text(sealer, kept) if kept else None
    assert isinstance(kept, (bytes, memoryview))
    body = bytes(kept)
    return None if sealer.is_current(body) else sealer.seal(sealer.open(body))
