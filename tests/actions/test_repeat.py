"""Saying the last thing again."""

from __future__ import annotations

from actions.repeat import ActionRepeat
from admissions import names
from tests.actions.trackers import bot, make_tracker, responses, run

BUTTONS = [{"title": "Stop", "payload": "/stop"}]
REPEAT = {"event": "user", "text": "again"}


async def test_the_last_message_is_said_again_with_its_buttons() -> None:
    events = [bot("First."), bot("Second.", buttons=BUTTONS), REPEAT]
    (said,), set_events = await run(ActionRepeat(), make_tracker("again", "repeat", events=events))
    assert said["text"] == "Second."
    assert said["buttons"] == BUTTONS
    assert set_events == []


async def test_a_message_without_words_is_passed_over() -> None:
    events = [bot("First."), bot(None, buttons=BUTTONS), REPEAT]
    (said,), _ = await run(ActionRepeat(), make_tracker("again", "repeat", events=events))
    assert said["text"] == "First."
    assert said["buttons"] == []


async def test_with_nothing_said_before_there_is_a_greeting() -> None:
    said, _ = await run(ActionRepeat(), make_tracker("again", "repeat", events=[REPEAT]))
    assert responses(said) == [names.UTTER_SESSION_START]
