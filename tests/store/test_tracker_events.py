"""Taking an intake's answers out of Rasa's own table, with Rasa's own store reading and writing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from admissions.errors import StoreError
from admissions.names import SLOT_INTAKE
from admissions.store.tracker_events import INTAKE_SLOT, REMOVED, SqlTrackerEvents

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [greet, start_screening]
slots:
  intake: {type: any, mappings: [{type: custom}]}
  other: {type: any, mappings: [{type: custom}]}
""")

BEFORE = [UserUttered("hello there", {"name": "greet"}), BotUttered("Hello.")]
INTAKE = [
    UserUttered("help for my wife, zebrawood", {"name": "start_screening"}),
    ActionExecuted("intake_form"),
    ActiveLoop("intake_form"),
    SlotSet("intake", {"answers": {"substances": ["zebrawood"]}}),
    SlotSet("other", "kept"),
    BotUttered("Is Zebrawood in danger?", {"buttons": [{"title": "Zebrawood", "payload": "/x"}]}),
    UserUttered("zebrawood", {"name": "greet"}, [{"entity": "name", "value": "zebrawood"}]),
    SlotSet("intake", {"answers": {"name": "zebrawood"}}),
]


class Record:
    """Rasa's store on a file, and ours beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rasa = SQLTrackerStore(DOMAIN, db=str(path))
        self.ours = SqlTrackerEvents(path)

    async def save(self, *events: Event, sender: str = "c1") -> None:
        tracker = await self.rasa.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update_with_events(events, DOMAIN)
        await self.rasa.save(tracker)

    async def tracker(self, sender: str = "c1") -> DialogueStateTracker:
        found = await self.rasa.retrieve(sender)
        assert found is not None
        return found

    def dump(self) -> str:
        with sa.create_engine(f"sqlite:///{self.path}").connect() as connection:
            return str([tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events")])


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "tracker.db")


def texts(events: Sequence[Any]) -> list[str | None]:
    return [event.text for event in events if isinstance(event, (UserUttered, BotUttered))]


async def test_what_was_said_in_a_sent_intake_is_gone_from_the_file(record: Record) -> None:
    # given
    await record.save(*BEFORE, *INTAKE)

    # when
    record.ours.remove_answers("c1", words=True)

    # then
    assert "zebrawood" not in record.dump().lower()
    assert b"zebrawood" not in record.path.read_bytes().lower()
    tracker = await record.tracker()
    assert texts(tracker.events) == ["hello there", "Hello.", REMOVED, None, REMOVED]
    assert tracker.get_slot("intake") is None
    assert tracker.get_slot("other") == "kept"


async def test_an_intake_that_was_not_sent_loses_its_answers_and_keeps_the_talk(record: Record) -> None:
    await record.save(*INTAKE)

    record.ours.remove_answers("c1", words=False)

    tracker = await record.tracker()
    assert not [
        event for event in tracker.events if isinstance(event, SlotSet) and event.key == "intake" and event.value
    ]
    assert "help for my wife, zebrawood" in texts(tracker.events)


async def test_rasa_goes_on_saving_where_it_was(record: Record) -> None:
    # given a turn that is running while the answers are removed, as the receipt's is
    await record.save(*INTAKE)
    running = await record.rasa.get_or_create_tracker("c1", append_action_listen=False)
    record.ours.remove_answers("c1", words=True)

    # when
    running.update_with_events([SlotSet("intake", None), BotUttered("Passed on.")], DOMAIN)
    await record.rasa.save(running)

    # then
    tracker = await record.tracker()
    assert len(tracker.events) == len(INTAKE) + 2
    assert texts(tracker.events)[-1] == "Passed on."
    assert "zebrawood" not in record.dump().lower()


async def test_other_conversations_stay_as_they_are(record: Record) -> None:
    await record.save(*INTAKE, sender="c1")
    await record.save(*INTAKE, sender="c2")

    record.ours.remove_answers("c1", words=True)

    assert (await record.tracker("c2")).get_slot("intake") == {"answers": {"name": "zebrawood"}}


async def test_a_second_intake_is_removed_by_itself(record: Record) -> None:
    # given one that was stopped, a talk, and one that is sent
    await record.save(*INTAKE)
    record.ours.remove_answers("c1", words=False)
    await record.save(UserUttered("what is iop", {"name": "greet"}), *INTAKE)

    # when
    record.ours.remove_answers("c1", words=True)

    # then
    assert "what is iop" in texts((await record.tracker()).events)


def test_where_rasa_keeps_its_events_elsewhere_nothing_is_made(tmp_path: Path) -> None:
    SqlTrackerEvents(tmp_path / "none.db").remove_answers("c1", words=True)

    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_bytes(b"not a database, but long enough to be read as one" * 30)

    with pytest.raises(StoreError):
        SqlTrackerEvents(tmp_path / "tracker.db").remove_answers("c1", words=True)


def test_the_slot_is_the_one_the_form_fills() -> None:
    assert INTAKE_SLOT == SLOT_INTAKE
