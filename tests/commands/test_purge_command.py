"""`admissions purge`: says how much is too old, and deletes it; the worker does the same."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from pathlib import Path

import pytest

from admissions import cli
from admissions.commands.purge import purge_rounds
from admissions.core.retention import Expired, Keep
from admissions.errors import StoreError
from admissions.store import SqlOutbox, make_engine
from tests.fakes import FixedClock, make_handoff


def test_a_dry_run_says_what_a_purge_then_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given a handoff of six years ago
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    outbox = SqlOutbox(make_engine(f"sqlite:///{tmp_path / 'admissions.db'}"), FixedClock())
    outbox.add(make_handoff(1, created_at=datetime(2020, 1, 1, tzinfo=timezone.utc)), b"{}", deliver=True)

    # when / then
    assert cli.main(["purge", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "handoffs older than 90 days: 1 would be deleted, 1 of them never delivered"
    )
    assert len(outbox.list()) == 1

    assert cli.main(["purge"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "conversations older than 30 days: 0 deleted, with 0 messages and 0 events of Rasa",
        "handoffs older than 90 days: 1 deleted, 1 of them never delivered",
    ]
    assert outbox.list() == ()


async def test_rounds_go_on_after_a_database_that_refused() -> None:
    # given
    stop, done = asyncio.Event(), []

    class Refuses:
        def expired(self, now: datetime, keep: Keep) -> Expired:
            raise AssertionError("a round does not ask first")

        def purge(self, now: datetime, keep: Keep) -> Expired:
            done.append(keep)
            if len(done) == 1:
                raise StoreError("the database refused: database is locked")
            stop.set()
            return Expired(1, 2, 3, 0, 0)

    # when
    await purge_rounds(Refuses(), FixedClock(), Keep(30, 90), stop, every_s=0)

    # then
    assert done == [Keep(30, 90)] * 2
