"""Rasa's own table of events, from which the answers of an ended intake are taken out.

Rows are emptied in place and never deleted: Rasa counts them to know which of a conversation's events it has saved.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]

from admissions.store.db import make_side_engine, reading, writing

_EVENTS = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "type_name", "data")))

#: The slot that holds the state of the intake, as `admissions.names` calls it.
INTAKE_SLOT = "intake"

#: Kinds of events that hold words.
_SAID = ("user", "bot")

#: A row: its number, its kind, its event.
Row = tuple[int, str, dict[str, Any]]

#: Stands for a visitor's words; Rasa does not take a user event without any.
REMOVED = "-"


class SqlTrackerEvents:
    """`ports.TrackerEvents` on Rasa's SQLite file; where there is no such file there is nothing to remove."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def remove_answers(self, conversation_id: str, *, words: bool) -> None:
        """Empty every saved state of the intake; with `words` also all that was said since it began.

        Raises:
            StoreError: the table could not be read or written; nothing was removed.
        """
        if not self._path.exists():
            return
        engine = make_side_engine(self._path)
        try:
            with reading(engine) as connection:
                query = sa.select(_EVENTS.c.id, _EVENTS.c.type_name, _EVENTS.c.data)
                rows = connection.execute(
                    query.where(_EVENTS.c.sender_id == conversation_id).order_by(_EVENTS.c.id)
                ).all()
            emptied = _emptied([(row.id, row.type_name, json.loads(row.data)) for row in rows], words=words)
            if emptied:
                with writing(engine) as connection:
                    for number, data in emptied:
                        connection.execute(
                            sa.update(_EVENTS).where(_EVENTS.c.id == number).values(data=json.dumps(data))
                        )
        finally:
            engine.dispose()


def _emptied(rows: Sequence[Row], *, words: bool) -> list[tuple[int, dict[str, Any]]]:
    states = [index for index, (_, _, data) in enumerate(rows) if _is_state(data)]
    if not states:
        return []
    # The message that opened the intake may answer already: "I need help for my wife, she is 41".
    opened = max((index for index in range(states[0]) if rows[index][1] == "user"), default=states[0])
    changed = [(rows[index][0], {**rows[index][2], "value": None}) for index in states]
    if words:
        changed += [(number, _without_words(kind, data)) for number, kind, data in rows[opened:] if kind in _SAID]
    return changed


def _is_state(data: dict[str, Any]) -> bool:
    return data.get("event") == "slot" and data.get("name") == INTAKE_SLOT and data.get("value") is not None


def _without_words(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    if kind == "bot":
        return {**data, "text": None, "data": {}, "metadata": {}}
    intent = (data.get("parse_data") or {}).get("intent")
    return {**data, "text": REMOVED, "parse_data": {"intent": intent, "entities": [], "text": REMOVED}, "metadata": {}}
