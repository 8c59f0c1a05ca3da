"""What is older than the centre keeps it goes, all of it, and nothing younger; what a visitor deletes goes at once."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from admissions.core.delivery import DeliveryState, Outcome, Route
from admissions.core.message import Kind, Message, Sender
from admissions.core.notices import Kind as NoticeKind
from admissions.core.retention import Expired, Keep
from admissions.errors import UnknownHandoff
from admissions.store import SqlConversations, SqlOutbox
from admissions.store.notices import SqlNotices
from admissions.store.retention import BATCH, SqlRetention
from admissions.store.schema import attempts, claims, deletions, metadata, notices
from tests.fakes import NOW, FixedClock, make_attempt, make_handoff

KEEP = Keep(conversations_days=30, handoffs_days=90)
NOTHING = Expired(conversations=0, messages=0, events=0, handoffs=0, undelivered=0)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Rasa's file with an event of each of three days."""
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
        for days in (31, 29, 0):
            row = (f"c{days}", days_ago(days).timestamp(), f"canary of {days} days")
            connection.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)", row)
    connection.close()
    return path


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    return SqlOutbox(engine, FixedClock())


def talk(engine: Engine, name: str, at: datetime) -> None:
    """Keep a conversation of one line."""
    conversations = SqlConversations(engine)
    conversations.create(name, at, page_url=None, time_zone=None)
    conversations.begin_turn(name, "id-1", Message("m1", Sender.VISITOR, at, Kind.TEXT, f"said in {name}"))


def everything(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_conversations_go_with_their_messages_and_rasas_events(engine: Engine, tracker: Path) -> None:
    # given
    for days in (31, 29):
        talk(engine, f"c{days}", days_ago(days))
    retention = SqlRetention(engine, tracker)
    expected = Expired(conversations=1, messages=1, events=1, handoffs=0, undelivered=0)

    # when / then the dry run says the same and changes nothing
    assert retention.expired(NOW, KEEP) == expected
    assert retention.purge(NOW, KEEP) == expected
    assert retention.purge(NOW, KEEP) == NOTHING

    conversations = SqlConversations(engine)
    assert not conversations.exists("c31")
    assert [message.text for message in conversations.messages("c29")] == ["said in c29"]
    left = tracker.read_bytes()
    assert b"canary of 31 days" not in left
    assert b"canary of 29 days" in left


def test_handoffs_go_with_all_that_hangs_on_them_whatever_their_state(
    engine: Engine, outbox: SqlOutbox, tmp_path: Path
) -> None:
    # given a delivered one, a dead letter, one on its way, and one of 89 days
    for number, days in enumerate((91, 91, 91, 89), start=1):
        outbox.add(make_handoff(number, created_at=days_ago(days)), b"{}", deliver=True)
        SqlNotices(engine).take(f"hnd_000{number}", NoticeKind.FIRST, NOW)
        SqlNotices(engine).claim(f"hnd_000{number}", NOW)
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)
    outbox.record("hnd_0002", make_attempt(), next_attempt_at=None)

    # when
    done = SqlRetention(engine, tmp_path / "none.db").purge(NOW, KEEP)

    # then
    assert done == Expired(conversations=0, messages=0, events=0, handoffs=3, undelivered=2)
    assert [one.handoff_id for one in outbox.list()] == ["hnd_0004"]
    rows = everything(engine)
    assert (rows["handoffs"], rows["outbox"], rows["attempts"], rows["notices"], rows["claims"]) == (1, 1, 0, 1, 1)


def test_a_worker_that_held_one_finds_it_gone(engine: Engine, outbox: SqlOutbox, tmp_path: Path) -> None:
    outbox.add(make_handoff(1, created_at=days_ago(91)), b"{}", deliver=True)
    (item,) = outbox.claim(NOW, lease_s=30, limit=1)

    SqlRetention(engine, tmp_path / "none.db").purge(NOW, KEEP)

    with pytest.raises(UnknownHandoff):
        outbox.record(item.handoff_id, make_attempt(), next_attempt_at=NOW, claim=item.claim)


def test_more_than_one_batch_goes_in_one_purge(engine: Engine, tmp_path: Path) -> None:
    for number in range(BATCH + 1):
        talk(engine, f"c{number}", days_ago(31))

    done = SqlRetention(engine, tmp_path / "none.db").purge(NOW, KEEP)

    assert done.conversations == done.messages == BATCH + 1
    assert everything(engine)["conversations"] == everything(engine)["turns"] == 0


def test_a_tracker_file_without_events_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    talk(engine, "c1", days_ago(31))

    assert SqlRetention(engine, tmp_path / "empty.db").purge(NOW, KEEP).events == 0


def test_deleting_a_chat_withdraws_what_no_receiver_has(engine: Engine, outbox: SqlOutbox) -> None:
    # given three handoffs of one conversation, one of them delivered, and one of another conversation
    talk(engine, "conversation-1", NOW)
    for number in (1, 2, 3, 4):
        handoff = make_handoff(number)
        object.__setattr__(handoff, "conversation_id", "conversation-4" if number == 4 else "conversation-1")
        outbox.add(handoff, b"{}", deliver=number != 3)
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)
    outbox.record("hnd_0002", make_attempt(), next_attempt_at=NOW)

    # when
    receipt = SqlConversations(engine).forget("conversation-1", NOW)

    # then
    assert {one.handoff_id for one in outbox.list()} == {"hnd_0001", "hnd_0004"}
    with engine.connect() as connection:
        (kept,) = connection.execute(sa.select(deletions)).all()
        left = [
            connection.execute(sa.select(table.c.handoff_id)).scalars().all() for table in (attempts, notices, claims)
        ]
    assert (kept.receipt, kept.messages, kept.handoffs, kept.handoffs_kept) == (receipt, 1, 2, 1)
    assert left == [["hnd_0001"], [], []]


def test_what_one_of_two_receivers_has_is_kept_and_not_sent_to_the_other(engine: Engine) -> None:
    # given
    outbox = SqlOutbox(engine, FixedClock(), (Route("default"), Route("board")))
    outbox.add(make_handoff(1), b"{}", deliver=True)
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None, endpoint="board")

    # when
    SqlConversations(engine).forget("conversation-1", NOW)

    # then
    assert outbox.state("hnd_0001") is DeliveryState.DELIVERED
    assert not outbox.claim(NOW, lease_s=30, limit=4, endpoint="default")


def test_each_deletion_has_a_receipt_of_its_own(engine: Engine) -> None:
    talk(engine, "c1", NOW)

    receipts = {SqlConversations(engine).forget("c1", NOW) for _ in range(2)}

    assert len(receipts) == 2
    assert everything(engine)["deletions"] == 2
    assert everything(engine)["conversations"] == 0
