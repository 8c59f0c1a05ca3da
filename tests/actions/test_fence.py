"""Whatever goes wrong in an action, the visitor is told, nothing is lost, and nothing of theirs is logged."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from structlog.testing import capture_logs

from actions import intake as intake_actions
from actions._fence import AdmissionsAction, Events
from actions.intake import ValidateIntakeForm
from admissions import names
from tests.actions.trackers import make_tracker, responses, run, slots_of

CANARY = "canary-7f3a9"


class Failing(AdmissionsAction):
    """Says something and then breaks with the visitor's words in its error."""

    def name(self) -> str:
        return "action_failing"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="Half a sentence")
        raise KeyError(f"cannot read {tracker.latest_message['text']}")


async def test_an_action_that_raises_says_so_and_how_to_reach_a_person() -> None:
    said, events = await run(Failing(), make_tracker(CANARY))
    assert responses(said) == [names.UTTER_TECHNICAL_PROBLEM, names.UTTER_PHONE]
    assert said[1]["phone"] == "719-555-0142"
    assert events == [], "what the tracker holds stays as it is"


@pytest.mark.usefixtures("no_phone")
async def test_without_a_configured_phone_none_is_shown() -> None:
    said, _ = await run(Failing(), make_tracker(CANARY))
    assert responses(said) == [names.UTTER_TECHNICAL_PROBLEM]


async def test_only_the_type_of_the_error_is_logged() -> None:
    with capture_logs() as logs:
        await run(Failing(), make_tracker(CANARY))
    assert logs == [
        {"event": "action.failed", "action": "action_failing", "error": "KeyError", "log_level": "error"},
    ]


async def test_an_intake_that_fails_stays_open_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    # given an intake whose second question is open, and a front desk that breaks
    _, opened = await run(ValidateIntakeForm(), make_tracker("call me", "request_callback"))
    kept = slots_of(opened)[names.SLOT_INTAKE]

    def breaks(*_arguments: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(intake_actions.front_desk, "advance", breaks)

    # when
    with capture_logs() as logs:
        said, events = await run(
            ValidateIntakeForm(),
            make_tracker("Sam", slots={names.SLOT_INTAKE: kept, names.SLOT_REQUESTED: names.SLOT_OUTCOME}),
        )

    # then
    assert responses(said)[0] == names.UTTER_TECHNICAL_PROBLEM
    assert slots_of(events) == {
        names.SLOT_INTAKE: kept,
        names.SLOT_REQUESTED: names.SLOT_OUTCOME,
        names.SLOT_SEVERAL: None,
    }
    assert CANARY not in repr(logs)
