"""After a sent handoff an answer is in the handoff and nowhere else: the databases are dumped and looked through."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from structlog.testing import capture_logs

from actions import centre as centre_actions
from actions import handoff as handoff_actions
from actions import intake as intake_actions
from actions.handoff import ActionSubmitHandoff
from actions.intake import ValidateIntakeForm
from admissions import bootstrap, content, names
from admissions.core.message import Button, Kind, Message, Sender
from admissions.settings import load_settings
from tests.actions.trackers import make_tracker, run, slots_of
from tests.fakes import NOW

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [start_screening]
slots:
  intake: {type: any, mappings: [{type: custom}]}
  intake_outcome: {type: any, mappings: [{type: custom}]}
  requested_slot: {type: any, mappings: [{type: custom}]}
  several: {type: any, mappings: [{type: custom}]}
""")

#: Words that can come from nowhere but the visitor.
CANARIES = ("Zebrawood", "719-555-0177", "+17195550177", "ketamine", "Thursdayish")

ANSWERS = [
    "no",
    "me",
    "34",
    "PHP",
    "skip",
    "skip",
    "skip",
    "skip",
    "none",
    "ketamine and weed",
    "my name is Zebrawood",
    "719-555-0177",
    "tomorrow at 3 pm, thursdayish",
    "text only",
    "actually, call me Zebrawood Junior",
]


class House:
    """The stores of a real house, and a visitor whose every turn is kept the way the channel and Rasa keep it."""

    def __init__(self, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.var = var
        self.parts = bootstrap.build(load_settings({"ADMISSIONS_VAR": str(var)}, var))
        for module in (centre_actions, handoff_actions, intake_actions):
            monkeypatch.setattr(module, "parts", lambda: self.parts)
        monkeypatch.setattr(handoff_actions, "WAIT_FOR_DELIVERY_S", 0.1)
        self.parts.conversations.create("c1", NOW, page_url=None, time_zone=None)
        self.rasa = SQLTrackerStore(DOMAIN, db=str(var / "tracker.db"))
        self.slots: dict[str, object] = {}
        self.number = itertools.count(1)

    async def say(self, text: str, intent: str | None = None, *, tapped: bool = False) -> str:
        client_id = f"m{next(self.number)}"
        said = Message(f"v{client_id}", Sender.VISITOR, NOW, Kind.TEXT, text)
        self.parts.conversations.begin_turn("c1", client_id, said)
        tracker = await self.rasa.get_or_create_tracker("c1", append_action_listen=False)
        tracker.update_with_events([UserUttered(text, {"name": intent or "start_screening"})], DOMAIN)
        replies = []
        for action in (ValidateIntakeForm(), ActionSubmitHandoff()):
            if isinstance(action, ActionSubmitHandoff) and not self.slots.get(names.SLOT_OUTCOME):
                continue
            spoken, events = await run(action, make_tracker(text, intent, tapped=tapped, slots=self.slots))
            self.slots.update(slots_of(events))
            replies += spoken
            tracker.update_with_events([SlotSet(name, value) for name, value in slots_of(events).items()], DOMAIN)
            tracker.update_with_events([BotUttered(one["text"], {"buttons": one["buttons"]}) for one in spoken], DOMAIN)
        await self.rasa.save(tracker)
        answer = [
            Message(
                f"b{client_id}{number}",
                Sender.BOT,
                NOW,
                Kind(one.get("kind") or one.get("custom", {}).get("kind") or "text"),
                one["text"] or one.get("response") or "",
                tuple(Button(button["title"], button["payload"]) for button in one["buttons"] or ()),
            )
            for number, one in enumerate(replies)
        ]
        self.parts.conversations.finish_turn("c1", client_id, answer)
        return "\n".join(message.text for message in answer)

    def dump(self) -> str:
        found = []
        for path in self.var.glob("*.db"):
            engine = sa.create_engine(f"sqlite:///{path}")
            for table in sa.inspect(engine).get_table_names():
                with engine.connect() as connection:
                    found += [str(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
            engine.dispose()
        return "\n".join(found)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(tmp_path, monkeypatch)


async def test_after_sending_the_answers_are_in_the_handoff_and_nowhere_else(house: House) -> None:
    # given a screening up to its preview
    with capture_logs() as logs:
        await house.say("hello", "start_screening", tapped=True)
        for text in ANSWERS:
            preview = await house.say(text)
        assert content.script().lines["consent"] in preview
        kept = house.dump().lower()
        assert [canary for canary in CANARIES if canary.lower() not in kept] == []

        # when
        receipt = await house.say("Send", "affirm", tapped=True)

    # then
    assert "receipt" in receipt
    for canary in CANARIES:
        assert canary.lower() not in house.dump().lower()  # the handoff's own row is sealed
        assert canary.lower() not in str(logs).lower()
    outbox = house.parts.outbox
    _, body, _ = outbox.show(outbox.list()[0].reference)
    assert "zebrawood junior" in body.decode().lower()
    assert "+17195550177" in body.decode()


async def test_the_chat_that_is_left_is_what_came_before_and_the_receipt(house: House) -> None:
    # given something that was said before
    house.parts.conversations.append("c1", [Message("b0", Sender.BOT, NOW, Kind.TEXT, "Hello.")])

    # when
    await house.say("call me", "request_callback")
    for text in ("Zebrawood", "zebrawood@example.org", "any time"):
        await house.say(text)
    await house.say("Send", "affirm", tapped=True)

    # then
    left = [message.text for message in house.parts.conversations.messages("c1")]
    assert left[:2] == ["Hello.", "Send"]
    assert "zebrawood" not in str(left).lower()


@pytest.mark.parametrize("said", ["stop", "don't send"])
async def test_stopping_or_refusing_deletes_the_answers_and_sends_nothing(house: House, said: str) -> None:
    # given
    await house.say("call me", "request_callback")
    for text in ("Zebrawood", "zebrawood@example.org", "any time"):
        await house.say(text)
    assert "zebrawood" in house.dump().lower()

    # when
    answer = await house.say(said)

    # then
    assert "Nothing was sent" in answer
    assert "zebrawood" not in house.dump().lower()
    assert not house.parts.outbox.list()


async def test_under_18_the_answers_go_and_it_is_remembered_why(house: House) -> None:
    # given
    await house.say("hello", "start_screening", tapped=True)
    await house.say("no")

    # when
    await house.say("im 16")

    # then
    assert '"danger_now": "no"' not in house.dump()
    assert "im 16" in house.dump()
