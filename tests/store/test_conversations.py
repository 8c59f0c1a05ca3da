"""Conversations: repeated ids, offered payloads, and forgetting. On every database we support."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from admissions.core.message import Button, Kind, Message, Sender
from admissions.errors import StoreError
from admissions.store import SqlConversations, make_engine
from admissions.store.conversations import TURN_DIED_AFTER
from admissions.store.db import reading
from admissions.store.schema import daily_counts
from tests.fakes import NOW

CANARY = "canary-7f3a9 what I said at two in the morning"


@pytest.fixture
def conversations(engine: Engine) -> SqlConversations:
    """A store with the conversation `c1` in it."""
    made = SqlConversations(engine)
    made.create("c1", NOW, page_url="https://example.org/iop", time_zone="America/Denver")
    return made


def said(text: str = "what is iop", number: int = 1, after: timedelta = timedelta(0)) -> Message:
    return Message(f"v{number}", Sender.VISITOR, NOW + after, Kind.TEXT, text)


def answer(text: str = "It is a programme.", number: int = 1, payload: str | None = None) -> Message:
    buttons = (Button("Tell me more", payload),) if payload else ()
    return Message(f"b{number}", Sender.BOT, NOW, Kind.CHOICE, text, buttons, "article §1", "hnd_0001")


def test_a_created_conversation_exists_with_its_context(conversations: SqlConversations) -> None:
    assert conversations.exists("c1")
    assert not conversations.exists("c2")
    assert conversations.context("c1") == ("https://example.org/iop", "America/Denver")
    assert conversations.context("c2") == (None, None)


def test_a_conversation_is_created_once(conversations: SqlConversations) -> None:
    with pytest.raises(StoreError):
        conversations.create("c1", NOW, page_url=None, time_zone=None)


def test_messages_come_back_whole_and_in_order(conversations: SqlConversations) -> None:
    greeting = answer("Hello.", 0, payload="p0")
    conversations.append("c1", [greeting])
    conversations.begin_turn("c1", "id-1", said())
    conversations.finish_turn("c1", "id-1", [answer(), answer(number=2)])

    assert conversations.messages("c1") == (greeting, said(), answer(), answer(number=2))


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "😀 \u202e مرحبا", "<b>&amp;</b>", "'; DROP TABLE messages; --", "ä" * 5000]
)
def test_any_text_a_visitor_types_comes_back_unchanged(conversations: SqlConversations, text: str) -> None:
    conversations.begin_turn("c1", text, said(text))
    conversations.finish_turn("c1", text, [answer(text, payload=text or None)])

    assert [message.text for message in conversations.messages("c1")] == [text, text]
    assert conversations.begin_turn("c1", text, said(text)) == (answer(text, payload=text or None),)


def test_a_new_id_is_claimed_and_what_was_said_is_stored(conversations: SqlConversations) -> None:
    assert conversations.begin_turn("c1", "id-1", said()) is None
    assert conversations.messages("c1") == (said(),)


def test_an_id_that_is_still_running_gets_an_empty_answer(conversations: SqlConversations) -> None:
    conversations.begin_turn("c1", "id-1", said())

    again = conversations.begin_turn("c1", "id-1", said(after=timedelta(seconds=5)))

    assert again is not None
    assert list(again) == []
    assert len(conversations.messages("c1")) == 1


def test_a_finished_id_gets_its_own_answer_again(conversations: SqlConversations) -> None:
    for number in (1, 2):
        conversations.begin_turn("c1", f"id-{number}", said(number=number))
        conversations.finish_turn("c1", f"id-{number}", [answer(number=number)])

    assert conversations.begin_turn("c1", "id-1", said()) == (answer(number=1),)
    assert len(conversations.messages("c1")) == 4


def test_a_turn_is_finished_once(conversations: SqlConversations) -> None:
    conversations.begin_turn("c1", "id-1", said())
    conversations.finish_turn("c1", "id-1", [answer()])

    conversations.finish_turn("c1", "id-1", [answer("a second answer", 2)])

    assert conversations.begin_turn("c1", "id-1", said()) == (answer(),)


def test_an_abandoned_id_is_free_again_and_its_line_gone(conversations: SqlConversations) -> None:
    conversations.begin_turn("c1", "id-1", said())

    conversations.abandon_turn("c1", "id-1")

    assert conversations.messages("c1") == ()
    assert conversations.begin_turn("c1", "id-1", said()) is None


def test_a_finished_turn_cannot_be_abandoned(conversations: SqlConversations) -> None:
    conversations.begin_turn("c1", "id-1", said())
    conversations.finish_turn("c1", "id-1", [answer()])

    conversations.abandon_turn("c1", "id-1")

    assert conversations.messages("c1") == (said(), answer())


def test_a_turn_that_died_with_its_process_runs_anew_and_its_line_is_kept_once(
    conversations: SqlConversations,
) -> None:
    conversations.begin_turn("c1", "id-1", said())
    much_later = TURN_DIED_AFTER + timedelta(seconds=1)

    assert conversations.begin_turn("c1", "id-1", said(after=much_later)) is None
    assert conversations.begin_turn("c1", "id-1", said(after=much_later)) == ()
    assert conversations.messages("c1") == (said(),)


def test_the_same_id_in_two_conversations_is_two_turns(conversations: SqlConversations) -> None:
    conversations.create("c2", NOW, page_url=None, time_zone=None)
    conversations.begin_turn("c1", "id-1", said())

    assert conversations.begin_turn("c2", "id-1", said("another visitor")) is None
    assert conversations.messages("c1") == (said(),)


def test_one_of_many_simultaneous_claims_wins(database_url: str) -> None:
    SqlConversations(make_engine(database_url)).create("c1", NOW, page_url=None, time_zone=None)
    results: list[Sequence[Message] | None] = []

    def claim() -> None:
        results.append(SqlConversations(make_engine(database_url)).begin_turn("c1", "id-1", said()))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(map(repr, results)) == ["()"] * 5 + ["None"]


def test_nothing_can_be_said_in_a_conversation_that_does_not_exist(conversations: SqlConversations) -> None:
    with pytest.raises(StoreError, match="no such conversation"):
        conversations.begin_turn("c2", "id-1", said())
    with pytest.raises(StoreError):
        conversations.append("c2", [answer()])


def test_only_what_was_offered_here_was_offered(conversations: SqlConversations) -> None:
    conversations.create("c2", NOW, page_url=None, time_zone=None)
    conversations.append("c1", [answer(number=1, payload="more"), answer(number=2, payload="more"), answer(number=3)])

    assert conversations.was_offered("c1", "more") == answer(number=2, payload="more")
    assert conversations.was_offered("c1", "less") is None
    assert conversations.was_offered("c1", "\x00\ud800") is None
    assert conversations.was_offered("c2", "more") is None


def test_the_lane_of_the_last_emergency_card_is_remembered(conversations: SqlConversations) -> None:
    assert conversations.lane("c1") is None

    for lane in ("overdose", "suicide"):
        conversations.note_lane("c1", lane)

    assert conversations.lane("c1") == "suicide"
    assert conversations.lane("c2") is None


def test_forgetting_leaves_nothing_and_may_be_repeated(conversations: SqlConversations) -> None:
    conversations.create("c2", NOW, page_url=None, time_zone=None)
    for conversation_id in ("c1", "c2"):
        conversations.begin_turn(conversation_id, "id-1", said())

    conversations.forget("c1", NOW)
    conversations.forget("c1", NOW)

    assert not conversations.exists("c1")
    assert conversations.messages("c1") == ()
    assert conversations.messages("c2") == (said(),)


def test_a_turn_that_ends_after_forgetting_does_not_bring_words_back(conversations: SqlConversations) -> None:
    conversations.begin_turn("c1", "id-1", said())
    conversations.forget("c1", NOW)

    conversations.finish_turn("c1", "id-1", [answer()])
    conversations.abandon_turn("c1", "id-1")

    assert conversations.messages("c1") == ()


@pytest.mark.parametrize("length", [1, 40, 3000])  # in one page, over several, on overflow pages
def test_no_byte_of_a_forgotten_text_stays_in_the_files(sqlite_path: Path, length: int) -> None:
    conversations = SqlConversations(make_engine(f"sqlite:///{sqlite_path}"))
    for conversation_id in ("c1", "c2"):
        conversations.create(conversation_id, NOW, page_url=f"https://example.org/{conversation_id}", time_zone=None)
    for number in range(30):
        for conversation_id, text in (("c1", CANARY), ("c2", "something else")):
            conversations.begin_turn(conversation_id, f"{conversation_id}-{number}", said(text * length))
            conversations.finish_turn(conversation_id, f"{conversation_id}-{number}", [answer(text, payload=text)])
    assert b"canary" in bytes_on_disk(sqlite_path)

    conversations.forget("c1", NOW)

    left = bytes_on_disk(sqlite_path)
    assert b"canary" not in left
    assert b"example.org/c1" not in left
    assert b"c1-29" not in left
    assert len(conversations.messages("c2")) == 60


def test_an_abandoned_line_leaves_no_byte_after_the_next_checkpoint(sqlite_path: Path) -> None:
    conversations = SqlConversations(make_engine(f"sqlite:///{sqlite_path}"))
    conversations.create("c1", NOW, page_url=None, time_zone=None)
    conversations.begin_turn("c1", "id-1", said(CANARY))

    conversations.abandon_turn("c1", "id-1")

    with sqlite3.connect(sqlite_path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"canary" not in bytes_on_disk(sqlite_path)


def test_events_are_counted_by_day(conversations: SqlConversations, engine: Engine) -> None:
    for moment in (NOW, NOW, NOW + timedelta(days=1)):
        conversations.count_event("handoff.offered", moment)

    with reading(engine) as connection:
        counts = connection.execute(sa.select(daily_counts.c.count).order_by(daily_counts.c.day)).scalars().all()
    assert counts == [2, 1]


def test_ping_passes_again_and_again_on_a_working_store(conversations: SqlConversations) -> None:
    conversations.ping()
    conversations.ping()


def bytes_on_disk(path: Path) -> bytes:
    """Return everything in the database's folder: the file, its log, its index."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def test_the_lines_of_a_sent_intake_go_and_cards_and_the_last_line_stay(engine: Engine) -> None:
    # given a talk, an intake with a card in it, and "Send"
    conversations = SqlConversations(engine)
    conversations.create("c1", NOW, page_url=None, time_zone=None)
    assert conversations.newest("c1") == 0

    def say(number: int, sender: Sender, text: str, kind: Kind = Kind.TEXT) -> None:
        conversations.append("c1", [Message(f"m{number}", sender, NOW, kind, text)])

    say(1, Sender.BOT, "Hello.")
    say(2, Sender.VISITOR, "take the questions")
    since = conversations.newest("c1")
    say(3, Sender.BOT, "Which substances?")
    say(4, Sender.VISITOR, "zebrawood")
    say(5, Sender.BOT, "Call 988.", Kind.EMERGENCY)
    say(6, Sender.VISITOR, "Send")

    # when
    conversations.remove_lines("c1", since)

    # then
    assert [message.text for message in conversations.messages("c1")] == ["Hello.", "Call 988.", "Send"]
