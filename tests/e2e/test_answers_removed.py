"""After a sent handoff the real processes keep its answers in the handoff and nowhere else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.assistant import Assistant, Desk, Visitor

pytestmark = pytest.mark.model

#: Words that can come from nowhere but the visitor.
CANARIES = ("zebrawood", "7195550177", "719-555-0177", "ketamine")


def dump(var: Path) -> str:
    """Return every row of every table, of every database."""
    found = []
    for path in var.glob("*.db"):
        with sqlite3.connect(path) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                found += [str(row) for row in connection.execute(f"SELECT * FROM {table}")]
    return "\n".join(found).lower()


def test_after_sending_the_answers_are_in_the_handoff_and_nowhere_else(
    visitor: Visitor, desk: Desk, assistant: Assistant
) -> None:
    # given
    visitor.say("take the questions")
    for words in ("no", "me", "34", "PHP", "no", "yes", "no", "no", "none of these", "ketamine"):
        visitor.say(words)
    visitor.say("my name is Zebrawood")
    visitor.say("719-555-0177")
    visitor.say("tomorrow at 3 pm")
    assert "Zebrawood" in visitor.say("text only")
    assert all(canary in dump(assistant.var) for canary in CANARIES if "-" not in canary)

    # when
    assert "reference" in visitor.tap("Send")

    # then
    rest = dump(assistant.var)  # the handoff's own row is sealed
    assert [canary for canary in CANARIES if canary in rest] == []
    logs = "".join(path.read_text(errors="replace") for path in (assistant.var / "log").glob("*.log")).lower()
    assert [canary for canary in CANARIES if canary in logs] == []
    assert any("Zebrawood" in str(webhook) for webhook in desk.received)
    assert "zebrawood" not in str(visitor.history()).lower()
