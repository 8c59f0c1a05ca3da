"""The form's validation: takes one message to the front desk and says what it answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._fence import AdmissionsAction, Events
from actions._replies import answer, entity_of, intent_of, questions_of
from actions._say import say_all
from admissions import content, names
from admissions.bootstrap import parts
from admissions.core import front_desk
from admissions.core.intake import (
    PREVIEW,
    Intake,
    Interruption,
    Progress,
    ShowPreview,
    Turn,
    open_step,
    question,
)
from admissions.core.times import Moment
from admissions.errors import StoreError


class ValidateIntakeForm(AdmissionsAction):
    """Reads the latest message as part of the intake; one call a turn, whatever the message is."""

    def name(self) -> str:
        """Return the name Rasa calls for the form's validation."""
        return names.VALIDATE_INTAKE_FORM

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Advance the intake and utter its replies; ends the form by naming the outcome."""
        progress = _progress(tracker, await asyncio.to_thread(_moment, tracker.sender_id))
        lane = None
        if any(isinstance(reply, ShowPreview) for reply in progress.replies):
            lane = await asyncio.to_thread(parts().service.lane_of, tracker.sender_id)
        asked = questions_of(tracker)
        questions = [label for label in asked if label not in names.REQUESTS]
        in_between = partial(answer, dispatcher, questions, domain, tracker)
        beside_a_request = 0 < len(questions) < len(asked)
        if beside_a_request and not any(isinstance(reply, Interruption) for reply in progress.replies):
            in_between()  # "how long is it, and can somebody call me": the answer first
        say_all(progress.replies, progress.state, dispatcher, in_between, lane, tracker.sender_id)
        answered = SlotSet(names.SLOT_SEVERAL, None)
        if progress.outcome is None:
            state = await asyncio.to_thread(_since, tracker, progress.state)
            kept = SlotSet(names.SLOT_INTAKE, state.to_json())
            return [kept, answered, SlotSet(names.SLOT_REQUESTED, names.SLOT_OUTCOME)]
        # Rasa saves this turn's events after the next action has removed the earlier ones: no answer may be in them.
        return [answered, SlotSet(names.SLOT_OUTCOME, progress.outcome.value), SlotSet(names.SLOT_REQUESTED, None)]

    def after_failure(self, tracker: Tracker) -> Events:
        """Keep the intake open where it was."""
        return [
            SlotSet(names.SLOT_INTAKE, tracker.get_slot(names.SLOT_INTAKE)),
            SlotSet(names.SLOT_REQUESTED, names.SLOT_OUTCOME),
            SlotSet(names.SLOT_SEVERAL, None),
        ]


def _progress(tracker: Tracker, at: Moment) -> Progress:
    kept = tracker.get_slot(names.SLOT_INTAKE)
    turn = _turn(tracker, at)
    if kept is None:
        earlier = [str(event.get("text") or "") for event in tracker.events if event.get("event") == "user"]
        return front_desk.start(content.script(), front_desk.plan_for(turn.intent), turn, earlier)
    state = Intake.from_json(kept)
    if tracker.get_slot(names.SLOT_REQUESTED) is None:
        # What could not be saved before is still here: show it again instead of asking anew.
        state = open_step(state, PREVIEW)
        return Progress(state, (question(state),))
    return front_desk.advance(content.script(), state, turn)


def _moment(conversation_id: str) -> Moment:
    """Return when and where the visitor writes: in the centre's zone where theirs is not known."""
    zone = centre = content.centre().time_zone
    try:
        zone = parts().service.time_zone_of(conversation_id)
        ZoneInfo(zone)
    except (StoreError, ZoneInfoNotFoundError, ValueError):
        zone = centre
    return Moment(parts().clock.now(), zone, centre)


def _since(tracker: Tracker, state: Intake) -> Intake:
    """Note at the start which message opened the intake; unknown, all of the conversation counts as said in it."""
    if tracker.get_slot(names.SLOT_INTAKE) is not None:
        return state
    try:
        return replace(state, since=parts().service.newest_line(tracker.sender_id))
    except StoreError:
        return state


def _turn(tracker: Tracker, at: Moment) -> Turn:
    message = tracker.latest_message
    confident = (message.get("intent") or {}).get("confidence") == 1.0
    return Turn(
        text=str(message.get("text") or ""),
        intent=intent_of(tracker),
        tapped=bool(confident and not message.get("intent_ranking")),
        step=entity_of(tracker, "step"),
        at=at,
    )
